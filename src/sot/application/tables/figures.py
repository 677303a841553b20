"""How the amounts of a table are typed, where its format has types."""

from enum import StrEnum


class Figures(StrEnum):
    """The type of the columns with amounts. Facts fit decimal128(38, 18) always, derived figures may not.

    Attributes:
        EXACT: decimal128(38, 18) where every figure of the column fits it, else text.
        TEXT: Exact text, in every column.
        DECIMAL256: decimal256(76, 36), exact. Polars and DuckDB have no such type.
        ROUNDED: decimal128(38, 18), rounded half-even at 18 fraction digits.
    """

    EXACT = "exact"
    TEXT = "text"
    DECIMAL256 = "decimal256"
    ROUNDED = "rounded"
