"""Files of evidence over REST: uploaded by who assesses, read by others once what rests on them is open."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.schema import PROBLEM_RESPONSE
from claims.api.strict import StrictInput
from claims.api.views import ReadViewSet
from claims.requests import read_to_the_end
from reviews import blinding, operations
from reviews.api import steps
from reviews.models import EvidenceFile
from reviews.operations.evidence import MAX_FILE_BYTES, FileTooLarge

_FORM_BYTES = 64 * 1024  # what a form needs around its file


class FileInput(StrictInput):
    file = serializers.FileField(help_text="At most 10 MB, of any type.")


class FileOutput(serializers.ModelSerializer):
    class Meta:
        model = EvidenceFile
        fields = ("sha256", "name", "media_type", "byte_count", "uploaded_at")
        read_only_fields = fields


class EvidencedQuestions(ReadViewSet):
    """The files that assessments of a question rest on, for the viewset of questions."""

    @extend_schema(
        request={"multipart/form-data": FileInput}, responses={201: FileOutput, **PROBLEM_RESPONSE}
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="evidence-files",
        url_name="evidence-files",
        parser_classes=[MultiPartParser],
    )
    def evidence_files(self, request: Request, pk: int) -> Response:
        """Keep a file for your own assessment, which names it by its SHA-256. Sent again it is the same file.

        Nobody else can read it before the round it is used in is decided.
        """
        self.get_object()
        _refuse_what_is_too_large(request)
        given = steps.given(request, FileInput)
        upload = given.pop("file")
        file = operations.upload_evidence(
            name=upload.name, media_type=upload.content_type or "", content=upload.read(), **given
        )
        return Response(FileOutput(file).data, status=HTTPStatus.CREATED)

    @extend_schema(
        responses={
            (200, "application/octet-stream"): OpenApiResponse(
                bytes, description="The file, as it was given."
            ),
            **PROBLEM_RESPONSE,
        },
        filters=False,
    )
    @action(
        detail=True,
        url_path="evidence-files/<str:sha256>",
        url_name="evidence-file",
        pagination_class=None,
    )
    def evidence_file(self, request: Request, pk: int, sha256: str) -> HttpResponse:
        """A file, by its SHA-256: your own, or one that something rests on that you may read."""
        file = blinding.visible_file(self.get_object(), sha256, self.asker)
        if file is None:
            raise Http404
        return download(file)


def download(file: EvidenceFile) -> HttpResponse:
    """The file to be saved; nothing in it is shown, run or guessed at by a browser."""
    headers: dict[str, Any] = {
        "Content-Disposition": content_disposition_header(True, file.name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(bytes(file.content), content_type="application/octet-stream", headers=headers)


def _refuse_what_is_too_large(request: Request) -> None:
    """Before it is read into memory or onto the disk."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE_BYTES + _FORM_BYTES:
        read_to_the_end(request._request)  # or the client meets a broken connection instead of our answer
        raise FileTooLarge
