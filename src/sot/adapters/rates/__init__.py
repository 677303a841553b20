"""Rates from files.

Enter at `file.FileRates`, which reads a CSV or JSON file with the columns pair, time and rate.

1. A rate is the last one of its pair up to a time. Nothing is known before the first one, and no rate is interpolated.
2. A pair serves the other way round, too, by the quotient 1 / rate, rounded half-even at 36 fraction digits.
3. Rates are combined through one currency only, which the caller names.
"""

from sot.adapters.rates.file import FileRates

__all__ = ["FileRates"]
