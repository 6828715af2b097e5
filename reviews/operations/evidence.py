"""Files that reviewers rest their judgements on, kept as they were given and known by their hash.

An upload names no actor and leaves no event, for that would tell that somebody is at work while a round is
blind; the assessment that rests on a file carries its hash, and is audited when the round is decided.
"""

import hashlib
import re
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from reviews import policies
from reviews.errors import ReviewError, TooLarge
from reviews.models import EvidenceFile

MAX_FILE_BYTES: Final = 10 * 1024 * 1024
_NAME_CHARACTERS: Final = 255
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,48}/[a-z0-9][a-z0-9.+-]{0,48}")
_UNKNOWN_TYPE: Final = "application/octet-stream"


class FileTooLarge(TooLarge):
    """A file has more bytes than are kept of one."""

    def __init__(self) -> None:
        super().__init__(f"A file may have {MAX_FILE_BYTES // 1024**2} MB. Link to larger ones instead.")


@transaction.atomic
def upload_evidence(*, name: str, media_type: str, content: bytes, by: User, now: datetime) -> EvidenceFile:
    """Keep a file for one's own assessments; nobody else can read it before its round is decided.

    The same bytes again are the same file, under the name they first had. `name` and `media_type` are as the
    client gave them, and only ever shown. Raises NotAllowed, ReviewError for an empty file, FileTooLarge.
    """
    policies.check_may_assess(by)
    if not content:
        raise ReviewError("The file is empty.")
    if len(content) > MAX_FILE_BYTES:
        raise FileTooLarge
    file, _created = EvidenceFile.objects.get_or_create(
        uploaded_by=by,
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={
            "name": _shown_name(name),
            "media_type": _media_type(media_type),
            "byte_count": len(content),
            "content": content,
            "uploaded_at": now,
        },
    )
    return file


def _shown_name(name: str) -> str:
    """The last part of a path, without characters that cannot be seen; its end is kept where it is long."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(filter(str.isprintable, last)).strip()[-_NAME_CHARACTERS:] or "file"


def _media_type(given: str) -> str:
    """Without its parameters; what is none is unknown."""
    found = given.partition(";")[0].strip().lower()
    return found if _MEDIA_TYPE.fullmatch(found) else _UNKNOWN_TYPE
