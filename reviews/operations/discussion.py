"""What people say to each other about a question: written, and withdrawn.

A comment says nothing about how anybody judges: it changes no version, no basis, no tally, and is no part of
an assessment. One that is written while others judge blind writes nothing that anybody else could see.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Min
from django.utils.crypto import salted_hmac

from reviews import discussion, notices, policies
from reviews.discussion import people
from reviews.discussion.comment_text import MAX_CHARACTERS, MAX_MENTIONS, names_in
from reviews.errors import Conflict, ReviewError
from reviews.models import Assignment, Comment, Mention, Question
from reviews.operations import steps

NO_SUCH_COMMENT = "There is no such comment."
NO_LONGER_HIDDEN = (
    "The review is over: what is written here now everybody sees at once. Send it again if it may stand."
)


@transaction.atomic
def write_comment(
    *,
    question_id: int,
    text: str,
    reply_to_id: UUID | None = None,
    key: str = "",
    is_thought_hidden: bool = False,
    by: User,
    now: datetime,
) -> Comment:
    """Say something about a question; who is mentioned as "@name", or answered, is told.

    Names that nobody has stay text. With the same `key` again, as from a second click, it is the first
    comment that is returned. Raises NotAllowed for who may not comment, Conflict where the question was
    merged away, the key was used for something else, or its author wrote it while it would have been hidden
    from others (`is_thought_hidden`) and it no longer is; ReviewError for too little or too much text.
    """
    question = steps.lock(question_id)
    policies.check_may_comment(by)
    text = _cleaned(text)
    comment_id = _id_of(key, question=question, by=by) if key else uuid4()
    earlier = Comment.objects.filter(pk=comment_id).first()
    if earlier is not None:
        if (earlier.text, earlier.reply_to_id) == (text, reply_to_id):
            return earlier
        raise Conflict("You have sent a comment with this key already, and it said something else.")
    steps.check_not_merged(question)
    is_hidden = discussion.hides_what_is_written(question)
    if is_thought_hidden and not is_hidden:
        raise Conflict(NO_LONGER_HIDDEN)
    comment = Comment.objects.create(
        id=comment_id,
        question=question,
        round=question.round,
        reply_to=_answered(reply_to_id, question=question, by=by),
        text=text,
        written_by=by,
        written_at=_moment(question, now) if is_hidden else now,
    )
    mentioned = people.named(names_in(text))
    if len(mentioned) > MAX_MENTIONS:
        raise ReviewError(f"A comment can mention {MAX_MENTIONS} people, and this one mentions more.")
    Mention.objects.bulk_create(Mention(comment=comment, person=person) for person in mentioned)
    if not is_hidden:
        notices.tell_of_comment(comment, now=now)
    return comment


@transaction.atomic
def withdraw_comment(*, comment_id: UUID, by: User, now: datetime) -> Comment:
    """Take back what one said: it is shown as withdrawn, and its row stays. Doing it again changes nothing.

    Raises NotAllowed for a comment of somebody else, ReviewError for one this person does not see.
    """
    policies.check_may_comment(by)
    if not discussion.seen_by(by).filter(pk=comment_id).exists():
        raise ReviewError(NO_SUCH_COMMENT)
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment_id)
    policies.check_is_written_by(by, comment)
    if comment.withdrawn_at is None:
        comment.withdrawn_at = now
        comment.save(update_fields=["withdrawn_at"])
    return comment


def _cleaned(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ReviewError("Write something first.")
    if len(text) > MAX_CHARACTERS:
        raise ReviewError(f"A comment has at most {MAX_CHARACTERS:,} characters; this one has {len(text):,}.")
    return text


def _id_of(key: str, *, question: Question, by: User) -> UUID:
    """The id of the comment that this person sent with this key; nobody else can come upon it."""
    return UUID(bytes=salted_hmac("comment", f"{by.pk} {question.pk} {key}").digest()[:16], version=4)


def _answered(comment_id: UUID | None, *, question: Question, by: User) -> Comment | None:
    """The comment that is answered. One that is hidden from this person is one that is not there."""
    if comment_id is None:
        return None
    answered = discussion.visible_comments(question, by).select_related("written_by")
    comment = answered.filter(pk=comment_id).first()
    if comment is None:
        raise ReviewError(NO_SUCH_COMMENT)
    return comment


def _moment(question: Question, now: datetime) -> datetime:
    """Now, but never before the review that it is written in: a clock may be behind another."""
    of_round = Assignment.objects.filter(question=question, round=question.round)
    began_at = of_round.aggregate(at=Min("assigned_at"))["at"]
    return now if began_at is None else max(now, began_at)
