"""Jobs: what became of each thing that was handed in, while it happens and after."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import truncatechars
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from claims import operations, policies
from claims.admin.lists import COUNT_LIMIT, PageAdmin, short_time, signed_in
from claims.errors import Conflict, NotAllowed
from claims.models import Job
from claims.templatetags.claim_text import visible

STATE_LOOKS = {
    Job.State.QUEUED: "",
    Job.State.RUNNING: "is-info",
    Job.State.DONE: "is-ok",
    Job.State.DUPLICATE: "is-warn",
    Job.State.FAILED: "is-bad",
    Job.State.QUARANTINED: "is-bad",
}
STAGES = list(Job.Stage)


@admin.register(Job)
class JobAdmin(PageAdmin):
    page_template = "claims/job.html"
    change_list_template = "admin/claims/job/change_list.html"
    list_display = ("name_shown", "state_badge", "outcome", "requested_by", "created")
    list_filter = ("state", "kind")
    list_select_related = ("article", "requested_by", "snapshot")
    ordering = ("-created_at", "-id")
    actions = ("retry_selected",)
    empty_title = "No jobs yet."
    empty_text = "Each article that is handed in gets one, which shows how far it is and what became of it."

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return policies.allows(policies.check_may_retry_job, signed_in(request))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/progress/", wrap(self.progress_view), name="claims_job_progress"),
            path("<int:pk>/retry/", wrap(self.retry_view), name="claims_job_retry"),
            *super().get_urls(),
        ]

    # --- The list -------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return Job.objects.defer("snapshot__content", "article__search")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"unfinished": _unfinished()})

    @admin.display(description="Job")
    def name_shown(self, job: Job) -> SafeString:
        name = visible(truncatechars(job.name, 120))
        if job.kind == Job.Kind.REEXTRACT:
            return format_html('{} <span class="cc-badge">engine again</span>', name)
        return name

    @admin.display(description="State")
    def state_badge(self, job: Job) -> SafeString:
        badge = format_html('<span class="cc-badge {}">{}</span>', state_look(job), job.get_state_display())
        if job.is_finished:
            return badge
        return format_html(
            '{} <progress max="{}" value="{}" aria-label="Progress of job {}"></progress>'
            '<span class="cc-stage">{}</span>',
            badge,
            len(STAGES) - 1,
            STAGES.index(Job.Stage(job.stage)),
            job.pk,
            job.get_stage_display(),
        )

    @admin.display(description="Outcome", empty_value="")
    def outcome(self, job: Job) -> SafeString | None:
        if job.state == Job.State.DONE and job.article is not None:
            link = format_html('<a href="{}#claims">{}</a>', job.article.get_absolute_url(), _claims(job))
            return format_html("Article with {}", link)
        return visible(truncatechars(job.reason, 120)) if job.reason else None

    @admin.display(description="Handed in")
    def created(self, job: Job) -> SafeString:
        return short_time(job.created_at)

    @admin.action(description="Retry the selected jobs", permissions=["retry"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """One job at a time, so that one that cannot be retried keeps none of the others back."""
        retried, refused = 0, []
        for pk in queryset.order_by("pk").values_list("pk", flat=True):
            try:
                operations.retry_job(job_id=pk, by=signed_in(request), now=timezone.now())
                retried += 1
            except Conflict as error:
                refused.append(f"Job {pk}: {error}")
        if retried:
            jobs = "job is" if retried == 1 else "jobs are"
            messages.success(request, f"{retried} {jobs} offered to workers again.")
        for words in refused[:5]:
            messages.warning(request, words)
        if len(refused) > 5:
            messages.warning(request, f"So it is with {len(refused) - 5} more of the selected jobs.")

    # --- One job --------------------------------------------------------------------------------
    def page_context(self, request: HttpRequest, obj: Job) -> dict[str, Any]:
        at = STAGES.index(Job.Stage(obj.stage))
        is_again = obj.kind == Job.Kind.REEXTRACT
        return {
            "title": f"{obj.get_state_display()}: {obj.name}",
            "job": obj,
            "look": state_look(obj),
            "stages": [
                {
                    "stage": stage,
                    "is_past": number < at or obj.is_finished,
                    "is_current": number == at and not obj.is_finished,
                }
                for number, stage in enumerate(STAGES)
                if not (is_again and stage == Job.Stage.READING)
            ],
            "is_again": is_again,
            "claims_found": _claims(obj),
            "may_retry": obj.may_be_retried and self.has_retry_permission(request),
        }

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far a job is, for the page that shows it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        job = get_object_or_404(Job.objects.only("state", "stage", "attempts", "worker"), pk=pk)
        return JsonResponse(
            {
                "state": job.state,
                "stage": job.stage,
                "is_finished": job.is_finished,
                "attempts": job.attempts,
                "said": job.get_state_display() if job.is_finished else job.get_stage_display(),
            }
        )

    @method_decorator(require_POST)
    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        get_object_or_404(Job.objects.only("pk"), pk=pk)
        try:
            job = operations.retry_job(job_id=pk, by=signed_in(request), now=timezone.now())
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Conflict as error:
            messages.warning(request, str(error))
            return redirect("admin:claims_job_change", pk)
        messages.success(request, "The job is offered to workers again.")
        return redirect(job)


def state_look(job: Job) -> str:
    """The class that gives a job's badge its colour."""
    return STATE_LOOKS[Job.State(job.state)]


def _claims(job: Job) -> str:
    return f"{job.claim_count} claim{'' if job.claim_count == 1 else 's'}"


def _unfinished() -> dict[str, int]:
    """How many jobs wait and run; at most `COUNT_LIMIT` each, which partial indexes count."""
    return {
        state: Job.objects.filter(state=state).order_by()[:COUNT_LIMIT].count() for state in Job.UNFINISHED
    }
