"""What is empty, stale, unsourced, double or unlinked, and in which source to mend it; the gate, which refuses, is in shapes."""

from app.discovery.quality.report import GROUPS, Check, Finding, Report, report_of

__all__ = ["GROUPS", "Check", "Finding", "Report", "report_of"]
