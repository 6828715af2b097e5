"""Who may do what with questions, placements, marks and verdicts. Asked under the row lock."""

from typing import Final

from django.contrib.auth.models import User

from claims.policies import allows
from reviews.errors import NotAllowed
from reviews.models import Assessment, AssessmentDraft, Assignment, Change, Comment, Question
from reviews.people import is_person

__all__ = [
    "NOT_TAKEN_AGAIN",
    "NotAllowed",
    "allows",
    "check_is_holder",
    "check_is_not_assessing",
    "check_is_written_by",
    "check_may_adjudicate",
    "check_may_assess",
    "check_may_assign",
    "check_may_be_assigned",
    "check_may_comment",
    "check_may_mark_sourcing",
    "check_may_open_question",
    "check_may_place_claim",
    "check_may_read_comments",
    "check_may_reopen_question",
    "check_may_see_agreement",
    "check_may_set_origin",
    "check_may_set_reliability",
    "check_may_take",
    "check_may_undo",
    "check_may_word",
    "is_author",
]

# Whose assignment ended so takes the question no more in that round.
NOT_TAKEN_AGAIN: Final = frozenset({Assignment.Ending.RELEASED, Assignment.Ending.WITHDRAWN})


def check_may_open_question(by: User) -> None:
    _check(by, "reviews.open_question", "open questions or word their positions")


def check_may_place_claim(by: User) -> None:
    _check(by, "reviews.place_claim", "place claims under positions")


def check_may_mark_sourcing(by: User) -> None:
    _check(by, "reviews.mark_sourcing", "mark the sourcing of claims")


def check_may_assess(by: User) -> None:
    if not is_person(by):
        raise NotAllowed(f"{by} is an account of the machine; people assess.")
    _check(by, "reviews.assess_question", "assess questions")


def check_may_assign(by: User) -> None:
    _check(by, "reviews.assign_question", "assign questions to reviewers")


def check_may_be_assigned(person: User, question: Question) -> None:
    """An assessor is a person, has the role, and did not write what is to be judged."""
    if not person.is_active:
        raise NotAllowed(f"{person} is deactivated.")
    check_may_assess(person)
    if is_author(person, question):
        raise NotAllowed("Nobody assesses what they wrote: the question, or one of its answers.")


def check_may_take(by: User, question: Question) -> None:
    """As `check_may_be_assigned`, and who gave it back or lost it in this round needs a lead to assign it."""
    check_may_be_assigned(by, question)
    own = Assignment.objects.filter(question=question, round=question.round, reviewer=by)
    endings = set(own.values_list("ending", flat=True))
    if "" not in endings and endings & NOT_TAKEN_AGAIN:
        raise NotAllowed(
            "You gave this question back in this round, or a lead took it from you."
            " A lead can assign it to you again."
        )


def check_is_holder(by: User, assignment: Assignment) -> None:
    if assignment.reviewer_id != by.pk:
        raise NotAllowed("Only who holds an assignment gives it back; a lead withdraws it.")


def check_may_adjudicate(by: User, question: Question) -> None:
    """An adjudicator neither assessed this round of the question nor wrote it."""
    _check(by, "reviews.adjudicate_question", "adjudicate")
    if is_author(by, question):
        raise NotAllowed("Nobody decides what they wrote: the question, or one of its answers.")
    # Also one that was opened again or given back: who wrote it has judged already.
    written = AssessmentDraft.objects.filter(
        assignment__question=question, assignment__round=question.round, assignment__reviewer=by
    )
    assessed = Assessment.objects.filter(question=question, round=question.round, reviewer=by)
    if written.exists() or assessed.exists():
        raise NotAllowed("You assessed this question; somebody who did not has to adjudicate.")


def check_may_reopen_question(by: User) -> None:
    _check(by, "reviews.reopen_question", "reopen decided questions")


def check_may_set_reliability(by: User) -> None:
    _check(by, "reviews.mark_sourcing", "say how reliable speakers are")


def check_may_see_agreement(by: User) -> None:
    """Who may see verdicts may see the assessments behind them, and so how far those agree."""
    _check(by, "reviews.view_verdict", "see how far reviewers agree")


def check_may_set_origin(by: User) -> None:
    _check(by, "reviews.mark_sourcing", "say where claims come from")


def check_may_read_comments(by: User) -> None:
    _check(by, "reviews.view_comment", "read what is said about questions")


def check_may_comment(by: User) -> None:
    check_may_read_comments(by)
    _check(by, "reviews.add_comment", "comment on questions")


def check_is_written_by(by: User, comment: Comment) -> None:
    if comment.written_by_id != by.pk:
        raise NotAllowed("Only who wrote a comment withdraws it.")


def check_may_undo(by: User, change: Change) -> None:
    """One's own steps; those of others are for who may also open again what others decided."""
    _check(by, "reviews.place_claim", "take steps back")
    if change.made_by_id != by.pk:
        _check(by, "reviews.reopen_question", "take back what others did")


def check_may_word(by: User, question: Question) -> None:
    """Who words a question or an answer does not judge it; who is judging it therefore leaves it as it is."""
    check_may_open_question(by)
    check_is_not_assessing(by, question)


def check_is_not_assessing(by: User, question: Question) -> None:
    if Assignment.objects.active().filter(question=question, reviewer=by).exists():
        raise NotAllowed(
            "You are assessing this question, so its wording and answers are for others to change."
            " Say in a comment what is missing, or give your assignment back first."
        )


def is_author(person: User, question: Question) -> bool:
    """Whether this person opened or reworded the question, or added or reworded one of its answers."""
    return not Question.objects.not_written_by(person).filter(pk=question.pk).exists()


def _check(by: User, permission: str, what: str) -> None:
    if not by.has_perm(permission):
        raise NotAllowed(f"You may not {what}. Ask an admin for a role that may.")
