"""What a row of the audit trail is called, and where it is shown: looked up in bulk, a query a table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Value
from django.urls import NoReverseMatch, reverse

from reviews.history.tables import Image, model_of

RowKey = tuple[str, int]
NAME_CHARACTERS = 160


@dataclass(frozen=True)
class Name:
    """What a row is called, and the address of the page that shows it, "" where none does."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class _Naming:
    """Which values name a row of a table, how, and which of them is the id of the question it belongs to."""

    paths: tuple[str, ...]
    text: Callable[..., str]
    question: str = ""


def _first(*values: Any) -> str:
    return next((str(value) for value in values if value), "")


_NAMINGS: Mapping[str, _Naming] = {
    "auth_group": _Naming(("name",), _first),
    "auth_permission": _Naming(("name",), _first),
    "auth_user": _Naming(("username",), _first),
    "auth_user_groups": _Naming(("group__name", "user__username"), "{0}, of {1}".format),
    "claims_article": _Naming(("title",), _first),
    "claims_claim": _Naming(("statement",), _first),
    "claims_enginerun": _Naming(("engine", "revision__article__title"), "{0} on “{1}”".format),
    "claims_outlet": _Naming(("name",), _first),
    "claims_revision": _Naming(("number", "article__title"), "{0} of “{1}”".format),
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
    "reviews_evidence": _Naming(("note", "url", "claim__statement", "file__name"), _first),
    "reviews_evidencefile": _Naming(("name",), _first),
    "reviews_origin": _Naming(("name",), _first),
    "reviews_originclaim": _Naming(("claim__statement",), _first),
    "reviews_placement": _Naming(
        ("claim__statement", "position__answer"), "“{0}” under “{1}”".format, "question"
    ),
    "reviews_position": _Naming(("answer",), _first, "question"),
    "reviews_positionverdict": _Naming(("position__answer",), _first, "position__question"),
    "reviews_project": _Naming(("name",), _first),
    "reviews_question": _Naming(("wording",), _first, "pk"),
    "reviews_sourcingmark": _Naming(("claim__statement",), _first),
    "reviews_speakerreliability": _Naming(("speaker__name",), _first),
    "reviews_verdict": _Naming(("round", "question__wording"), "of round {0}, on “{1}”".format, "question"),
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
        asked = [*naming.paths, naming.question or Value("", output_field=CharField())]
        rows = model._default_manager.filter(pk__in=pks).order_by().values_list("pk", *asked)
        for pk, *values, question in rows:
            text = naming.text(*values)
            names[table, pk] = Name(_cut(text), _address_of_question(question) or address(table, pk))
    return names


def name_from_image(table: str, pk: int, image: Image | None) -> Name:
    """What a row that is gone, or has no name, was called, and where what it belonged to is shown."""
    told = next((str(image[name]) for name in _TELLING if image.get(name)), "") if image else ""
    belongs = image or {}
    url = (
        _address_of_question(pk if table == "reviews_question" else belongs.get("question_id"))
        or address("claims_claim", belongs.get("claim_id"))
        or address("claims_speaker", belongs.get("speaker_id"))
        or address("auth_user", belongs.get("user_id"))
        or address(table, pk)
    )
    return Name(_cut(told) if told else f"number {pk}" if pk else "", url)


def address(table: str, pk: int | None) -> str:
    """The page of a row in the admin, "" if its table has none."""
    model = model_of(table)
    if model is None or not pk:
        return ""
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
    except NoReverseMatch:
        return ""


def _address_of_question(pk: int | None) -> str:
    return reverse("admin:reviews_question_compare", args=[pk]) if pk else ""


def _cut(text: str) -> str:
    return text if len(text) <= NAME_CHARACTERS else text[: NAME_CHARACTERS - 1] + "…"
