"""Who may do what with questions, placements, marks and verdicts. Asked under the row lock."""

from django.contrib.auth.models import User

from claims.policies import allows
from reviews.errors import NotAllowed
from reviews.models import Change

__all__ = [
    "allows",
    "check_may_mark_sourcing",
    "check_may_open_question",
    "check_may_place_claim",
    "check_may_record_verdict",
    "check_may_reopen_question",
    "check_may_set_origin",
    "check_may_undo",
]


def check_may_open_question(by: User) -> None:
    _check(by, "reviews.open_question", "open questions or word their positions")


def check_may_place_claim(by: User) -> None:
    _check(by, "reviews.place_claim", "place claims under positions")


def check_may_mark_sourcing(by: User) -> None:
    _check(by, "reviews.mark_sourcing", "mark the sourcing of claims")


def check_may_record_verdict(by: User) -> None:
    _check(by, "reviews.record_verdict", "record verdicts")


def check_may_reopen_question(by: User) -> None:
    _check(by, "reviews.reopen_question", "reopen decided questions")


def check_may_set_origin(by: User) -> None:
    _check(by, "reviews.mark_sourcing", "say where claims come from")


def check_may_undo(by: User, change: Change) -> None:
    """One's own steps; those of others are for who may also open again what others decided."""
    _check(by, "reviews.place_claim", "take steps back")
    if change.made_by_id != by.pk:
        _check(by, "reviews.reopen_question", "take back what others did")


def _check(by: User, permission: str, what: str) -> None:
    if not by.has_perm(permission):
        raise NotAllowed(f"You may not {what}. Ask an admin for a role that may.")
