"""Asking the catalogue: parameters from what people type, results as tables with names, exports that say where they come from."""

from app.asking.exports import EXPORTS, Citation, write
from app.asking.parameters import Choice, Filled, fill, fill_one, settled
from app.asking.tables import Column, Table, table

__all__ = ["EXPORTS", "Choice", "Citation", "Column", "Filled", "Table", "fill", "fill_one", "settled", "table", "write"]
