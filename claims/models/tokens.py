"""What an API token may be used for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from knox.models import AuthToken


class Scope(models.TextChoices):
    """A token may do what its user may do, as far as its scopes go."""

    READ = "read", "Read what you may see"
    INGEST = "ingest", "Submit articles and have them read again"
    REVIEW = "review", "Take the steps of the review"


class TokenScopes(models.Model):
    """The scopes of a token. One without a row, as they were made before there were scopes, has them all."""

    token = models.OneToOneField(AuthToken, models.CASCADE, related_name="scopes")
    names = ArrayField(models.CharField(max_length=10, choices=Scope))

    class Meta:
        verbose_name_plural = "token scopes"
        constraints = (
            models.CheckConstraint(
                condition=Q(names__len__gt=0, names__contained_by=sorted(Scope.values)),
                name="a_token_has_scopes_that_there_are",
            ),
        )

    def __str__(self) -> str:
        return ", ".join(self.names)
