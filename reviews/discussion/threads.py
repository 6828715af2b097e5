"""A question's discussion as it is shown: a page of comments, where it goes on, and what one may do."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q

from reviews import discussion, policies
from reviews.models import Comment, Question

COMMENTS_PER_PAGE = 20


@dataclass(frozen=True)
class Thread:
    """`typed` and `problem` are of a comment that was refused."""

    question: Question
    comments: list[Comment]
    earlier: UUID | None
    is_newest: bool
    may_comment: bool
    hides_what_is_written: bool
    reply_to: Comment | None
    typed: str = ""
    problem: str = ""

    @property
    def seen(self) -> str:
        """What tells the form of this page from that of the page after one's comment: its last comment."""
        return str(self.comments[-1].pk) if self.comments else "none"

    @property
    def count(self) -> str:
        """How many comments there are, as far as was looked: "12", or "30+" where there are earlier ones."""
        more = "+" if self.earlier is not None or not self.is_newest else ""
        return f"{len(self.comments)}{more}"


def thread(
    question: Question,
    user: User,
    *,
    before: UUID | None = None,
    reply_to: UUID | None = None,
    typed: str = "",
    problem: str = "",
) -> Thread:
    """The newest comments this person sees, or those before one of them; in the order they were written.

    A fixed number of queries. An id that is none of a comment they see is as good as none.
    """
    visible = discussion.visible_comments(question, user)
    ids = [pk for pk in (before, reply_to) if pk is not None]
    named = visible.select_related("written_by").in_bulk(ids) if ids else {}
    last = named.get(before) if before else None
    shown = visible if last is None else visible.filter(_before(last))
    newest = discussion.for_display(shown).order_by("-written_at", "-pk")[: COMMENTS_PER_PAGE + 1]
    found = list(newest)
    comments = found[:COMMENTS_PER_PAGE][::-1]
    return Thread(
        question=question,
        comments=comments,
        earlier=comments[0].pk if len(found) > COMMENTS_PER_PAGE else None,
        is_newest=last is None,
        may_comment=policies.allows(policies.check_may_comment, user) and question.merged_into_id is None,
        hides_what_is_written=discussion.hides_what_is_written(question),
        reply_to=named.get(reply_to) if reply_to else None,
        typed=typed,
        problem=problem,
    )


def _before(last: Comment) -> Q:
    return Q(written_at__lt=last.written_at) | Q(written_at=last.written_at, pk__lt=last.pk)
