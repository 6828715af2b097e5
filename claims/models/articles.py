"""What was published: outlets, their articles, the bytes as received and the texts read from them."""

import unicodedata
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from claims.triggers import never_changes

SEARCH_CONFIG = "english"
KEY_CHARACTERS = 400


def folded(name: str) -> str:
    """Return a name as names are compared: compatibility forms, case and spacing do not count.

    Cut to what the key columns hold, for a single character may fold to eighteen.
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:KEY_CHARACTERS]


class Outlet(models.Model):
    """A medium that publishes; never called a source, which is who speaks in a text."""

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=KEY_CHARACTERS, unique=True, editable=False, help_text="folded name")
    homepage_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.CheckConstraint(condition=~Q(name="") & ~Q(key=""), name="outlet_has_a_name"),)

    def __str__(self) -> str:
        return self.name


class ArticleQuerySet(models.QuerySet["Article"]):
    def matching(self, words: str) -> Self:
        """Articles whose title holds the words, as a person types them into a search box."""
        return self.filter(search=SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch"))


class Article(models.Model):
    """One published item, known by its canonical URL or, pasted, by its outlet and content."""

    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="articles")
    canonical_url = models.URLField(max_length=2000, null=True, blank=True)  # noqa: DJ001  unique where known
    pasted_sha256 = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001  the same
    title = models.CharField(max_length=500)
    published_at = models.DateTimeField(null=True, blank=True)
    current_revision = models.ForeignKey(
        "Revision",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="what it said when last seen; not always the newest, for a text may go back",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    search = models.GeneratedField(
        expression=SearchVector("title", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        permissions = (
            ("submit_article", "Can submit an article for ingestion"),
            ("reextract_article", "Can have the engine read an article again"),
        )
        constraints = (
            models.UniqueConstraint("canonical_url", name="one_article_per_canonical_url"),
            models.UniqueConstraint(
                fields=("outlet", "pasted_sha256"),
                condition=Q(pasted_sha256__isnull=False),
                nulls_distinct=False,
                name="one_pasted_article_per_outlet_and_text",
            ),
            models.CheckConstraint(
                condition=Q(canonical_url__isnull=False, pasted_sha256__isnull=True)
                | Q(canonical_url__isnull=True, pasted_sha256__isnull=False),
                name="article_is_known_by_its_url_or_by_its_text",
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="article_newest_first"),
            GinIndex("search", name="article_search"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("admin:claims_article_change", args=[self.pk])


class Snapshot(models.Model):
    """The bytes as we received them, before anything read them."""

    sha256 = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField(help_text="zlib-compressed")
    byte_count = models.PositiveIntegerField(help_text="of the bytes as received")
    media_type = models.CharField(max_length=100)
    charset = models.CharField(max_length=40, blank=True, help_text="as declared by who sent it")
    file_name = models.CharField(max_length=255, blank=True)
    final_url = models.URLField(max_length=2000, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = (never_changes("snapshot"),)

    def __str__(self) -> str:
        return f"{self.byte_count:,} bytes of {self.media_type}"


class Revision(models.Model):
    """The text of an article as seen at one moment. Offsets count code points of `text`, half-open."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(help_text="1 for the first text seen of an article")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="revisions")
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=500)
    byline = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=200, blank=True, help_text="the agency it is credited to, if any")
    language = models.CharField(max_length=20, blank=True)
    published_at = models.DateTimeField(null=True)
    published_text = models.CharField(max_length=100, blank=True, help_text="the date as the page writes it")
    published_zone_assumed = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("article_id", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("article", "text_sha256"), name="one_revision_per_text_of_an_article"
            ),
            models.UniqueConstraint(
                fields=("article", "number"), name="revision_numbers_are_unique_in_an_article"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="revision_has_a_text"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revisions_count_from_one"),
        )
        indexes = (models.Index(fields=("text_sha256",), name="revision_by_text"),)
        triggers = (never_changes("revision"),)

    def __str__(self) -> str:
        return f"{self.title} (revision {self.number})"
