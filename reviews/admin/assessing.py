"""Where assessments are written: drafts kept, sealed, adjudicated, and files of evidence given in and out.

A script gets JSON, a plain form a page. Nothing here differs by what anybody else has written.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from claims.admin.lists import signed_in
from reviews import blinding, operations
from reviews.admin import answers, screen
from reviews.admin.panel import Typed
from reviews.admin.screen import row_id
from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.errors import Conflict, NotAllowed, ReviewError
from reviews.models import AdjudicationDraft, AssessmentDraft, EvidenceFile, Question
from reviews.operations.evidence import MAX_FILE_BYTES, FileTooLarge
from reviews.review_forms import Read, read_as_of, read_assessment, typed_as_of

# Shows the compare screen again, with what was typed; the number is the HTTP status.
Page = Callable[[HttpRequest, Question, Typed, int], HttpResponse]
View = Callable[[HttpRequest, Question, Page], HttpResponse]
Writing = Callable[[HttpRequest, Question, AssessmentContent], HttpResponse]


def _from_the_form(view: Writing) -> View:
    """The view with what the form says; where that is refused, the page once more as it was typed."""

    @require_POST
    @wraps(view)
    def written(request: HttpRequest, question: Question, page: Page) -> HttpResponse:
        typed = read_assessment(request.POST)
        try:
            return view(request, question, _with_file(typed, request))
        except ReviewError as error:
            return _refused(request, question, page, typed, error)

    return written


@_from_the_form
def save_draft(request: HttpRequest, question: Question, content: AssessmentContent) -> HttpResponse:
    """Keep the draft; JSON says when, and how often it was saved, which the next save has to know."""
    draft = operations.save_draft(
        question_id=question.pk,
        content=content,
        seen_saves=row_id(request.POST.get("seen_saves")),
        by=signed_in(request),
        now=timezone.now(),
    )
    return _kept(request, question, draft)


@_from_the_form
def save_adjudication(request: HttpRequest, question: Question, content: AssessmentContent) -> HttpResponse:
    """The same of what somebody writes who adjudicates."""
    draft = operations.save_adjudication(
        question_id=question.pk,
        content=content,
        as_of=typed_as_of(request.POST),
        seen_saves=row_id(request.POST.get("seen_saves")),
        by=signed_in(request),
        now=timezone.now(),
    )
    return _kept(request, question, draft)


@_from_the_form
def submit(request: HttpRequest, question: Question, content: AssessmentContent) -> HttpResponse:
    """Seal the assessment as it stands in the form."""
    operations.submit_assessment(
        question_id=question.pk,
        content=content,
        means_contradictions=_means_contradictions(request),
        seen_basis=request.POST.get("seen_basis", ""),
        by=signed_in(request),
        now=timezone.now(),
    )
    return _done(request, question, "Your assessment is submitted and sealed.")


@_from_the_form
def adjudicate(request: HttpRequest, question: Question, content: AssessmentContent) -> HttpResponse:
    """Decide the question as the form says."""
    operations.adjudicate_question(
        question_id=question.pk,
        content=content,
        means_contradictions=_means_contradictions(request),
        as_of=read_as_of(request.POST),
        seen_basis=request.POST.get("seen_basis", ""),
        by=signed_in(request),
        now=timezone.now(),
    )
    return _done(request, question, "The question is decided; all its assessments are open now.")


@require_POST
def upload(request: HttpRequest, question: Question) -> HttpResponse:
    """Keep a file for who writes here, and say by which hash it is cited."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return JsonResponse({"message": "Choose a file."}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        kept = _keep(file, request)
    except NotAllowed as error:
        return answers.not_allowed(request, error)
    except ReviewError as error:
        return JsonResponse({"message": str(error)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"sha256": kept.sha256, "name": kept.name})


@require_safe
def download(request: HttpRequest, question: Question, sha256: str) -> HttpResponse:
    """A file of evidence, never shown by the browser: it may hold anything."""
    file = blinding.visible_file(question, sha256, signed_in(request))
    if file is None:
        raise Http404("There is no such file, or it is not for you to see yet.")
    answer = HttpResponse(bytes(file.content), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _kept(
    request: HttpRequest, question: Question, draft: AssessmentDraft | AdjudicationDraft
) -> HttpResponse:
    if answers.wants_json(request):
        return JsonResponse({"saves": draft.saves, "saved_at": f"{draft.saved_at:%H:%M}"})
    messages.success(request, f"Your draft is saved, {draft.saved_at:%H:%M} UTC. Only you can read it.")
    return redirect(f"{question.get_absolute_url()}#assessing")


def _means_contradictions(request: HttpRequest) -> bool:
    """Whether it was said; a script has warned already, as the answers were chosen."""
    return answers.wants_json(request) or "contradiction_seen" in request.POST


def _with_file(typed: Read, request: HttpRequest) -> AssessmentContent:
    """What was typed, with the file that came along in a form without script. Raises ReviewError."""
    if typed.problem:
        raise ReviewError(typed.problem)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return typed.content
    item = EvidenceItem(file_sha256=_keep(file, request).sha256)
    return replace(typed.content, evidence=(*typed.content.evidence, item))


def _keep(file: UploadedFile, request: HttpRequest) -> EvidenceFile:
    if (file.size or 0) > MAX_FILE_BYTES:
        raise FileTooLarge
    return operations.upload_evidence(
        name=file.name or "",
        media_type=file.content_type or "",
        content=file.read(),
        by=signed_in(request),
        now=timezone.now(),
    )


def _done(request: HttpRequest, question: Question, message: str) -> HttpResponse:
    if answers.wants_json(request):
        return answers.standing(request, screen.find_question(question.pk), message)
    messages.success(request, message)
    return redirect(f"{question.get_absolute_url()}#assessing")


def _refused(
    request: HttpRequest, question: Question, page: Page, read: Read, error: ReviewError
) -> HttpResponse:
    """Why it was not taken; the page has what was typed, the JSON how often one's own draft was saved."""
    if isinstance(error, NotAllowed):
        return answers.not_allowed(request, error)
    status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
    if answers.wants_json(request):
        by = signed_in(request)
        own = blinding.my_own(question, by) or blinding.my_adjudication(question, by)
        return JsonResponse({"message": str(error), "saves": own.saves if own else 0}, status=status)
    typed = Typed(
        read.content,
        str(error),
        as_of=typed_as_of(request.POST),
        seen_basis=request.POST.get("seen_basis", ""),
    )
    return page(request, screen.find_question(question.pk), typed, status)
