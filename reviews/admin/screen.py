"""The compare screen as it stands: what its templates show, whole or as the parts that change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from claims.admin.lists import signed_in
from reviews import compare, policies, workflow
from reviews.admin.panel import Typed, panel, review_line
from reviews.admin.question_list import STATE_LOOKS
from reviews.admin.steps import STEPS, Step
from reviews.admin.steps.positions import AddPosition
from reviews.admin.steps.questions import Reopen
from reviews.forms import PositionForm, ReopenForm
from reviews.models import Question
from reviews.rules import rules_of

INLINE: tuple[type[Step], ...] = (AddPosition, Reopen)
CHECKS = {
    "word": policies.check_may_open_question,
    "place": policies.check_may_place_claim,
    "mark": policies.check_may_mark_sourcing,
    "trace": policies.check_may_set_origin,
    "assess": policies.check_may_assess,
    "assign": policies.check_may_assign,
    "reopen": policies.check_may_reopen_question,
}


@dataclass(frozen=True)
class Refused:
    """A step that was not taken, with its form as it was typed."""

    step: Step
    form: forms.BaseForm


def find_question(pk: int) -> Question:
    """With what the page says of it. Raises Http404."""
    question = (
        Question.objects.select_related("opened_by", "merged_into", "split_from", "project")
        .filter(pk=pk)
        .first()
    )
    if question is None:
        raise Http404("There is no such question.")
    return question


def context(
    question: Question, *, user: User, refused: Refused | None = None, typed: Typed | None = None
) -> dict[str, Any]:
    """What the parts of the screen show; a fixed number of queries, however many claims."""
    rounds = compare.rounds(question, user)
    verdict = rounds[0].verdict if rounds else None
    board = compare.board(question, verdict=verdict)
    may = {name: policies.allows(check, user) for name, check in CHECKS.items()}
    uses_marks = rules_of(question).uses_marks
    may["mark"] = may["mark"] and uses_marks
    is_editable = question.state in workflow.EDITABLE
    shown_panel = panel(question, [column.position for column in board.columns], user, typed=typed)
    is_assessing = may["word"] and shown_panel.is_assessing  # see policies.check_may_word
    may["word"] = may["word"] and not is_assessing
    return {
        "question": question,
        "base": question_base(question),
        "articles": articles_base(),
        "state_look": STATE_LOOKS.get(Question.State(question.state), ""),
        "board": board,
        "columns": board.columns,
        "verdict": verdict,
        "rounds": rounds,
        "panel": shown_panel,
        "review": review_line(question, user),
        "taken_out": compare.taken_out(question),
        "history": compare.history(question, user=user, may_undo_all=may["reopen"]),
        "why_proposed": compare.why_proposed(question),
        "splits": list(question.split_off.only("pk", "wording")),
        "is_editable": is_editable,
        "uses_marks": uses_marks,
        "may": may,
        "may_place": may["place"] and is_editable,
        "may_word": may["word"] and is_editable,
        "is_assessing": is_assessing,
        **_inline_forms(refused),
    }


def question_base(question: Question) -> str:
    """Where the addresses of a question's steps begin; to reverse one for each card takes too long."""
    return reverse("admin:reviews_question_compare", args=[question.pk]).removesuffix("compare/")


def articles_base() -> str:
    """Where the addresses of articles begin."""
    return reverse("admin:claims_article_changelist")


def _inline_forms(refused: Refused | None) -> dict[str, forms.BaseForm]:
    """The forms that stand on the page: empty, but for the one that was refused."""
    shown: dict[str, forms.BaseForm] = {}
    for step in INLINE:
        if refused is not None and isinstance(refused.step, step):
            shown[step.inline] = refused.form
        else:
            shown[step.inline] = PositionForm() if step is AddPosition else ReopenForm()
    return shown


def panel_html(request: HttpRequest, question: Question) -> str:
    """The panel of review alone, for a page that is open and whose panel is not this one any more."""
    positions = list(question.positions.standing())
    shown = {
        "question": question,
        "base": question_base(question),
        "panel": panel(question, positions, signed_in(request)),
    }
    return render_to_string("reviews/review/_panel.html", shown, request)


def live(request: HttpRequest, shown: Mapping[str, Any]) -> str:
    """The parts that change by steps, for a page that is open already."""
    return render_to_string("reviews/compare/live.html", dict(shown), request)


def timeline_html(request: HttpRequest, question: Question) -> str:
    """The claims along time; asked for when somebody wants to see it."""
    shown = {"timeline": compare.timeline(compare.columns(question, verdict=None))}
    return render_to_string("reviews/compare/_timeline.html", shown, request)


def doing(step: Step, form: forms.BaseForm | None = None) -> dict[str, Any]:
    """What a step's dialog shows; with `form` as it was typed and refused."""
    form = form or step.form()
    form.auto_id = "doing_%s"  # the forms that stand on the page have the usual ids
    return {"step": step, "form": form, **step.about()}


def doing_html(
    request: HttpRequest, step: Step, form: forms.BaseForm | None = None, *, news: Iterable[str] = ()
) -> str:
    """The form of a step; `news` is what others did since the person saw the question."""
    shown = {"question": step.question, "doing": doing(step, form), "news": news}
    return render_to_string("reviews/compare/_doing.html", shown, request)


def step_asked_for(request: HttpRequest, question: Question, *, user: User) -> Step | None:
    """The step whose form `?do=NAME&on=ID` asks for, if this person may take it."""
    step_class = STEPS.get(request.GET.get("do", ""))
    if step_class is None or not step_class.title or not policies.allows(step_class.check, user):
        return None
    return step_class(question, row_id(request.GET.get("on")), by=user)


def row_id(text: str | None) -> int | None:
    """A row id out of a query string; None for anything else, so that a mistyped link shows a page."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
