"""Questions: the list, the form to open one, and the compare screen with every step taken there."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.lists import SearchedByWords, short_time, signed_in
from claims.models import Claim
from claims.templatetags.claim_text import visible
from reviews import compare, operations, policies, workflow
from reviews.errors import NotAllowed, ReviewError
from reviews.forms import (
    MarksForm,
    PlacementForm,
    PositionForm,
    QuestionForm,
    ReasonForm,
    RejectionForm,
    VerdictForm,
)
from reviews.models import Placement, Position, Question, SourcingMark, Verdict

STATE_LOOKS = {
    Question.State.PROPOSED: "",
    Question.State.OPEN: "is-info",
    Question.State.IN_REVIEW: "is-warn",
    Question.State.ADJUDICATION: "is-warn",
    Question.State.DECIDED: "is-ok",
    Question.State.REOPENED: "is-info",
}
CHOICES = 30
# Which form a step's errors belong to, so that what was typed is shown again beside them.
Bound = dict[str, forms.BaseForm]


@admin.register(Question)
class QuestionAdmin(SearchedByWords):
    list_display = ("question_shown", "state_badge", "positions_answered", "claims_placed", "opened")
    list_filter = ("state",)
    search_fields = ("wording",)
    search_help_text = 'Words of the question or its event; "a phrase", or, -not'
    ordering = ("-opened_at", "-id")
    add_label = "Open a question"
    empty_title = "No questions yet."
    empty_text = "A question asks for one fact about one event; claims that answer it differently compete."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return Question.objects.with_counts()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policies.allows(policies.check_may_open_question, signed_in(request))

    @admin.display(description="Question")
    def question_shown(self, question: Question) -> SafeString:
        event = format_html('<br><span class="cc-quiet">{}</span>', visible(question.event))
        return format_html("{}{}", visible(question.wording), event if question.event else "")

    @admin.display(description="Opened")
    def opened(self, question: Question) -> SafeString:
        return short_time(question.opened_at)

    @admin.display(description="State")
    def state_badge(self, question: Question) -> SafeString:
        return state_badge(question)

    @admin.display(description="Positions with claims")
    def positions_answered(self, question: Question) -> int:
        return question.answered_count

    @admin.display(description="Claims")
    def claims_placed(self, question: Question) -> str:
        return counted(question.claim_count, question.outlet_count)

    def get_urls(self) -> list[URLPattern]:
        def page(name: str, route: str, view: Callable[..., HttpResponse]) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"reviews_question_{name}")

        return [
            page("choose", "place/<int:claim_id>/", self.choose_question_view),
            page("compare", "<int:pk>/compare/", self.compare_view),
            page("add_position", "<int:pk>/add-position/", self.add_position_view),
            page("place_claim", "<int:pk>/place-claim/", self.place_claim_view),
            page(
                "reject_placement",
                "<int:pk>/reject-placement/<int:placement_id>/",
                self.reject_placement_view,
            ),
            page("mark_sourcing", "<int:pk>/mark-sourcing/<int:claim_id>/", self.mark_sourcing_view),
            page("record_verdict", "<int:pk>/record-verdict/", self.record_verdict_view),
            page("reopen", "<int:pk>/reopen/", self.reopen_view),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Open a question; `?claim=ID` brings a claim along to be placed on the next page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = QuestionForm(request.POST or None)
        claim_id = row_id(request.GET.get("claim"))
        if request.method == "POST" and form.is_valid():
            question = _attempt(
                form,
                lambda: operations.open_question(
                    **form.cleaned_data, by=signed_in(request), now=timezone.now()
                ),
            )
            if question is not None:
                messages.success(request, "The question is open. Place claims under its positions.")
                bring = f"?claim={claim_id}#find" if claim_id else ""
                return redirect(question.get_absolute_url() + bring)
        context = self.admin_site.each_context(request) | {
            "title": "Open a question",
            "opts": self.opts,
            "form": form,
            "claim": Claim.objects.for_display().filter(pk=claim_id).first() if claim_id else None,
        }
        return TemplateResponse(request, "reviews/open_question.html", context)

    def choose_question_view(self, request: HttpRequest, claim_id: int) -> HttpResponse:
        """Where does this claim belong? The open questions, newest first or those with `?q=` words."""
        may_place = policies.allows(policies.check_may_place_claim, signed_in(request))
        if not may_place or not self.has_view_permission(request):
            raise PermissionDenied
        words = _typed(request, "q")
        questions = Question.objects.filter(state__in=workflow.EDITABLE)
        if words:
            questions = questions.matching(words)
        context = self.admin_site.each_context(request) | {
            "title": "Place a claim under a question",
            "opts": self.opts,
            "claim": get_object_or_404(Claim.objects.for_display(), pk=claim_id),
            "words": words,
            "questions": questions.with_counts().order_by("-opened_at", "-id")[:CHOICES],
            "may_open": self.has_add_permission(request),
        }
        return TemplateResponse(request, "reviews/choose_question.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        pk = row_id(object_id)
        if pk is None:
            raise Http404("Questions have numbers.")
        return redirect("admin:reviews_question_compare", pk=pk)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._compare(request, pk)

    def add_position_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = PositionForm(request.POST)
        return self._step(
            request,
            pk,
            form,
            lambda given: operations.add_position(
                question_id=pk, **given, by=signed_in(request), now=timezone.now()
            ),
            shown_as="position_form",
            done="The position is added.",
        )

    def place_claim_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method == "POST":
            get_object_or_404(Position, pk=row_id(request.POST.get("position_id")), question=pk)
        form = PlacementForm(request.POST)
        return self._step(
            request,
            pk,
            form,
            lambda given: operations.place_claim(**given, by=signed_in(request), now=timezone.now()),
            shown_as="placement_form",
            done="The claim is placed.",
            anchor=f"claim-{row_id(request.POST.get('claim_id')) or ''}",
        )

    def reject_placement_view(self, request: HttpRequest, pk: int, placement_id: int) -> HttpResponse:
        get_object_or_404(Placement, pk=placement_id, question=pk)
        form = RejectionForm(request.POST)
        form.placement_id = placement_id
        return self._step(
            request,
            pk,
            form,
            lambda given: operations.reject_placement(
                placement_id=placement_id, **given, by=signed_in(request), now=timezone.now()
            ),
            shown_as="rejection_form",
            done="The claim no longer stands there; the rejection is remembered.",
        )

    def mark_sourcing_view(self, request: HttpRequest, pk: int, claim_id: int) -> HttpResponse:
        get_object_or_404(Claim, pk=claim_id)
        form = MarksForm(request.POST)
        return self._step(
            request,
            pk,
            form,
            lambda _: operations.mark_sourcing(
                claim_id=claim_id, marks=form.marks, by=signed_in(request), now=timezone.now()
            ),
            shown_as="marks_form",
            done="The sourcing is marked.",
            anchor=f"claim-{claim_id}",
            marking=claim_id,
        )

    def record_verdict_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        question = get_object_or_404(Question, pk=pk)
        form = VerdictForm(request.POST, positions=list(question.positions.all()))
        return self._step(
            request,
            pk,
            form,
            lambda given: operations.record_verdict(
                question_id=pk,
                judgement=given["judgement"],
                position_judgements=form.position_judgements,
                rationale=given["rationale"],
                seen_version=given["seen_version"],
                by=signed_in(request),
                now=timezone.now(),
            ),
            shown_as="verdict_form",
            done="The verdict is recorded.",
            anchor="verdict",
        )

    def reopen_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReasonForm(request.POST)
        return self._step(
            request,
            pk,
            form,
            lambda given: operations.reopen_question(
                question_id=pk, reason=given["reason"], by=signed_in(request), now=timezone.now()
            ),
            shown_as="reopen_form",
            done="The question is open again; the earlier verdict stays readable.",
        )

    def _step(
        self,
        request: HttpRequest,
        pk: int,
        form: forms.BaseForm,
        operation: Callable[[dict[str, Any]], object],
        *,
        shown_as: str,
        done: str,
        anchor: str = "",
        marking: int | None = None,
    ) -> HttpResponse:
        """Take one step by POST; on a refusal show the page again with the form as it was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if form.is_valid() and _attempt(form, lambda: operation(form.cleaned_data)) is not None:
            messages.success(request, done)
            url = reverse("admin:reviews_question_compare", args=[pk])
            return HttpResponseRedirect(f"{url}#{anchor}" if anchor else url)
        for error in form.non_field_errors():
            messages.error(request, str(error))
        return self._compare(request, pk, bound={shown_as: form}, marking=marking)

    def _compare(
        self, request: HttpRequest, pk: int, *, bound: Bound | None = None, marking: int | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        question = get_object_or_404(Question.objects.with_counts().select_related("opened_by"), pk=pk)
        verdicts = list(
            Verdict.objects.filter(question=question)
            .select_related("decided_by")
            .prefetch_related("positions__position")
        )
        verdict = verdicts[0] if verdicts else None
        columns = compare.columns(question, verdict=verdict)
        marking = marking or row_id(request.GET.get("mark"))
        words = _typed(request, "find")
        context = self.admin_site.each_context(request) | {
            "title": question.wording,
            "opts": self.opts,
            "question": question,
            "state_look": STATE_LOOKS.get(Question.State(question.state), ""),
            "columns": columns,
            "counts": counted(question.claim_count, question.outlet_count),
            "verdict": verdict,
            "earlier_verdicts": verdicts[1:],
            "taken_out": compare.taken_out(question),
            "earlier_marks": compare.earlier_marks(marking) if marking else [],
            "is_editable": question.state in workflow.EDITABLE,
            "is_decidable": question.state in workflow.DECIDABLE,
            "marking": marking,
            "may": {
                name: policies.allows(check, signed_in(request))
                for name, check in {
                    "word": policies.check_may_open_question,
                    "place": policies.check_may_place_claim,
                    "mark": policies.check_may_mark_sourcing,
                    "decide": policies.check_may_record_verdict,
                    "reopen": policies.check_may_reopen_question,
                }.items()
            },
            "words": words,
            "found": compare.found(question, words=words, claim_id=row_id(request.GET.get("claim"))),
            "is_searching": "find" in request.GET or "claim" in request.GET,
            "is_changed": any(
                row_id(form.data.get("seen_version")) not in (None, question.version)
                for form in (bound or {}).values()
            ),
            **self._forms(question, columns, marking=marking),
            **(bound or {}),
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK
        return TemplateResponse(request, "reviews/compare.html", context, status=status)

    def _forms(
        self, question: Question, columns: list[compare.Column], *, marking: int | None
    ) -> dict[str, forms.BaseForm]:
        mark = SourcingMark.objects.current().filter(claim=marking).first() if marking else None
        return {
            "position_form": PositionForm(),
            "marks_form": MarksForm(instance=mark),
            "verdict_form": VerdictForm(positions=[column.position for column in columns]),
            "reopen_form": ReasonForm(),
        }


def state_badge(question: Question) -> SafeString:
    look = STATE_LOOKS.get(Question.State(question.state), "")
    return format_html('<span class="cc-badge {}">{}</span>', look, question.get_state_display())


def counted(claims: int, outlets: int) -> str:
    """Counts as they are shown wherever claims are counted: "7 claims, 5 outlets"."""
    return f"{claims} claim{'' if claims == 1 else 's'}, {outlets} outlet{'' if outlets == 1 else 's'}"


def _typed(request: HttpRequest, name: str) -> str:
    """What was typed into a search box; PostgreSQL takes no NUL."""
    return request.GET.get(name, "").replace("\x00", "").strip()


def _attempt(form: forms.BaseForm, operation: Callable[[], Any]) -> Any:
    """The operation's result, or None with its refusal as an error of the form."""
    try:
        return operation()
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except ReviewError as error:
        form.add_error(None, str(error))
        return None


def row_id(text: str | None) -> int | None:
    """A row id out of a query string; None for anything else, so that a mistyped link shows a page."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
