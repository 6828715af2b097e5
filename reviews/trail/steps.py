"""Whether the steps that questions list are those whose writes are in the trail: same person, action, reason.

Those that reword must be listed at their question, too. The rows of steps are not written down themselves,
and who is kept from judging what they worded is read off them.
"""

from collections.abc import Iterator
from typing import Final

from reviews.models.questions import WORDING_STEPS
from reviews.trail.findings import Finding
from reviews.trail.stored import streamed

_OTHERWISE: Final = """
    SELECT e.change_id, min(e.id), bool_or(c.id IS NULL)
      FROM reviews_auditevent e LEFT JOIN reviews_change c ON c.id = e.change_id
     WHERE e.change_id IS NOT NULL
       AND (c.made_by_id::bigint, c.action, c.reason) IS DISTINCT FROM (e.actor_id, e.action, e.reason)
     GROUP BY e.change_id ORDER BY e.change_id
"""
# A rewording raises the version of its question, where it stays listed unless it is taken back: then, if that
# question is gone, it is listed at the one it was split from.
_WORDED: Final = """
    SELECT c.id FROM reviews_change c WHERE c.action = ANY(%s) AND NOT EXISTS (
        SELECT FROM reviews_auditevent e WHERE e.change_id = c.id AND (c.undone_at IS NOT NULL
           OR e.table_name = 'reviews_question' AND e.row_id = c.question_id)) ORDER BY c.id
"""
# What was taken back has an event of whoever took it back, on a row that the step had written. The last two
# conditions say nothing new, but keep the planner from pairing all events of a row.
_UNDONE: Final = """
    SELECT c.id FROM reviews_change c WHERE c.undone_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM reviews_auditevent e JOIN reviews_auditevent u
            ON u.table_name = e.table_name AND u.row_id = e.row_id AND u.id > e.id
         WHERE e.change_id = c.id AND u.action = 'undo_' || c.action AND u.actor_id = c.undone_by_id
           AND e.change_id IS NOT NULL AND starts_with(u.action, 'undo_'))
     ORDER BY c.id
"""


def check_steps() -> Iterator[Finding]:
    for pk, event, is_gone in streamed(_OTHERWISE):
        found = "none" if is_gone else "another actor, action or reason"
        yield Finding("steps", f"reviews_change {pk}", f"the step that event {event} is of", found)
    for (pk,) in streamed(_WORDED, [list(WORDING_STEPS)]):
        yield Finding("steps", f"reviews_change {pk}", "an event of its question", "none")
    for (pk,) in streamed(_UNDONE):
        yield Finding("steps", f"reviews_change {pk}", "an event of its being taken back", "none")
