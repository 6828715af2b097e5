"""Requests that whoever sent them may send again, for the answer to the first one was lost."""

from django.conf import settings
from django.db import models

MAX_KEY_CHARACTERS = 255


class KeyedRequest(models.Model):
    """That a person's request with a key made a row; with the same key again it makes no other.

    Not audited: it says nothing that the events of what was made do not say, and only its sender meets it.
    It is forgotten after a while; see reviews/operations/keyed.py.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=MAX_KEY_CHARACTERS)
    request_sha256 = models.CharField(max_length=64, help_text="of what was asked for, in hex")
    made_id = models.BigIntegerField(help_text="of the row it made")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "key"), name="a_persons_key_is_of_one_request"),
        )
        indexes = (models.Index(fields=("asked_at",), name="keyed_requests_by_age"),)

    def __str__(self) -> str:
        return f"{self.key} of {self.person_id}"
