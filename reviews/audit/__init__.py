"""Who acts and why, told to the database, whose triggers write it down.

An operation calls `because` first in its transaction. A write to an audited table with no
actor is refused by the trigger, whichever door it came through: ORM, raw SQL or psql.
What is written down, and how it is chained, is in triggers.py; trail/ verifies it.
"""

import pgtrigger

from claims.actor import name_actor as because
from reviews.audit.triggers import NEVER_TRUNCATED, RowChanges

__all__ = ["AuditedMeta", "because"]


class AuditedMeta:
    """For a model's Meta to inherit: every change of its rows is written down, or refused."""

    triggers: tuple[pgtrigger.Trigger, ...] = (RowChanges(name="changes_are_audited"), NEVER_TRUNCATED)
