"""What is known of a speaker beside the claims: who may be the same by another name, who quotes them."""

import re
from dataclasses import dataclass

from django.db.models import Count

from claims.models import SMALL_WORDS, Claim, ClaimQuerySet, Outlet, Speaker

NEAR_NAMES = 8
CANDIDATES = 200
OUTLETS = 12
COUNTED_CLAIMS = 1_000
_WORD = re.compile(r"\w+")
_BRACKETED = re.compile(r"\(([^)]*)\)")
_ABBREVIATION = re.compile(r"\w{2,8}")


@dataclass(frozen=True)
class Quoted:
    """In which outlets the newest claims of a speaker stand: (outlet or None where unknown, claims).

    Looked at are `claims`, which is COUNTED_CLAIMS where there are more; `outlets` are the first of
    `outlet_count` known ones.
    """

    claims: int
    outlet_count: int
    outlets: list[tuple[Outlet | None, int]]

    @property
    def is_capped(self) -> bool:
        return self.claims >= COUNTED_CLAIMS


def near_names(speaker: Speaker) -> list[Speaker]:
    """Other speakers that may be the same, by abbreviation or last name, the nearest first.

    Nothing is merged for it: they are offered to be looked at.
    """
    words = _content_words(speaker.key)
    if not words:
        return []
    found = Speaker.objects.near(
        words[-1], keys=_short_forms(speaker.key), initials=_abbreviation(speaker.key)
    )
    others = found.exclude(pk=speaker.pk)[:CANDIDATES]
    return sorted(others, key=lambda other: _distance(speaker.key, other.key))[:NEAR_NAMES]


def newest_claims(speaker: Speaker) -> ClaimQuerySet:
    """As many of the newest standing claims of a speaker as are counted, in no order."""
    newest = Claim.objects.standing().filter(speaker=speaker).order_by("-created_at", "-pk")
    return Claim.objects.filter(pk__in=newest.values("pk")[:COUNTED_CLAIMS])


def quoted(speaker: Speaker) -> Quoted:
    """Which outlets quote a speaker, those that do most often first."""
    rows = (
        newest_claims(speaker)
        .order_by()
        .values_list("revision__article__outlet")
        .annotate(claims=Count("pk"))
    )
    counts: dict[int | None, int] = dict(rows)
    outlets = Outlet.objects.in_bulk([outlet for outlet in counts if outlet is not None])
    named = [(outlets.get(outlet) if outlet else None, claims) for outlet, claims in counts.items()]
    named.sort(key=lambda each: (-each[1], each[0].name if each[0] else ""))
    return Quoted(claims=sum(counts.values()), outlet_count=len(outlets), outlets=named[:OUTLETS])


def _distance(key: str, other: str) -> tuple[bool, float, str]:
    """Smaller is nearer: abbreviations of each other first, then by the share of common words."""
    is_abbreviation = key in _short_forms(other) or other in _short_forms(key)
    ours, theirs = set(_content_words(key)), set(_content_words(other))
    return (not is_abbreviation, -len(ours & theirs) / len(ours | theirs), other)


def _content_words(key: str) -> list[str]:
    """The words of a folded name that tell it from others; of one that is all small words, all."""
    words = _WORD.findall(_BRACKETED.sub(" ", key)) or _WORD.findall(key)
    return [word for word in words if word not in SMALL_WORDS] or words


def _short_forms(key: str) -> set[str]:
    """How a longer folded name may be abbreviated: "un", "u.n.", and what it says in brackets itself."""
    initials = [word[0] for word in _content_words(key)]
    forms = {"".join(initials), ".".join(initials) + "."} if len(initials) > 1 else set()
    return forms | {form.strip() for form in _BRACKETED.findall(key)}


def _abbreviation(key: str) -> str:
    """A folded name without its dots where it may be the abbreviation of others, else nothing."""
    bare = key.replace(".", "")
    return bare if _ABBREVIATION.fullmatch(bare) else ""
