"""Charts as plain shapes: numbers and words in, rectangles, lines and texts out; a template writes the SVG. No colours."""

from app.charts.drawing import SERIES, Chart, Drawing, Series, draw

__all__ = ["SERIES", "Chart", "Drawing", "Series", "draw"]
