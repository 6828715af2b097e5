"""The API's description: OpenAPI as a file, and as a page rendered here.

Swagger UI and Redoc need inline styles or scripts, which our content security policy forbids.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from config.problems import PROBLEMS

_METHODS = ("get", "post", "put", "patch", "delete")
_generating = Lock()


@dataclass(frozen=True)
class Field:
    """A parameter or property; `kind` in words, `described_as` the schema that says more, if any."""

    name: str
    kind: str
    described_as: str
    is_required: bool
    description: str
    place: str = ""


@dataclass(frozen=True)
class Operation:
    """What can be asked; `purpose` is the first sentence of its description, `details` the others."""

    anchor: str
    method: str
    path: str
    purpose: str
    details: str
    parameters: list[Field]
    body: str
    answers: list[tuple[str, str]]


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 as JSON."""
    body = OpenApiJsonRenderer().render(_description(), renderer_context={})
    return HttpResponse(body, content_type="application/vnd.oai.openapi+json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    described = _description()
    sections: dict[str, list[Operation]] = {}
    for tag, operation in _operations(described):
        sections.setdefault(tag, []).append(operation)
    context = {
        **admin.site.each_context(request),
        "title": described["info"]["title"],
        "description": described["info"]["description"],
        "sections": sections,
        "schemas": _schemas(described),
        "problems": PROBLEMS,
    }
    return render(request, "api/docs.html", context)


def _description() -> dict[str, Any]:
    """The OpenAPI document. The generator is not safe in threads, and slow: once a process."""
    with _generating:
        return _generated()


@cache
def _generated() -> dict[str, Any]:
    described: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return described


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    """Each operation with the tag it belongs under."""
    for path, item in described["paths"].items():
        for method in filter(item.__contains__, _METHODS):
            found = item[method]
            purpose, *details = re.split(r"(?<=\.)\s", found.get("description", ""), maxsplit=1)
            yield (
                found["tags"][0],
                Operation(
                    anchor=found["operationId"],
                    method=method.upper(),
                    path=path,
                    purpose=purpose,
                    details="".join(details),
                    parameters=[
                        _field(given["name"], given["schema"], given, place=given["in"])
                        for given in found.get("parameters", [])
                    ],
                    body=_content_schema(found.get("requestBody", {})),
                    answers=[
                        (status, _content_schema(answer)) for status, answer in found["responses"].items()
                    ],
                ),
            )


def _schemas(described: dict[str, Any]) -> dict[str, list[Field]]:
    """The properties of each object that goes in or out, by its name."""
    return {
        name: [
            _field(field, of, {**of, "required": field in found.get("required", ())})
            for field, of in found["properties"].items()
        ]
        for name, found in described["components"]["schemas"].items()
        if "properties" in found
    }


def _field(name: str, of: dict[str, Any], about: dict[str, Any], *, place: str = "") -> Field:
    kind, described_as = _kind(of)
    return Field(
        name=name,
        kind=kind,
        described_as=described_as,
        is_required=bool(about.get("required")),
        description=_told(about.get("description", "")),
        place=place,
    )


def _kind(of: dict[str, Any]) -> tuple[str, str]:
    """What a value is, in words, and the name of the schema that says more ("" for none)."""
    if "$ref" in of:
        name = of["$ref"].rpartition("/")[2]
        return name, name
    if inner := of.get("allOf") or of.get("oneOf") or of.get("anyOf"):
        kinds = [_kind(one) for one in inner]
        return " or ".join(kind for kind, _ in kinds), next((name for _, name in kinds if name), "")
    if "enum" in of:
        return ", ".join(str(value) for value in of["enum"]), ""
    if of.get("type") == "array":
        kind, name = _kind(of["items"])
        return f"list of {kind}", name
    types = of.get("type", "any value")
    kind = " or ".join([types] if isinstance(types, str) else types)
    if "maximum" in of:
        kind = f"{kind} from {of['minimum']} to {of['maximum']}"
    return f"{kind} ({of['format']})" if "format" in of else kind, ""


def _told(description: str) -> str:
    """A description without the list of choices that the generator adds; those stand in the kind."""
    return "\n".join(line for line in description.splitlines() if not line.startswith("* `")).strip()


def _content_schema(body: dict[str, Any]) -> str:
    """The name of the schema that a body follows; "" for an empty body."""
    for content in body.get("content", {}).values():
        return _kind(content["schema"])[1]
    return ""
