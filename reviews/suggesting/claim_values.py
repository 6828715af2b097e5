"""Stored claims -> the values the matcher works on.

What it sees of a claim does not depend on when the claim came: its id is made of what was published and of
where it stands there, and not of row numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any

from django.db.models import F, QuerySet

from claims.extraction import ExtractedClaim
from claims.models import Claim, Revision
from reviews.matching import MatchClaim
from reviews.matching.credits import find_credits

_FIELDS = (
    "pk",
    "spans",
    "content",
    "sentence_start",
    "sentence_end",
    "statement",
    "speaker__name",
    "chain",
    "kind",
    "frame",
    "revision__published_at",
    "revision__article_id",
    "revision__article__canonical_url",
    "revision__article__pasted_sha256",
    "revision__article__outlet__key",
    "revision__article__outlet__name",
)


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim as the matcher sees it, with its row numbers beside."""

    pk: int
    article_id: int
    value: MatchClaim


def standing_claims(article_ids: Iterable[int]) -> QuerySet[Claim]:
    """The claims that are matched: of current engine runs over the current text of each article."""
    return Claim.objects.filter(
        revision__article__in=list(article_ids),
        engine_run__is_current=True,
        revision__article__current_revision=F("revision"),
    )


def read_claims(
    claims: QuerySet[Claim], *, credits_of: Mapping[int, tuple[str, ...]] | None = None
) -> list[StoredClaim]:
    """Read claims in one query; their articles' credits come with them, or from `credits_of` by article."""
    names = _FIELDS if credits_of is not None else (*_FIELDS, "matched__credits")
    found = []
    for row in claims.order_by().values(*names):
        article_id = row["revision__article_id"]
        credits = tuple(row["matched__credits"] if credits_of is None else credits_of.get(article_id, ()))
        found.append(StoredClaim(row["pk"], article_id, _value(row, credits)))
    return sorted(found, key=lambda claim: claim.value.id)


def credits_of_articles(article_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The agencies that the current text of each article declares, or its feed beside it."""
    revisions = Revision.objects.filter(article__in=list(article_ids), article__current_revision=F("pk"))
    found = {}
    for article_id, text, title, byline, credit in revisions.values_list(
        "article_id", "text", "title", "byline", "credit"
    ):
        declared = find_credits(text, title=title, byline=byline, source=credit)
        found[article_id] = tuple(sorted({each.agency[:200] for each in declared}))
    return found


def _value(row: Mapping[str, Any], credits: tuple[str, ...]) -> MatchClaim:
    published_at: datetime | None = row["revision__published_at"]
    article = _digest(
        row["revision__article__canonical_url"]
        or f"{row['revision__article__outlet__key']} {row['revision__article__pasted_sha256']}"
    )
    moment = published_at.astimezone(UTC).strftime("%Y%m%d%H%M%S") if published_at else "undated"
    said = _digest(f"{row['spans']} {row['statement']}")
    return MatchClaim(
        id=f"{moment}-{article}-{row['spans'][0][0]:07d}-{said}",
        article=article,
        outlet=row["revision__article__outlet__name"] or "",
        published_at=_day(published_at),
        claim=_extracted(row),
        content=row["content"],
        credits=credits,
    )


def _extracted(row: Mapping[str, Any]) -> ExtractedClaim:
    """The claim as far as the matcher reads it: cue, check-worthiness and what is unresolved are left out.

    Its speaker is named as the engine did, for in the database names are cut and spelled as first seen.
    """
    chain = row["chain"]
    name = chain[-1]["name"] if chain else row["speaker__name"]
    speaker = {"name": name, "spans": []} if row["speaker__name"] else None
    return ExtractedClaim.from_json(
        {
            "statement": row["statement"],
            "spans": row["spans"],
            "sentence": [row["sentence_start"], row["sentence_end"]],
            "speaker": speaker,
            "chain": chain,
            "cue": None,
            "kind": row["kind"],
            "frame": row["frame"] or _EMPTY_FRAME,
            "check_worthiness": 0.0,
            "unresolved": [],
        }
    )


_EMPTY_FRAME: dict[str, Any] = {
    "predicate": "",
    "agent": "",
    "target": "",
    "place": "",
    "time": None,
    "quantities": [],
    "negated": False,
    "hedges": [],
}


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(UTC).date()


def _digest(words: str) -> str:
    return blake2b(words.encode(), digest_size=6).hexdigest()
