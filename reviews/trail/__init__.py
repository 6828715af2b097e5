"""Whether the audit trail, and what it tells of, is as it was written; docs/audit.md has the format.

Nothing here calls the triggers that wrote it: what they computed is computed again from the columns.
"""

from reviews.trail.findings import Finding, Findings
from reviews.trail.verifying import Report, verify

__all__ = ["Finding", "Findings", "Report", "verify"]
