"""Rows by the place of the last one that was seen, so that what lies deep costs what the first ones do.

An order is the names of columns or annotations that are never null, all in one direction, the last one
unique, with an index on them: `("-created_at", "-id")`.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, cast

from django.db.models import BooleanField, F, Func, Model, QuerySet, Value

Row = TypeVar("Row", bound=Model)


def column_names(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") for name in order]


def beyond(
    rows: QuerySet[Any], order: Sequence[str], values: Sequence[Any], *, backward: bool = False
) -> Func:
    """ROW(columns) < ROW(values): one comparison, which PostgreSQL answers from the index.

    It holds for what follows the row with these values in the order, or precedes it.
    """
    columns = column_names(order)
    annotated = rows.query.annotations
    fields = [
        annotated[column].output_field if column in annotated else rows.model._meta.get_field(column)
        for column in columns
    ]
    place = [
        Value(cast(Any, field).to_python(value), output_field=cast(Any, field))
        for field, value in zip(fields, values, strict=True)
    ]
    is_falling = order[0].startswith("-") != backward
    return Func(
        Func(*map(F, columns), function="ROW"),
        Func(*place, function="ROW"),
        template="%(expressions)s",
        arg_joiner=" < " if is_falling else " > ",
        output_field=BooleanField(),
    )


def all_of(rows: QuerySet[Row], order: Sequence[str], *, at_once: int) -> Iterator[Row]:
    """Every row in this order, some at a time: neither we nor the database hold them all."""
    rows = rows.order_by(*order)
    following = rows
    while True:
        found = list(following[:at_once])
        yield from found
        if len(found) < at_once:
            return
        last = [getattr(found[-1], column) for column in column_names(order)]
        following = rows.filter(beyond(rows, order, last))
