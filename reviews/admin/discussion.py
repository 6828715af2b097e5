"""The discussion of a question in the admin, as a page of its own and as a part of the compare screen.

A script asks for JSON: `panel` is the discussion as it stands, `message` says what was done, or why not.
"""

from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone

from claims.admin.lists import signed_in
from reviews import operations, policies
from reviews.admin import answers, screen
from reviews.discussion import people
from reviews.discussion.threads import Thread, thread
from reviews.errors import Conflict, NotAllowed, ReviewError
from reviews.models import Question


def comments_view(request: HttpRequest, pk: int) -> HttpResponse:
    """The discussion as a page, or the part of it that a script asks for; POST writes a comment."""
    question = _readable(request, pk)
    if request.method == "POST":
        return _write(request, question)
    shown = thread(
        question,
        signed_in(request),
        before=_comment_id(request.GET.get("before")),
        reply_to=_comment_id(request.GET.get("reply")),
    )
    return _part(request, shown) if answers.wants_json(request) else _page(request, shown)


def withdraw_view(request: HttpRequest, pk: int, comment_id: UUID) -> HttpResponse:
    question = _readable(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        operations.withdraw_comment(comment_id=comment_id, by=signed_in(request), now=timezone.now())
    except NotAllowed as error:
        return answers.not_allowed(request, error)
    except ReviewError as error:
        return _refused(request, question, error)
    if answers.wants_json(request):
        return _part(request, thread(question, signed_in(request)), message="Withdrawn.")
    return redirect(f"{question.get_absolute_url()}#comment-{comment_id}")


def people_view(request: HttpRequest) -> HttpResponse:
    """Whom a comment can mention, for a script that completes names: `?typed=`."""
    if not policies.allows(policies.check_may_comment, signed_in(request)):
        raise PermissionDenied
    typed = request.GET.get("typed", "").replace("\x00", "")[:150]
    found = [
        {"username": person.get_username(), "name": person.get_full_name()}
        for person in people.beginning_with(typed)
    ]
    return JsonResponse({"people": found})


PAGES = (
    ("comments", "<int:pk>/comments/", comments_view),
    ("withdraw_comment", "<int:pk>/comments/<uuid:comment_id>/withdraw/", withdraw_view),
    ("people", "people/", people_view),
)


def _readable(request: HttpRequest, pk: int) -> Question:
    may_read = policies.allows(policies.check_may_read_comments, signed_in(request))
    if not may_read or not request.user.has_perm("reviews.view_question"):
        raise PermissionDenied
    return screen.find_question(pk)


def _write(request: HttpRequest, question: Question) -> HttpResponse:
    text, reply_to = _typed(request, "text"), _comment_id(request.POST.get("reply_to"))
    try:
        comment = operations.write_comment(
            question_id=question.pk,
            text=text,
            reply_to_id=reply_to,
            is_thought_hidden=_typed(request, "is_hidden") == "true",
            # The same words from the same page are a second click.
            key=f"{_typed(request, 'seen')} {reply_to} {text}",
            by=signed_in(request),
            now=timezone.now(),
        )
    except NotAllowed as error:
        return answers.not_allowed(request, error)
    except ReviewError as error:
        return _refused(request, question, error)
    if answers.wants_json(request):
        shown = thread(question, signed_in(request))
        return _part(request, shown, message="Your comment stands.", comment=str(comment.pk))
    return redirect(comment)


def _refused(request: HttpRequest, question: Question, error: ReviewError) -> HttpResponse:
    status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
    is_json = answers.wants_json(request)
    shown = thread(
        screen.find_question(question.pk),
        signed_in(request),
        reply_to=_comment_id(request.POST.get("reply_to")),
        typed=_typed(request, "text"),
        problem="" if is_json else str(error),
    )
    if not is_json:
        return _page(request, shown, status=status)
    part = render_to_string("reviews/discussion/_panel.html", {"thread": shown}, request)
    return JsonResponse({"message": str(error), "panel": part}, status=status)


def _part(request: HttpRequest, shown: Thread, **more: str) -> HttpResponse:
    panel = render_to_string("reviews/discussion/_panel.html", {"thread": shown}, request)
    return JsonResponse({"panel": panel, **more})


def _page(request: HttpRequest, shown: Thread, *, status: int = HTTPStatus.OK) -> HttpResponse:
    from django.contrib import admin  # here, for the site loads this module when it looks for its pages

    context = admin.site.each_context(request) | {
        "title": f"Discussion: {shown.question}",
        "question": shown.question,
        "thread": shown,
        "is_page": True,
    }
    return TemplateResponse(request, "reviews/discussion/page.html", context, status=status)


def _typed(request: HttpRequest, name: str) -> str:
    """What was typed, without NUL, which PostgreSQL does not take."""
    return request.POST.get(name, "").replace("\x00", "")


def _comment_id(given: str | None) -> UUID | None:
    """An id out of a link or a form; None for anything else, so that a mistyped link shows a page."""
    try:
        return UUID(given or "")
    except ValueError:
        return None
