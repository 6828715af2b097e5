"""The form to submit an article. It checks shapes; what the words are worth is up to the operation."""

import hashlib
import uuid
from pathlib import PurePath
from typing import Any

from django import forms

from claims.errors import Unreadable
from claims.ingestion.page import Given
from claims.ingestion.readable import MAX_DOCUMENT_BYTES
from claims.models import Article, Outlet, Revision
from claims.operations import Document

MEDIA_TYPES = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}
LARGEST = f"{MAX_DOCUMENT_BYTES // 1024**2} MB"
_FIELD_OF_REFUSAL = {"date_out_of_range": "published_at", "bad_address": "url"}


class ArticleForm(forms.Form):
    """Pasted text or one file, and what the submitter knows about it.

    `has_large_file` says that a file was sent and left out for its size.
    """

    text = forms.CharField(
        required=False,
        strip=False,
        label="Paste the text",
        help_text=(
            "The whole page as you copied it will do: menus, timers and share links are left out."
            f" At most {LARGEST}."
        ),
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        label="… or upload a file",
        help_text=f"A page saved from your browser (.html) or a text (.txt), at most {LARGEST}.",
        widget=forms.FileInput(attrs={"accept": ",".join(MEDIA_TYPES)}),
    )
    url = forms.CharField(
        required=False,
        max_length=2000,
        label="Address",
        help_text="Where it was published. An article with an address is known by it: when its text changes, "
        "that becomes a new revision.",
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    title = forms.CharField(
        required=False,
        max_length=Article._meta.get_field("title").max_length,
        help_text="This and all below wins over what the page says; leave empty what the page says itself.",
    )
    outlet = forms.CharField(
        required=False,
        max_length=Outlet._meta.get_field("name").max_length,
        help_text="The medium that published it.",
    )
    byline = forms.CharField(required=False, max_length=Revision._meta.get_field("byline").max_length)
    published_at = forms.DateTimeField(
        required=False,
        label="Published at",
        help_text="In UTC.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "This is no date and time. Write it like 2017-06-19 18:52."},
    )
    token = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_large_file: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_large_file = has_large_file

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and _suffix(file.name) not in MEDIA_TYPES:
            raise forms.ValidationError(
                "Only .txt, .html and .htm files can be read. Save the page as “HTML only”, or paste it."
            )
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.has_large_file:
            self.add_error(
                "file", f"The file has more than {LARGEST}. Give the article alone, or paste its text."
            )
        elif "text" in given and "file" in given:
            has_text, has_file = bool(given["text"].strip()), given["file"] is not None
            if has_text and has_file:
                self.add_error(None, "Give either a text or a file: clear the text, or choose no file.")
            if not has_text and not has_file:
                self.add_error("text", "Paste the text of the article, or choose a file.")
        return given

    def add_refusal(self, refusal: Unreadable) -> None:
        """Show why the operation refused the article beside the field that it is about."""
        document_field = "file" if self.cleaned_data["file"] else "text"
        self.add_error(_FIELD_OF_REFUSAL.get(refusal.code, document_field), str(refusal))

    @property
    def request(self) -> dict[str, Any]:
        """What a valid form asks of `operations.submit_article`.

        Sending the same form twice asks for one thing: the key holds the form's token and what was sent.
        """
        given = self.cleaned_data
        document = self._document()
        about = Given(**{name: given[name] for name in ("title", "outlet", "byline", "published_at")})
        sent = hashlib.sha256(
            document.raw + repr((about, given["url"], document.file_name)).encode()
        ).hexdigest()
        return {
            "document": document,
            "given": about,
            "url": given["url"],
            "idempotency_key": f"form {given['token']} {sent}" if given["token"] else None,
        }

    def _document(self) -> Document:
        file = self.cleaned_data["file"]
        if file is None:
            return Document(raw=self.cleaned_data["text"].encode(), media_type="text/plain", charset="utf-8")
        return Document(raw=file.read(), media_type=MEDIA_TYPES[_suffix(file.name)], file_name=file.name)


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()
