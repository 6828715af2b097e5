"""What people say to each other about a question: who sees it when, in which order, and whom it mentions."""

from reviews.discussion.visibility import (
    for_display,
    hides_what_is_written,
    is_shown,
    seen_by,
    visible_comments,
    written_in_review,
)

__all__ = [
    "for_display",
    "hides_what_is_written",
    "is_shown",
    "seen_by",
    "visible_comments",
    "written_in_review",
]
