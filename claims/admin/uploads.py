"""Requests that bring too much: refused with an answer that can be read."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class LargeFilesSkipped(FileUploadHandler):
    """Leaves out files of more than `limit` bytes and goes on with the fields after them.

    So the form comes back as it was filled in, and no more than `limit` bytes are ever kept.
    """

    def __init__(self, request: HttpRequest, *, limit: int) -> None:
        super().__init__(request)
        self.limit = limit
        self.has_skipped = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.limit:
            self.has_skipped = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None  # the handlers after this one keep it
