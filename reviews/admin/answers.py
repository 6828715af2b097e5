"""How a step on the compare screen is answered: by a page for plain forms, by JSON for a script.

The JSON of a question as it stands: `html` (the parts that change), `version`, `state`, and `panel`, which
differs when the person's panel of review is another one, or what it judges changed. With it goes `message`
(what was done, or why not), `news` (what others did since the version the asker had seen), `dialog` (the form
of a refused step, as it was typed) or `location` (where the question is now).
"""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from claims.admin.lists import signed_in
from reviews import compare, operations
from reviews.admin import screen
from reviews.admin.screen import Refused, row_id
from reviews.admin.steps import Step
from reviews.errors import NotAllowed, ReviewError
from reviews.models import Question


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def done(request: HttpRequest, step: Step, message: str) -> HttpResponse:
    """A step that was taken: the question as it stands now, or where it went."""
    question = screen.find_question(step.question.pk)
    is_elsewhere = question.state == Question.State.MERGED
    if not wants_json(request):
        messages.success(request, message)
        where = operations.where_now(question).get_absolute_url()
        return redirect(f"{where}#{step.anchor}" if step.anchor and not is_elsewhere else where)
    if is_elsewhere:
        messages.success(request, message)
        return gone_elsewhere(operations.where_now(question))
    said = f"{message} Undo: u" if step.is_undoable else message
    return JsonResponse(_standing(request, question) | {"message": said})


def refused(request: HttpRequest, refused: Refused, *, status: int) -> HttpResponse:
    """A step that was not taken: why, what others did meanwhile, and its form as it was typed."""
    question = screen.find_question(refused.step.question.pk)
    user = signed_in(request)
    seen = row_id(refused.form.data.get("seen_version"))
    is_stale = seen is not None and seen != question.version and status == HTTPStatus.CONFLICT
    answer: dict[str, Any] = {
        "message": " ".join(str(error) for errors in refused.form.errors.values() for error in errors),
        "is_stale": is_stale,
        "news": [str(one) for one in compare.news(question, since=seen, told=user)]
        if is_stale and seen
        else [],
    }
    if refused.step.title:
        answer["dialog"] = screen.doing_html(request, refused.step, refused.form, news=answer["news"])
    return JsonResponse(_standing(request, question, refused) | answer, status=status)


def gone(request: HttpRequest, question: Question, error: ReviewError) -> HttpResponse:
    """What the step was to be taken on is not there any more: the question as it stands."""
    if wants_json(request):
        answer = _standing(request, question) | {"message": str(error)}
        return JsonResponse(answer, status=HTTPStatus.CONFLICT)
    messages.warning(request, str(error))
    return redirect(question)


def changed(request: HttpRequest, question: Question, *, since: int) -> HttpResponse:
    """The question as it stands, for who looked at an earlier version."""
    news = [str(one) for one in compare.news(question, since=since, told=signed_in(request))]
    return JsonResponse(_standing(request, question) | {"news": news})


def standing(request: HttpRequest, question: Question, message: str) -> HttpResponse:
    """The question as it stands, with what was done."""
    return JsonResponse(_standing(request, question) | {"message": message})


def not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": str(error)}, status=HTTPStatus.FORBIDDEN)
    raise PermissionDenied(str(error)) from error


def gone_elsewhere(stays: Question) -> HttpResponse:
    return JsonResponse({"location": stays.get_absolute_url()})


def _standing(request: HttpRequest, question: Question, refused: Refused | None = None) -> dict[str, Any]:
    shown = screen.context(question, user=signed_in(request), refused=refused)
    return {
        "html": screen.live(request, shown),
        "version": question.version,
        "state": question.state,
        "panel": shown["panel"].stamp,
    }
