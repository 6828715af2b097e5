"""What a new text of an article does to the questions under which its claims stand."""

from collections.abc import Iterable
from datetime import datetime

from claims.models import Claim, Revision
from reviews import audit, tallies
from reviews.engine_user import engine_user
from reviews.models import Placement, Question
from reviews.notices import tell_assigned
from reviews.reopening import reopen_for


def tell_of_new_text(revision: Revision, *, now: datetime) -> None:
    """Open decided questions again that rest on another text of the article, and tell who is assessing one.

    Any new text does, also one that still holds the claim's words, for it may say beside them that they were
    wrong; the reason says which of both it is. Called in the transaction that made it the article's text.
    """
    placed = Placement.objects.filter(
        state=Placement.State.CONFIRMED, claim__revision__article=revision.article_id
    ).exclude(claim__revision=revision)
    concerned = placed.filter(question__state__in=(Question.State.DECIDED, Question.State.IN_REVIEW))
    ids = set(concerned.values_list("question_id", flat=True))
    if not ids:
        return
    by = engine_user()
    for question in Question.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"):
        claims = Claim.objects.filter(placements__in=placed.filter(question=question)).order_by("pk")
        evidence = _in_words(revision, claims)
        audit.because(by=by, action="new_text", reason=evidence)
        if reopen_for(evidence, question, by=by, now=now):
            continue
        question.version += 1
        question.save(update_fields=["version"])
        tallies.recount(question)
        tell_assigned(question)


def _in_words(revision: Revision, claims: Iterable[Claim]) -> str:
    text = _spaced(revision.text)
    gone = [claim.pk for claim in claims if not _stands_in(claim, text)]
    said = f"“{revision.article}” has a new text (revision {revision.number})"
    if not gone:
        return f"{said}; the words of its claims here still stand in it."
    return f"{said}, which no longer holds the words of claim {', '.join(map(str, gone[:10]))}."


def _stands_in(claim: Claim, text: str) -> bool:
    """Whether each part of the claim's words stands in the text, however it is spaced."""
    return all(_spaced(part) in text for part in claim.content.split(" … "))


def _spaced(text: str) -> str:
    return " ".join(text.split())
