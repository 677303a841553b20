"""Importing history: the use case, its summary, and the port that a reader of a format implements."""

from sot.application.importing.contradictions import Correction
from sot.application.importing.importer import import_history
from sot.application.importing.row_ids import MomentSequence, RowIds
from sot.application.importing.summary import Contradiction, FigureDifference, ImportedKind, ImportSummary
from sot.ports.readers import (
    ImportItem,
    Reader,
    ReaderOptions,
    Remark,
    Skipped,
    StatedFigure,
    Statement,
)

__all__ = [
    "Contradiction",
    "Correction",
    "FigureDifference",
    "ImportItem",
    "ImportSummary",
    "ImportedKind",
    "MomentSequence",
    "Reader",
    "ReaderOptions",
    "Remark",
    "RowIds",
    "Skipped",
    "StatedFigure",
    "Statement",
    "import_history",
]
