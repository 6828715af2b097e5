"""Forms beside JSON in which an answer can be asked for, by `Accept` or by `?format=`; views write them."""

from collections.abc import Mapping
from typing import Any

from django.utils.encoding import force_bytes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.settings import api_settings

FORMAT_PARAMETER = api_settings.URL_FORMAT_OVERRIDE


class CommaSeparated(BaseRenderer):
    """Of what is text already."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return force_bytes(data)


class JSONLines(JSONRenderer):
    """A JSON object a line."""

    media_type = "application/x-ndjson"
    format = "ndjson"


def described(*forms: type[BaseRenderer]) -> OpenApiParameter:
    """The parameter by which one of these forms is asked for, the first one being usual."""
    return OpenApiParameter(
        FORMAT_PARAMETER, enum=[form.format for form in forms], description="As with Accept."
    )
