"""Records as lines of a file, streamed, so that there may be as many as there are."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rest_framework.utils.encoders import JSONEncoder

Record = Mapping[str, Any]
# A spreadsheet would take what begins with these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def ndjson(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        yield _json(record) + "\n"


def comma_separated(columns: Sequence[str], records: Iterable[Record]) -> Iterator[str]:
    """With a head line; lists and objects as JSON in their cells."""
    writer = csv.writer(_Echo())
    yield writer.writerow(columns)
    for record in records:
        yield writer.writerow([_cell(record[column]) for column in columns])


def _cell(value: Any) -> Any:
    if isinstance(value, Mapping | list):
        return _json(value)
    if isinstance(value, datetime):
        return JSONEncoder().default(value)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, cls=JSONEncoder)


class _Echo:
    """A file for csv.writer that gives back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line
