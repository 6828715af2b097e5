"""What a new text of an article does to the questions under which its claims stand."""

from collections.abc import Iterable
from datetime import datetime

from claims.models import Claim, Revision
from reviews import audit, changes, tallies
from reviews.claim_words import first_in_words
from reviews.engine_user import engine_user
from reviews.models import Placement, Question
from reviews.notices import tell_assigned
from reviews.reopening import reopen_for

_JUDGED = frozenset({Question.State.IN_REVIEW, Question.State.ADJUDICATION, Question.State.DECIDED})
_PUT_ASIDE = frozenset({Question.State.DISMISSED, Question.State.MERGED})


def tell_of_new_text(revision: Revision, *, now: datetime) -> None:
    """Open decided questions again that rest on another text of the article, and tell who is assessing one.

    Who adjudicates one reads it among its steps, and cannot decide from a page with the earlier text.

    Any new text does, also one that still holds the claim's words, for it may say beside them that they were
    wrong; the reason says which of both it is. Called in the transaction that made it the article's text.
    """
    placed = Placement.objects.filter(
        state=Placement.State.CONFIRMED, claim__revision__article=revision.article_id
    ).exclude(claim__revision=revision)
    # Also those that are not judged yet, for until they are locked they may come to be.
    ids = set(placed.exclude(question__state__in=_PUT_ASIDE).values_list("question_id", flat=True))
    if not ids:
        return
    by = engine_user()
    for question in Question.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"):
        if question.state not in _JUDGED:
            continue
        claims = Claim.objects.filter(placements__in=placed.filter(question=question)).order_by("pk")
        claims = claims.select_related("speaker", "revision__article__outlet").defer("revision__text")
        evidence = _in_words(revision, claims)
        audit.because(by=by, action="new_text", reason=evidence)
        if reopen_for(evidence, question, by=by, now=now):
            continue
        question.version += 1
        question.save(update_fields=["version"])
        tallies.recount(question)
        if question.state == Question.State.IN_REVIEW:
            tell_assigned(question)
        else:
            changes.note(
                question=question,
                action="new_text",
                summary="waits for adjudication while an article under it has a new text",
                reason=evidence,
                by=by,
                now=now,
            )


def _in_words(revision: Revision, claims: Iterable[Claim]) -> str:
    text = _spaced(revision.text)
    gone = [claim for claim in claims if not _stands_in(claim, text)]
    said = f"“{revision.article}” has a new text (revision {revision.number})"
    if not gone:
        return f"{said}; the words of its claims here still stand in it."
    return f"{said}, which no longer holds {first_in_words(gone)}."


def _stands_in(claim: Claim, text: str) -> bool:
    """Whether each part of the claim's words stands in the text, however it is spaced."""
    return all(_spaced(part) in text for part in claim.content.split(" … "))


def _spaced(text: str) -> str:
    return " ".join(text.split())
