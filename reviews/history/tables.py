"""What the tables and columns of the audit trail are called, and what their values mean to a reader."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst

# Of these the trail tells that they changed, and no more.
SECRETS = frozenset({("auth_user", "password"), ("knox_authtoken", "digest")})
# Who may manage people sees what happened to their accounts; others do not.
ACCOUNT_TABLES = frozenset(
    {
        "auth_group",
        "auth_group_permissions",
        "auth_user",
        "auth_user_groups",
        "auth_user_user_permissions",
        "knox_authtoken",
    }
)
HIDDEN = "not shown"
NOTHING = "nothing"

Image = dict[str, Any]  # a row as PostgreSQL's to_jsonb() writes it: columns and their values


@dataclass(frozen=True)
class Column:
    """A column by its label; `refers_to` is the table that its values are ids of, "" for none."""

    label: str
    refers_to: str
    field: models.Field | None


@cache
def model_of(table: str) -> type[models.Model] | None:
    """The model of a table, None for one that is no longer ours."""
    return _models().get(table)


@cache
def _models() -> dict[str, type[models.Model]]:
    models_of_ours = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in models_of_ours if not model._meta.proxy}


def table_label(table: str) -> str:
    """ "Sourcing mark" of "reviews_sourcingmark"."""
    model = model_of(table)
    if model is None:
        return capfirst(table.partition("_")[2].replace("_", " ") or table)
    if model._meta.auto_created:
        one, _, other = str(model._meta.verbose_name).partition("-")
        return capfirst(f"{other.removesuffix(' relationship') or 'link'} of a {one}")
    return capfirst(str(model._meta.verbose_name))


@cache
def columns_of(table: str) -> dict[str, Column]:
    """The columns of a table by their names, in the order of the model."""
    model = model_of(table)
    if model is None:
        return {}
    return {str(field.column): _column(field) for field in model._meta.concrete_fields}


def column_of(table: str, name: str) -> Column:
    known = columns_of(table).get(name)
    return known or Column(label=capfirst(name.replace("_", " ")), refers_to="", field=None)


def _column(field: models.Field) -> Column:
    related = field.related_model if isinstance(field, models.ForeignKey) else None
    return Column(
        label=capfirst(str(field.verbose_name)),
        refers_to=related._meta.db_table if isinstance(related, type) else "",
        field=field,
    )


def written(table: str, name: str, value: Any) -> str:
    """A value as a person reads it: choices by their names, times in UTC, JSON indented."""
    if (table, name) in SECRETS:
        return HIDDEN
    if value is None or value == "":
        return NOTHING
    field = column_of(table, name).field
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, models.DateTimeField) and isinstance(value, str):
        moment = parse_datetime(value)
        return value if moment is None else moment_written(moment)
    if field is not None and field.choices and isinstance(value, str):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=2)
    return str(value)


def moment_written(moment: datetime) -> str:
    moment = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{day_written(moment)}, {moment:%H:%M:%S} UTC"


def day_written(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def without_secrets(table: str, image: Image | None) -> Image | None:
    """The image with its secrets blanked, for programs."""
    if image is None:
        return None
    return {name: HIDDEN if (table, name) in SECRETS else value for name, value in image.items()}
