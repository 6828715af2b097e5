"""What the lists can be narrowed by. Unknown parameters are refused by the filter backend."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.db.models import QuerySet, Subquery
from django_filters.rest_framework import FilterSet  # type: ignore[import-untyped]
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ErrorDetail, ValidationError

from claims.errors import Unreadable
from claims.ingestion.address import canonical_address
from claims.models import Article, Claim, Job, Outlet, Speaker, folded

MAX_SEARCH_CHARACTERS = 300
_LARGEST_ID = 2**63 - 1


class IdFilter(django_filters.Filter):
    """By id; one that no row can have is malformed, and never reaches the database."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=_LARGEST_ID, help_text=help_text, **kwargs)
        extend_schema_field({"type": "integer", "minimum": 1, "description": help_text})(self)


class FractionFilter(django_filters.Filter):
    field_class = forms.FloatField

    def __init__(self, *args: Any, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=1, help_text=help_text, **kwargs)
        extend_schema_field({"type": "number", "minimum": 0, "maximum": 1, "description": help_text})(self)


class SearchFilter(django_filters.CharFilter):
    """Words as a person types them into a search box, for querysets with `.matching(words)`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            max_length=MAX_SEARCH_CHARACTERS,
            help_text='Words to search for; "a phrase", or, -without.',
            **kwargs,
        )

    def filter(self, qs: Any, value: str) -> Any:
        return qs.matching(value) if value else qs


class NameFilter(django_filters.CharFilter):
    """By name, in whatever case and spacing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=300, help_text="The whole name; case does not count.", **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(key=folded(value)) if value else qs


class YesNoFilter(django_filters.TypedChoiceFilter):
    """true or false; django-filter's own takes every other word for no filter at all."""

    def __init__(self, *args: Any, help_text: str, **kwargs: Any) -> None:
        choices = (("true", "true"), ("false", "false"))
        super().__init__(
            *args, choices=choices, coerce="true".__eq__, empty_value=None, help_text=help_text, **kwargs
        )
        extend_schema_field({"type": "boolean", "description": help_text})(self)


class OutletFilter(FilterSet):
    name = NameFilter()

    class Meta:
        model = Outlet
        fields: tuple[str, ...] = ()


class SpeakerFilter(FilterSet):
    name = NameFilter()

    class Meta:
        model = Speaker
        fields: tuple[str, ...] = ()


class ArticleFilter(FilterSet):
    outlet = IdFilter(help_text="Id of the outlet.")
    url = django_filters.CharFilter(method="at_url", help_text="Its address; trackers do not count.")
    published_after = django_filters.IsoDateTimeFilter(
        "published_at", "gte", help_text="At this time or later."
    )
    published_before = django_filters.IsoDateTimeFilter("published_at", "lt", help_text="Earlier.")
    q = SearchFilter()

    class Meta:
        model = Article
        fields: tuple[str, ...] = ()

    def at_url(self, articles: QuerySet[Article], name: str, url: str) -> QuerySet[Article]:
        try:
            address = canonical_address(url)
        except Unreadable as error:
            raise ValidationError({name: [ErrorDetail(str(error), code=error.code)]}) from error
        return articles.filter(canonical_url=address)


class ClaimFilter(FilterSet):
    article = IdFilter("revision__article", help_text="Id of the article, whichever the revision.")
    revision = IdFilter(help_text="Id of the revision.")
    outlet = IdFilter("revision__article__outlet", help_text="Id of the outlet.")
    speaker = IdFilter(help_text="Id of the speaker.")
    speaker_name = django_filters.CharFilter(
        method="by_speaker_named", max_length=300, help_text="The whole name; case does not count."
    )
    kind = django_filters.ChoiceFilter(choices=Claim.Kind.choices)
    min_check_worthiness = FractionFilter("check_worthiness", "gte", help_text="From 0 to 1.")
    q = SearchFilter()

    class Meta:
        model = Claim
        fields: tuple[str, ...] = ()

    def by_speaker_named(self, claims: QuerySet[Claim], _name: str, name: str) -> QuerySet[Claim]:
        # As one value rather than a join, so that the index on speaker and time gives the order too.
        return claims.filter(speaker=Subquery(Speaker.objects.filter(key=folded(name)).values("pk")[:1]))


class JobFilter(FilterSet):
    kind = django_filters.ChoiceFilter(choices=Job.Kind.choices)
    state = django_filters.ChoiceFilter(choices=Job.State.choices)
    mine = YesNoFilter(method="asked_by_me", help_text="true: asked for by you; false: by others.")

    class Meta:
        model = Job
        fields: tuple[str, ...] = ()

    def asked_by_me(self, jobs: QuerySet[Job], _name: str, is_mine: bool) -> QuerySet[Job]:
        mine = {"requested_by": self.request.user}
        return jobs.filter(**mine) if is_mine else jobs.exclude(**mine)
