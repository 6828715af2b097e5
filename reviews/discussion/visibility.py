"""The one door to comments: who sees which, now.

While a question is judged blind, a comment could say how. So what is written after the review of a round
began is seen by its author alone until that round is decided: not its text, its number, its place, nor that
anybody was told of it. What was written before, or in a round that is over, is seen by all who may read.
"""

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, QuerySet

from reviews.models import Assignment, Comment, Mention, Question
from reviews.workflow import State

JUDGED_BLIND = (State.IN_REVIEW, State.ADJUDICATION)


def written_in_review(comment: str = "") -> Q:
    """Of comments: that an assessment of their round had been assigned to somebody when they were written.

    `comment` is the way to the comment from what is asked for: "comment__" from a notice.
    """
    assigned = Assignment.objects.filter(
        question=OuterRef(f"{comment}question"), round=OuterRef(f"{comment}round")
    )
    written_at = OuterRef(f"{comment}written_at")
    # A review without any assignment should not be; nothing is shown then rather than all. That later ones
    # are asked for, and not any, keeps PostgreSQL from reading the whole table to answer for a few rows.
    is_judged_blind = Q(**{f"{comment}question__state__in": JUDGED_BLIND})
    unknown = is_judged_blind & ~Q(Exists(assigned.filter(assigned_at__gt=written_at)))
    return Q(Exists(assigned.filter(assigned_at__lte=written_at))) | unknown


def is_shown(user: User | AnonymousUser, comment: str = "") -> Q:
    """Of comments, or of what leads to one: that this person may see the comment at this moment."""
    if not user.has_perm("reviews.view_comment"):
        return Q(pk__in=())
    is_own = Q(**{f"{comment}written_by": user.pk})
    return is_own | _is_over(comment) | ~written_in_review(comment)


def seen_by(user: User | AnonymousUser) -> QuerySet[Comment]:
    """The comments on any question that this person may see at this moment."""
    return Comment.objects.filter(is_shown(user))


def _is_over(comment: str = "") -> Q:
    """Of comments: that their round is decided."""
    is_earlier = Q(**{f"{comment}round__lt": F(f"{comment}question__round")})
    return is_earlier | Q(**{f"{comment}question__state": State.DECIDED})


def visible_comments(question: Question, user: User | AnonymousUser) -> QuerySet[Comment]:
    """The comments on a question, and on those merged into it, that this person sees; the oldest first."""
    return seen_by(user).filter(question__in=_with_merged(question.pk)).order_by("written_at", "pk")


def _with_merged(question_id: int) -> list[int]:
    """The id of a question, and of all that were merged into it, over however many mergers."""
    found, merged = [question_id], [question_id]
    while merged:
        merged = list(Question.objects.filter(merged_into__in=merged).values_list("pk", flat=True))
        found += merged
    return found


def for_display(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """With their authors, what they answer and whom they mention: two queries, however many there are.

    Annotated with `is_waiting`: it is hidden from everybody else until its round is decided.
    """
    mentions = Prefetch("mentions", Mention.objects.select_related("person").order_by("person__username"))
    waiting = ExpressionWrapper(~_is_over() & written_in_review(), output_field=BooleanField())
    return (
        comments.annotate(is_waiting=waiting)
        .select_related("written_by", "reply_to__written_by", "question")
        .prefetch_related(mentions)
    )


def hides_what_is_written(question: Question) -> bool:
    """Whether what is written now is hidden from others until the round is decided.

    So it is too where a review was broken off, as by a dismissal that was taken back.
    """
    if question.state in (State.DECIDED, *JUDGED_BLIND):
        return question.state != State.DECIDED
    return Assignment.objects.filter(question=question, round=question.round).exists()
