"""Questions: the list, the form to open one, and the compare screen with every step taken there."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from claims.admin.lists import signed_in
from claims.models import Claim
from reviews import compare, operations, policies, workflow
from reviews.admin import agreement, answers, assessing, discussion, queue, screen
from reviews.admin.panel import Typed
from reviews.admin.question_list import QuestionList
from reviews.admin.screen import Refused, row_id
from reviews.admin.steps import STEPS, Step
from reviews.admin.steps.claims import PlaceClaim
from reviews.errors import Conflict, NotAllowed, ReviewError
from reviews.forms import QuestionForm
from reviews.models import Question

CHOICES = 30


@admin.register(Question)
class QuestionAdmin(QuestionList):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return policies.allows(policies.check_may_open_question, signed_in(request))

    def get_urls(self) -> list[URLPattern]:
        def page(name: str, route: str, view: Callable[..., HttpResponse]) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"reviews_question_{name}")

        return [
            page("choose", "place/<int:claim_id>/", self.choose_question_view),
            page("queue", "queue/", self.queue_view),
            page("take_next", "queue/next/", self.take_next_view),
            page("assign_many", "queue/assign/", self.assign_many_view),
            page("compare", "<int:pk>/compare/", self.compare_view),
            page("reading", "<int:pk>/reading/<int:claim_id>/", self.reading_view),
            page("draft", "<int:pk>/draft/", self._assessing(assessing.save_draft)),
            page(
                "adjudication_draft",
                "<int:pk>/adjudication-draft/",
                self._assessing(assessing.save_adjudication),
            ),
            page("submit", "<int:pk>/submit/", self._assessing(assessing.submit)),
            page("adjudicate", "<int:pk>/adjudicate/", self._assessing(assessing.adjudicate)),
            page("upload", "<int:pk>/evidence/", self.upload_view),
            page("evidence", "<int:pk>/evidence/<str:sha256>/", self.evidence_view),
            *(page(step.name, step.route(), partial(self.step_view, step=step)) for step in STEPS.values()),
            *(page(name, route, view) for name, route, view in (*discussion.PAGES, *agreement.PAGES)),
            *super().get_urls(),
        ]

    # --- Questions by themselves ------------------------------------------------------------------
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Open a question; `?claim=ID` brings a claim along to be placed on the next page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = QuestionForm(request.POST or None)
        claim_id = row_id(request.GET.get("claim"))
        if request.method == "POST" and form.is_valid():
            question = self._open(request, form)
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

    def _open(self, request: HttpRequest, form: forms.BaseForm) -> Question | None:
        try:
            return operations.open_question(**form.cleaned_data, by=signed_in(request), now=timezone.now())
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except ReviewError as error:
            form.add_error(None, str(error))
            return None

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

    # --- The queue of review ------------------------------------------------------------------------
    def queue_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return queue.show(request, self.admin_site.each_context(request) | {"opts": self.opts})

    def take_next_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return queue.take_next(request)

    def assign_many_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return queue.assign(request)

    # --- The compare screen -----------------------------------------------------------------------
    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The screen; for a script that asks for JSON its news, found claims, or the form of a step."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        question = screen.find_question(pk)
        if question.state == Question.State.MERGED:
            return self._where_now(request, question)
        if answers.wants_json(request):
            return self._part(request, question)
        step = screen.step_asked_for(request, question, user=signed_in(request))
        try:
            doing = screen.doing(step) if step else None
        except ReviewError as error:
            messages.warning(request, str(error))
            doing = None
        return self._page(request, question, doing=doing)

    def _where_now(self, request: HttpRequest, question: Question) -> HttpResponse:
        stays = operations.where_now(question)
        if answers.wants_json(request):
            return answers.gone_elsewhere(stays)
        messages.info(request, f"“{question}” was merged into this question: {question.state_reason}")
        return redirect(stays)

    def _part(self, request: HttpRequest, question: Question) -> HttpResponse:
        """What a page that is open asks for: the news since a version, claims to place, or a form."""
        if "since" in request.GET:
            seen, state = row_id(request.GET["since"]) or 0, request.GET.get("state", "")
            if (seen, state) == (question.version, question.state):
                return HttpResponse(status=HTTPStatus.NO_CONTENT)
            return answers.changed(request, question, since=seen)
        if "do" in request.GET:
            step = screen.step_asked_for(request, question, user=signed_in(request))
            if step is None:
                raise Http404("There is no such step, or it is not for you.")
            try:
                return JsonResponse({"dialog": screen.doing_html(request, step)})
            except ReviewError as error:
                return answers.gone(request, question, error)
        if "panel" in request.GET:
            return JsonResponse({"panel": screen.panel_html(request, question)})
        if "timeline" in request.GET:
            return JsonResponse({"timeline": screen.timeline_html(request, question)})
        found = self._found(request, question)
        return JsonResponse({"found": render_to_string("reviews/compare/_found.html", found, request)})

    def reading_view(self, request: HttpRequest, pk: int, claim_id: int) -> HttpResponse:
        """The text a claim stands in, as a part of the page."""
        if not self.has_view_permission(request) or not request.user.has_perm("claims.view_article"):
            raise PermissionDenied
        question = get_object_or_404(Question, pk=pk)
        claims = Claim.objects.select_related("speaker", "revision__article__outlet")
        claim = get_object_or_404(claims.defer("search", "revision__article__search"), pk=claim_id)
        shown = {"reading": compare.reading(question, claim)}
        return TemplateResponse(request, "reviews/compare/_reading.html", shown)

    def _assessing(self, view: assessing.View) -> Callable[..., HttpResponse]:
        return partial(self.assessing_view, view=view)

    def assessing_view(self, request: HttpRequest, pk: int, *, view: assessing.View) -> HttpResponse:
        """Write an assessment or a decision; see reviews/admin/assessing.py."""
        if not self.has_view_permission(request):
            raise PermissionDenied

        def page(request: HttpRequest, question: Question, typed: Typed, status: int) -> HttpResponse:
            return self._page(request, question, typed=typed, status=status)

        return view(request, screen.find_question(pk), page)

    def upload_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return assessing.upload(request, screen.find_question(pk))

    def evidence_view(self, request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return assessing.download(request, screen.find_question(pk), sha256)

    def step_view(
        self, request: HttpRequest, pk: int, on: int | None = None, *, step: type[Step]
    ) -> HttpResponse:
        """Take one step by POST; on a refusal show the page again with the form as it was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        question = screen.find_question(pk)
        try:
            step.check(signed_in(request))  # before a form that could tell what only others may know
            taking = step(question, on, by=signed_in(request))
            form = taking.form(request.POST)
        except NotAllowed as error:
            return answers.not_allowed(request, error)
        except ReviewError as error:
            return answers.gone(request, question, error)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                taking.take(form.cleaned_data, now=timezone.now())
            except NotAllowed as error:
                return answers.not_allowed(request, error)
            except Conflict as error:
                form.add_error(None, str(error))
                status = HTTPStatus.CONFLICT
            except ReviewError as error:
                form.add_error(None, str(error))
            else:
                return answers.done(request, taking, taking.done(form.cleaned_data) + taking.fallen())
        try:
            return self._refused(request, Refused(taking, form), status=status)
        except ReviewError as error:  # what it was to be taken on is gone: there is no dialog to show again
            return answers.gone(request, question, error)

    def _refused(self, request: HttpRequest, refused: Refused, *, status: int) -> HttpResponse:
        """The page with the step as it was typed. Raises ReviewError where its dialog cannot be shown."""
        if answers.wants_json(request):
            return answers.refused(request, refused, status=status)
        step, form, question = refused.step, refused.form, refused.step.question
        doing = screen.doing(step, form) if step.title else None
        for message in form.non_field_errors():
            messages.error(request, str(message))
        return self._page(
            request, screen.find_question(question.pk), refused=refused, doing=doing, status=status
        )

    def _page(
        self,
        request: HttpRequest,
        question: Question,
        *,
        refused: Refused | None = None,
        typed: Typed | None = None,
        doing: dict[str, Any] | None = None,
        status: int = HTTPStatus.OK,
    ) -> HttpResponse:
        seen = row_id(refused.form.data.get("seen_version")) if refused else None
        shown = screen.context(question, user=signed_in(request), refused=refused, typed=typed)
        context = (
            self.admin_site.each_context(request)
            | shown
            | self._found(request, question)
            | {
                "title": question.wording,
                "opts": self.opts,
                "doing": doing,
                "timeline": compare.timeline(shown["columns"]) if "timeline" in request.GET else None,
                "is_changed": seen not in (None, question.version),
                "news": compare.news(question, since=seen, told=signed_in(request))
                if seen is not None
                else [],
            }
        )
        return TemplateResponse(request, "reviews/compare.html", context, status=status)

    def _found(self, request: HttpRequest, question: Question) -> dict[str, Any]:
        words = _typed(request, "find")
        return {
            "question": question,
            "words": words,
            "found": compare.found(question, words=words, claim_id=row_id(request.GET.get("claim"))),
            "is_searching": "find" in request.GET or "claim" in request.GET,
            "articles": screen.articles_base(),
            "places": list(question.positions.standing()),
            "place_url": PlaceClaim(question, None, by=signed_in(request)).url,
        }


def _typed(request: HttpRequest, name: str) -> str:
    """What was typed into a search box; PostgreSQL takes no NUL."""
    return request.GET.get(name, "").replace("\x00", "").strip()
