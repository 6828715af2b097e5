"""Reading requests strictly: what is not understood is refused, never ignored or guessed at."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.functions import Now
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import JSONParser

MAX_DEPTH = 32


class TokenAuthentication(KnoxAuthentication):
    """knox's tokens in one query: its own takes two, deletes rows on reads, and fails on odd bytes."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        digest = hash_token(token.decode("latin-1"))
        unexpired = AuthToken.objects.filter(Q(expiry__isnull=True) | Q(expiry__gt=Now()))
        found = unexpired.select_related("user", "scopes").filter(digest=digest).first()
        if found is None or not found.user.is_active:
            raise AuthenticationFailed("This token is unknown, expired, or its user was deactivated.")
        return found.user, found


class StrictJSONParser(JSONParser):
    """JSON in UTF-8 without what parsers read differently, or PostgreSQL cannot store.

    Refused with ParseError: a name given twice, NaN and infinities, more than 32 levels, NUL
    characters and lone surrogates.
    """

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            body = json.loads(
                stream.read().decode("utf-8"),
                object_pairs_hook=_object,
                parse_constant=_refuse_constant,
                parse_float=_finite,
            )
        except UnicodeDecodeError as error:
            raise ParseError("The body is not UTF-8.") from error
        except RecursionError as error:
            raise ParseError(f"The body has more than {MAX_DEPTH} levels.") from error
        except json.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}") from error
        except ValueError as error:  # of int(), for a number of thousands of digits
            raise ParseError("The body holds a number that is too large.") from error
        _check_values(body, depth=1)
        return body


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ParseError("The body has an object with the same name twice.")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ParseError(f"The body holds {name}, which is not JSON.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ParseError("The body holds a number that is too large.")
    return number


def _check_values(value: Any, *, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ParseError(f"The body has more than {MAX_DEPTH} levels.")
    if isinstance(value, dict):
        for name, inner in value.items():
            _check_string(name)
            _check_values(inner, depth=depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_values(inner, depth=depth + 1)
    elif isinstance(value, str):
        _check_string(value)


def _check_string(value: str) -> None:
    if "\0" in value:
        raise ParseError("The body holds a NUL character.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ParseError("The body holds half of a surrogate pair.") from error


class StrictInput(serializers.Serializer):
    """An input whose unknown fields are errors."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                listed = f"known here: {', '.join(self.fields)}" if self.fields else "none is known here"
                error = ErrorDetail(f"Unknown field; {listed}.", code="unknown_field")
                raise ValidationError({name: [error] for name in unknown})
        return super().to_internal_value(data)


class StringField(serializers.CharField):
    """A string, and not a number that could be written as one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
