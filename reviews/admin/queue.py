"""The page of the queue: the next question, one's own, what waits for adjudication, all under way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from claims.admin.lists import signed_in
from reviews import blinding, operations, policies, queue
from reviews.admin.screen import row_id
from reviews.admin.steps.review import reviewers
from reviews.errors import NotAllowed, ReviewError
from reviews.models import Project, Question
from reviews.review_forms import QueueForm

FOR_ME = "mine"
MOST_AT_ONCE = 100


@require_safe
def show(request: HttpRequest, shared: dict[str, Any]) -> HttpResponse:
    """`shared` is what every page of the admin has."""
    user, now = signed_in(request), timezone.now()
    may_assign = policies.allows(policies.check_may_assign, user)
    people = reviewers() if may_assign else User.objects.none()
    form = QueueForm(request.GET, people=people)
    page = queue.page(_asked(form, request.GET), user, now=now) if form.is_valid() else queue.Page()
    context = shared | {
        "title": "Review queue",
        "held": queue.held(user),
        "now": now,
        "adjudications": queue.to_adjudicate(user),
        "may_assess": policies.allows(policies.check_may_assess, user),
        "may_assign": may_assign,
        "may_see_agreement": policies.allows(policies.check_may_see_agreement, user),
        "may_adjudicate": user.has_perm("reviews.adjudicate_question"),
        "form": form,
        "page": page,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "next_page": _next_page(request, page),
        "reviewers": people,
        "projects": list(Project.objects.all()[:MOST_AT_ONCE]),
    }
    return TemplateResponse(request, "reviews/review/queue.html", context)


def _asked(form: QueueForm, given: QueryDict) -> queue.Asked:
    cleaned = form.cleaned_data
    days = cleaned["older_days"]
    states = (cleaned["state"],) if cleaned["state"] else queue.UNDER_WAY
    return queue.Asked(
        states=states,
        project_id=cleaned["project"].pk if cleaned["project"] else None,
        reviewer=cleaned.get("reviewer"),
        words=cleaned["words"].replace("\x00", "").strip(),
        older_than=timedelta(days=days) if days else None,
        is_for_me=cleaned["waits"] == FOR_ME,
        after=_place(given.get("after", "")),
    )


def _place(text: str) -> tuple[datetime, int] | None:
    """Where a page begins after, as `_next_page` wrote it; None for anything else."""
    moment, _, pk = text.rpartition("_")
    number = row_id(pk)
    try:
        at = parse_datetime(moment)
    except ValueError:
        return None
    return None if at is None or at.tzinfo is None or number is None else (at, number)


def _next_page(request: HttpRequest, page: queue.Page) -> str:
    """The query of the next page; "" on the last one."""
    if page.last is None:
        return ""
    at, pk = page.last
    query = request.GET.copy()
    query["after"] = f"{at.isoformat()}_{pk}"
    return query.urlencode()


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Take what has waited longest, and go there."""
    try:
        project_id = row_id(request.POST.get("project"))
        taken = operations.take_next(project_id=project_id, by=signed_in(request), now=timezone.now())
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    if taken is None:
        messages.info(request, "Nothing waits for you now: the rest is taken, or was written by you.")
        return redirect("admin:reviews_question_queue")
    return redirect(f"{taken.question.get_absolute_url()}#assessing")


@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Assign, give to somebody else, or withdraw for each question that is chosen; one step per question."""
    user = signed_in(request)
    if not policies.allows(policies.check_may_assign, user):
        raise PermissionDenied("You may not assign questions to reviewers.")
    chosen = [_chosen(text) for text in request.POST.getlist("question")[:MOST_AT_ONCE]]
    pairs = [pair for pair in chosen if pair is not None]
    to = reviewers().filter(username=request.POST.get("to", "")).first()
    of = User.objects.filter(username=request.POST.get("of", "")).first()
    step = _step(request.POST.get("do", ""), to=to, of=of, reason=request.POST.get("reason", ""), by=user)
    if step is None or not pairs:
        messages.warning(request, "Choose questions, and for whom.")
    else:
        _take_each(request, pairs, step)
    back = request.POST.get("query", "")
    where = reverse("admin:reviews_question_queue")
    return redirect(f"{where}?{back}#all-title" if back else where)


BulkStep = Callable[[int, int], None]


def _chosen(text: str) -> tuple[int, int] | None:
    """A question and its version as the page showed them: "12:3"."""
    pk, version = (row_id(part) for part in text.partition(":")[::2])
    return None if pk is None or version is None else (pk, version)


def _step(do: str, *, to: User | None, of: User | None, reason: str, by: User) -> BulkStep | None:
    """What is done with a question and its seen version; None where somebody is missing for it."""

    def assign_one(pk: int, version: int) -> None:
        if to is not None:
            operations.assign_question(
                question_id=pk, reviewer=to, seen_version=version, by=by, now=timezone.now()
            )

    def give_one(pk: int, version: int) -> None:
        if to is not None:
            operations.reassign_question(
                assignment_id=_held(pk, of),
                reviewer=to,
                reason=reason,
                seen_version=version,
                by=by,
                now=timezone.now(),
            )

    def withdraw_one(pk: int, version: int) -> None:
        operations.withdraw_assignment(assignment_id=_held(pk, of), reason=reason, by=by, now=timezone.now())

    if do == "assign" and to is not None:
        return give_one if of is not None else assign_one
    if do == "withdraw" and of is not None:
        return withdraw_one
    return None


def _held(question_id: int, of: User | None) -> int:
    """The assignment of a question that somebody holds. Raises ReviewError if they hold none."""
    question = Question.objects.filter(pk=question_id).first()
    assignment = None if question is None or of is None else blinding.held_by(question, of)
    if assignment is None:
        raise ReviewError(f"{of} does not hold it.")
    return assignment.pk


def _take_each(request: HttpRequest, chosen: list[tuple[int, int]], step: BulkStep) -> None:
    """Take a step on each question by itself, and say how many were refused and why."""
    done, refused = 0, list[str]()
    wordings = dict(Question.objects.filter(pk__in=[pk for pk, _ in chosen]).values_list("pk", "wording"))
    for pk, version in chosen:
        try:
            step(pk, version)
        except ReviewError as error:
            refused.append(f"“{wordings.get(pk, pk)}”: {error}")
        else:
            done += 1
    if done:
        messages.success(request, f"Done for {done} question{'' if done == 1 else 's'}.")
    for why in refused[:10]:
        messages.warning(request, why)
    if len(refused) > 10:
        messages.warning(request, f"{len(refused) - 10} more were refused.")
