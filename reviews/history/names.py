"""What a row of the audit trail is called, and where it is shown: looked up in bulk, a query a table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Value
from django.urls import NoReverseMatch, reverse

from reviews.history.tables import Image, model_of
from reviews.models import Question

RowKey = tuple[str, int]
NAME_CHARACTERS = 160


@dataclass(frozen=True)
class Name:
    """What a row is called, and the address of the page that shows it, "" where none does."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class _Naming:
    """Which values name a row of a table, and how; `within` leads to the id of a row of `shown_in`.

    The page of that row is where this one is shown; without it the row has a page of its own, or none.
    """

    paths: tuple[str, ...]
    text: Callable[..., str]
    within: str = ""
    shown_in: str = "reviews_question"


def _first(*values: Any) -> str:
    return next((str(value) for value in values if value), "")


_ARTICLE, _CLAIM, _SPEAKER, _USER = "claims_article", "claims_claim", "claims_speaker", "auth_user"
_NAMINGS: Mapping[str, _Naming] = {
    "auth_group": _Naming(("name",), _first),
    "auth_permission": _Naming(("name",), _first),
    "auth_user": _Naming(("username",), _first),
    "auth_user_groups": _Naming(("group__name", "user__username"), "{0}, of {1}".format, "user", _USER),
    "claims_article": _Naming(("title",), _first),
    "claims_claim": _Naming(("statement",), _first),
    "claims_enginerun": _Naming(
        ("engine", "revision__article__title"), "{0} on “{1}”".format, "revision__article", _ARTICLE
    ),
    "claims_outlet": _Naming(("name",), _first),
    "claims_revision": _Naming(("number", "article__title"), "{0} of “{1}”".format, "article", _ARTICLE),
    "claims_speaker": _Naming(("name",), _first),
    "reviews_assessedposition": _Naming(("position__answer",), _first, "position__question"),
    "reviews_assessment": _Naming(
        ("reviewer__username", "question__wording"), "by {0}, of “{1}”".format, "question"
    ),
    "reviews_assignment": _Naming(
        ("question__wording", "reviewer__username"), "“{0}”, to {1}".format, "question"
    ),
    "reviews_compatibility": _Naming(
        ("first__answer", "second__answer"), "“{0}” and “{1}”".format, "first__question"
    ),
    "reviews_evidence": _Naming(
        ("note", "url", "claim__statement", "file__name"), _first, "position__question"
    ),
    "reviews_evidencefile": _Naming(("name",), _first),
    "reviews_origin": _Naming(("name",), _first),
    "reviews_originclaim": _Naming(("claim__statement",), _first, "claim", _CLAIM),
    "reviews_placement": _Naming(
        ("claim__statement", "position__answer"), "“{0}” under “{1}”".format, "question"
    ),
    "reviews_position": _Naming(("answer",), _first, "question"),
    "reviews_positionverdict": _Naming(("position__answer",), _first, "position__question"),
    "reviews_project": _Naming(("name",), _first),
    "reviews_question": _Naming(("wording",), _first),
    "reviews_sourcingmark": _Naming(("claim__statement",), _first, "claim", _CLAIM),
    "reviews_speakerreliability": _Naming(("speaker__name",), _first, "speaker", _SPEAKER),
    "reviews_verdict": _Naming(("round", "question__wording"), "of round {0}, on “{1}”".format, "question"),
}
# What an image may say of where its row is shown, the nearest first.
_SHOWN_IN = {
    "question_id": "reviews_question",
    "claim_id": _CLAIM,
    "speaker_id": _SPEAKER,
    "article_id": _ARTICLE,
    "user_id": _USER,
}
# What a row says of itself in its image, when it is there no more.
_TELLING = ("wording", "answer", "name", "title", "statement", "username", "note", "token_key")


def name_rows(keys: Iterable[RowKey]) -> dict[RowKey, Name]:
    """The names of those rows that are still there; one query for each table asked of."""
    by_table: defaultdict[str, set[int]] = defaultdict(set)
    for table, pk in keys:
        by_table[table].add(pk)
    names: dict[RowKey, Name] = {}
    for table, pks in sorted(by_table.items()):
        model, naming = model_of(table), _NAMINGS.get(table)
        if model is None or naming is None:
            continue
        within = naming.within or Value(None, output_field=BigIntegerField())
        rows = model._default_manager.filter(pk__in=pks).order_by().values_list("pk", *naming.paths, within)
        for pk, *values, belongs_to in rows:
            url = address(naming.shown_in, belongs_to) if naming.within else address(table, pk)
            names[table, pk] = Name(_cut(naming.text(*values)), url)
    return names


def name_from_image(table: str, pk: int, image: Image | None) -> Name:
    """What a row that is gone, or has no name, was called, and where what it belonged to is shown."""
    said = image or {}
    told = next((str(said[name]) for name in _TELLING if said.get(name)), "")
    url = address(table, pk) or next(
        (address(shown_in, said[owner]) for owner, shown_in in _SHOWN_IN.items() if said.get(owner)), ""
    )
    return Name(_cut(told) if told else f"number {pk}" if pk else "", url)


def address(table: str, pk: int | None) -> str:
    """The page of a row in the admin, "" if its table has none."""
    model = model_of(table)
    if model is None or not pk:
        return ""
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    page = "compare" if model is Question else "change"
    try:
        return reverse(f"admin:{name}_{page}", args=[pk])
    except NoReverseMatch:
        return ""


def _cut(text: str) -> str:
    return text if len(text) <= NAME_CHARACTERS else text[: NAME_CHARACTERS - 1] + "…"
