"""Who says what: speakers, found by the words of their names and by their abbreviations."""

from collections.abc import Collection
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse

from claims.models.articles import KEY_CHARACTERS, SEARCH_CONFIG

# What a search of speakers looks in; an index on it, for a name needs no column of its own.
SPEAKER_WORDS = SearchVector("name", config=SEARCH_CONFIG)
# "syrian observatory for human rights (sohr)" -> "sohr": of the folded name, without what stands in
# brackets and without the small words that abbreviations leave out.
SMALL_WORDS = ("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to")
SPEAKER_INITIALS: Func = Func(
    Func(
        F("key"),
        Value(rf"\([^)]*\)|\m(?:{'|'.join(SMALL_WORDS)})\M"),
        Value(""),
        Value("g"),
        function="regexp_replace",
    ),
    Value(r"\W*(\w)\w*\W*"),
    Value(r"\1"),
    Value("g"),
    function="regexp_replace",
    output_field=models.TextField(),
)


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def matching(self, words: str) -> Self:
        """Speakers whose name holds the words, as a person types them into a search box."""
        return self.alias(words=SPEAKER_WORDS).filter(words=_query(words))

    def near(self, word: str, *, keys: Collection[str], initials: str) -> Self:
        """Speakers whose name holds the word, whose folded name is one of `keys`, or that have the initials.

        In no order, for only so does PostgreSQL read the three indexes and nothing else.
        """
        is_near = Q(words=_query(f'"{word}"')) | Q(key__in=keys)
        if initials:
            is_near |= Q(initials=initials)
        return self.alias(words=SPEAKER_WORDS, initials=SPEAKER_INITIALS).filter(is_near).order_by()


def _query(words: str) -> SearchQuery:
    return SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")


class Speaker(models.Model):
    """The person or body that asserts a claim."""

    name = models.CharField(max_length=300)
    key = models.CharField(max_length=KEY_CHARACTERS, unique=True, editable=False, help_text="folded name")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (models.CheckConstraint(condition=~Q(name="") & ~Q(key=""), name="speaker_has_a_name"),)
        indexes = (
            GinIndex(SPEAKER_WORDS, name="speaker_search"),
            models.Index(SPEAKER_INITIALS, name="speaker_initials"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:claims_speaker_change", args=[self.pk])
