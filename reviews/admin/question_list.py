"""The list of questions: how contested each is, what waits for people, read from tallies by index."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.filters import BooleanFieldListFilter, ChoicesFieldListFilter, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.lists import SearchedByWords, short_time
from claims.templatetags.claim_text import visible
from reviews.competing import MOST_CONTESTED, NEWEST_CLAIMS, tally_of
from reviews.models import Question, Verdict
from reviews.presentation import counted

STATE_LOOKS = {
    Question.State.PROPOSED: "",
    Question.State.OPEN: "is-info",
    Question.State.IN_REVIEW: "is-warn",
    Question.State.ADJUDICATION: "is-warn",
    Question.State.DECIDED: "is-ok",
    Question.State.REOPENED: "is-info",
    Question.State.DISMISSED: "",
    Question.State.MERGED: "",
}
WORDING_CHARACTERS, EVENT_CHARACTERS = 160, 120
TAKEN_AWAY = (Question.State.DISMISSED, Question.State.MERGED)
NEWEST = ("-opened_at", "-id")
ORDERS = {"contested": MOST_CONTESTED, "claims": NEWEST_CLAIMS}


class StateFilter(ChoicesFieldListFilter):
    """Without a choice, what was dismissed or merged away is left out."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        if not self.used_parameters:
            return queryset.exclude(state__in=TAKEN_AWAY)
        narrowed: QuerySet[Question] | None = super().queryset(request, queryset)
        return queryset if narrowed is None else narrowed

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        everything, *choices = super().choices(changelist)
        yield {**everything, "display": "All that stand"}
        yield from choices


class EvolvingFilter(BooleanFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "evolving answers"


class SlotFilter(ChoicesFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "what it asks for"


class ReviewFilter(SimpleListFilter):
    title = "what the matcher found"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return (("needed", "Proposed, or claims to confirm"), ("none", "Nothing to open or confirm"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        waits = Q(state=Question.State.PROPOSED) | Q(tally__suggested__gt=0)
        match self.value():
            case "needed":
                return queryset.filter(waits)
            case "none":
                return queryset.exclude(state=Question.State.PROPOSED).filter(
                    Q(tally__suggested=0) | Q(tally__isnull=True)
                )
            case _:
                return queryset


class OrderFilter(SimpleListFilter):
    """Not a filter but the order, where people look for it; QuestionList.get_ordering does it."""

    title = "order"
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return (("contested", "Most contested first"), ("claims", "Newest claims first"))

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        usual, *choices = super().choices(changelist)
        yield {**usual, "display": "Newest questions first"}
        yield from choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        match self.value():
            case "contested":
                return queryset.filter(tally__isnull=False)
            case "claims":
                return queryset.filter(tally__newest_at__isnull=False)
            case _:
                return queryset


class QuestionList(SearchedByWords):
    """What the list of questions shows; QuestionAdmin adds the pages."""

    list_display = ("question_shown", "state_badge", "contest", "claims_placed", "newest")
    list_filter = (
        OrderFilter,
        ReviewFilter,
        ("state", StateFilter),
        "resolution",
        ("is_evolving", EvolvingFilter),
        ("slot", SlotFilter),
    )
    list_select_related = ("tally",)
    search_fields = ("wording",)
    search_help_text = 'Words of the question or its event; "a phrase", or, -not'
    ordering = NEWEST
    add_label = "Open a question"
    empty_title = "No questions yet."
    empty_text = (
        "A question asks for one fact about one event; claims that answer it differently compete. "
        "The matcher proposes questions when articles disagree, and people open their own."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        verdicts = Verdict.objects.current().prefetch_related("positions__position")
        return super().get_queryset(request).prefetch_related(Prefetch("verdicts", verdicts, "standing"))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ORDERS.get(request.GET.get(OrderFilter.parameter_name, ""), NEWEST)

    @admin.display(description="Question")
    def question_shown(self, question: Question) -> SafeString:
        wording = visible(truncatechars(question.wording, WORDING_CHARACTERS))
        event = visible(truncatechars(question.event, EVENT_CHARACTERS))
        quiet = format_html('<br><span class="cc-quiet">{}</span>', event)
        return format_html("{}{}", wording, quiet if question.event else "")

    @admin.display(description="State")
    def state_badge(self, question: Question) -> SafeString:
        """And how it was decided, if that stands."""
        badge = format_html(
            '<span class="cc-badge {}">{}</span>',
            STATE_LOOKS.get(Question.State(question.state), ""),
            question.get_state_display(),
        )
        for verdict in question.standing:  # type: ignore[attr-defined]  # one at most, by get_queryset
            said = visible(verdict.short_headline)
            badge = format_html(
                '{}<br><span class="cc-quiet" title="{}">{}</span>', badge, verdict.headline, said
            )
        return badge

    @admin.display(description="Answers")
    def contest(self, question: Question) -> SafeString:
        return contest_badges(question)

    @admin.display(description="Claims")
    def claims_placed(self, question: Question) -> SafeString:
        tally = tally_of(question)
        counts = counted(tally.claims, tally.outlets, tally.origins)
        if not tally.suggested:
            return format_html("{}", counts)
        return format_html(
            '{}<br><span class="cc-badge is-info">{} to confirm</span>', counts, tally.suggested
        )

    @admin.display(description="Newest claim", empty_value="none dated")
    def newest(self, question: Question) -> SafeString | None:
        newest_at = tally_of(question).newest_at
        return short_time(newest_at) if newest_at else None


def contest_badges(question: Question) -> SafeString:
    """How many answers have claims, and whether they compete or follow each other."""
    tally = tally_of(question)
    answers = f"{tally.answered} answer{'' if tally.answered == 1 else 's'}"
    if question.is_evolving:
        return format_html('{} <span class="cc-badge is-info">evolving</span>', answers)
    if question.resolution != Question.Resolution.CONTESTED:
        return format_html("{}", answers)
    return format_html(
        '{} <span class="cc-badge is-warn">contested</span><br><span class="cc-quiet">{}</span>',
        answers,
        f"{tally.opposed_origins}+ origins a side" if tally.opposed_origins else "",
    )
