"""What every endpoint of the API does alike: who may read, pages, filters; see problems.py for errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer
from django.db.models import Model, QuerySet
from django_filters.rest_framework import DjangoFilterBackend  # type: ignore[import-untyped]
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.utils.urls import remove_query_param, replace_query_param

from claims.keyset import beyond, column_names
from claims.models import Scope, TokenScopes
from config.problems import problem_response

if TYPE_CHECKING:
    from rest_framework.views import APIView  # imports this module, for it reads the settings

__all__ = [
    "KeysetPagination",
    "ModelPermissions",
    "StrictFilterBackend",
    "TokenPermissions",
    "problem_response",
]


class TokenPermissions(BasePermission):
    """A token reads with the scope "read", and takes steps with the scope that the view names for them.

    Tokens from before there were scopes have none stored, and may do what their users may do.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        scopes: TokenScopes | None = getattr(request.auth, "scopes", None)
        if scopes is None:
            return True  # a session, or such a token
        needed = Scope.READ if request.method in SAFE_METHODS else getattr(view, "write_scope", None)
        if needed in scopes.names:
            return True
        raise PermissionDenied(f"This token is for: {scopes}. That needs one for: {needed or 'everything'}.")


class ModelPermissions(BasePermission):
    """Everything an endpoint answers is about one model; who may not view it is refused.

    It is that of the view's queryset, unless the view says `about` which model else.
    Whether a person may take a step is asked by the operation behind it.
    """

    message = "You may not see that. Ask an admin for a role that may."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.user, User):
            return False  # answered with 401
        about: type[Model] = (getattr(view, "about", None) or cast(Any, view).queryset.model)._meta
        permission = f"{about.app_label}.view_{about.model_name}"  # type: ignore[attr-defined]
        # has_perm() would take two queries for the same answer.
        able = User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend")
        return able.filter(pk=request.user.pk).exists()


@dataclass(frozen=True)
class _Place:
    """Where a page begins: after (or, backward, before) the row with these values."""

    values: tuple[Any, ...]
    backward: bool = False


class KeysetPagination(BasePagination):
    """Pages by the place of their last row, so that a deep page costs what the first one does.

    A view names its order in `keyset`; see claims/keyset.py. Cursors are signed, and good for that order
    only.
    """

    default_limit, max_limit = 20, 100
    parameters = ("limit", "cursor")

    def paginate_queryset(  # type: ignore[override]  # only querysets can be asked for a place
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.request = request
        self.keyset: tuple[str, ...] = cast(Any, view).keyset
        limit, place = self._limit(), self._place()
        rows = queryset.order_by(*self._order(reverse=place is not None and place.backward))
        if place is not None:
            rows = rows.filter(beyond(queryset, self.keyset, place.values, backward=place.backward))
        found = list(rows[: limit + 1])
        page, is_more = found[:limit], len(found) > limit
        if place is not None and place.backward:
            page.reverse()
            self.has_next, self.has_previous = True, is_more
        else:
            self.has_next, self.has_previous = is_more, place is not None
        self.page = page
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._next_link(), "previous": self._previous_link(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": self.max_limit, "default": self.default_limit}
        return [
            {"name": "limit", "in": "query", "schema": limit, "description": "Rows a page."},
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string"},
                "description": "Where the page begins; follow next and previous rather than making one.",
            },
        ]

    def _limit(self) -> int:
        given = self.request.query_params.get("limit", str(self.default_limit))
        if not (
            given.isascii() and given.isdecimal() and len(given) <= 3 and 1 <= int(given) <= self.max_limit
        ):
            raise ValidationError({"limit": f"Give a whole number from 1 to {self.max_limit}."})
        return int(given)

    def _place(self) -> _Place | None:
        given = self.request.query_params.get("cursor")
        if given is None:
            return None
        try:
            backward, values = self._signer().unsign_object(given)
        except BadSignature:
            raise ValidationError(
                {"cursor": "This cursor is none of ours. Follow the links, or start without it."}
            ) from None
        return _Place(values=tuple(values), backward=backward)

    def _cursor(self, row: Model, *, backward: bool) -> str:
        values = [getattr(row, column) for column in column_names(self.keyset)]
        written = [_written(value) for value in values]
        return self._signer().sign_object([backward, written])

    def _signer(self) -> Signer:
        """Signs for this order of this list, so that no other list takes the cursor."""
        return Signer(salt=f"cursor {self.request.path} {' '.join(self.keyset)}")

    def _order(self, *, reverse: bool) -> list[str]:
        if not reverse:
            return list(self.keyset)
        return [name[1:] if name.startswith("-") else f"-{name}" for name in self.keyset]

    def _next_link(self) -> str | None:
        if not (self.has_next and self.page):
            return None
        return self._link(self._cursor(self.page[-1], backward=False))

    def _previous_link(self) -> str | None:
        if not self.has_previous:
            return None
        if not self.page:  # all beyond the cursor are gone: back to the first page
            return remove_query_param(self.request.build_absolute_uri(), "cursor")
        return self._link(self._cursor(self.page[0], backward=True))

    def _link(self, cursor: str) -> str:
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _written(value: Any) -> Any:
    """As it stands in a cursor; the field reads it back."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    """Refuses a parameter that is unknown, empty or given twice, rather than ignore it."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        if getattr(view, "detail", False):
            _refuse_parameters(request, known=())
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        known = sorted(filterset_class.base_filters) if filterset_class else []
        others = _parameters_beside_filters(view)
        _refuse_parameters(request, known=(*known, *others))
        if request.query_params.keys() <= set(others):
            return queryset  # to build a filterset for nothing would be a tenth of the request
        return cast("QuerySet[Any]", super().filter_queryset(request, queryset, view))


def _parameters_beside_filters(view: APIView) -> tuple[str, ...]:
    """Those of the pages of a list; of one that is not cut into pages, the form in which it is asked for."""
    if getattr(view, "pagination_class", KeysetPagination) is not None:
        return KeysetPagination.parameters
    return (api_settings.URL_FORMAT_OVERRIDE,) if len(view.renderer_classes) > 1 else ()


def _refuse_parameters(request: Request, *, known: Sequence[str]) -> None:
    """Raise ValidationError unless each parameter is known and has one value."""
    wrong = {}
    listed = f"known here: {', '.join(known)}" if known else "none is known here"
    for name, values in request.query_params.lists():
        if name not in known:
            wrong[name] = ErrorDetail(f"Unknown parameter; {listed}.", code="unknown_parameter")
        elif len(values) > 1:
            wrong[name] = ErrorDetail("Given more than once.", code="repeated")
        elif not values[0]:
            wrong[name] = ErrorDetail("Give it a value, or leave it out.", code="blank")
    if wrong:
        raise ValidationError({name: [error] for name, error in wrong.items()})
