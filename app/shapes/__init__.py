"""What valid data is: the shapes of ``shapes/``, the gate that judges changes by them, and the layouts that they imply."""

from app.shapes.findings import Finding, Report
from app.shapes.layout import Field, Group
from app.shapes.lookup import Change, Lookup
from app.shapes.shapes import Shapes
from app.shapes.wording import ClassRules, FieldRules

__all__ = ["Change", "ClassRules", "Field", "FieldRules", "Finding", "Group", "Lookup", "Report", "Shapes"]
