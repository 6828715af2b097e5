"""The table of review itself: who assigns, takes, drafts, submits, adjudicates, talks and is told."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.basis import basis_of
from reviews.telling import unsubscribing
from reviews.workflow import REVIEWABLE, State
from tests.role_matrix.ground import Ground
from tests.role_matrix.pages import LOOK, QUESTION, REVIEW, step
from tests.role_matrix.people import (
    ASSIGNED,
    AUTHOR,
    EVERYBODY,
    LEAD,
    LEADS,
    NO_STAFF,
    NOBODY,
    OTHER_ASSIGNED,
    READERS,
    REVIEWER,
    REVIEWERS,
    ROOT,
    VIEWER,
)
from tests.role_matrix.rows import Row, get, pages_of, post, told

# Nobody assesses, or decides, what they asked themselves.
CANDIDATES = REVIEWERS - {AUTHOR}
HOLDERS = frozenset({ASSIGNED, OTHER_ASSIGNED})
HOLDER = frozenset({ASSIGNED})
ADJUDICATORS = frozenset({LEAD, ROOT})  # neither the author nor the lead who assessed it
TAKEN = REVIEWABLE | {State.IN_REVIEW}
PROJECT = {
    "name": "Resafa",
    "assessments_required": "2",
    "lease_hours": "72",
    "adjudicator_sees": "unnamed",
    "uses_marks": "on",
    "reason": "A new desk.",
}
RELIABILITY = {"reliability": "B", "since": "2017-01-01", "reason": "It was borne out."}
SETTINGS = {"muted": [], "digest": "daily"}


def judged(on: Ground) -> Mapping[str, Any]:
    """A whole assessment, as the API takes it."""
    said = {"judgement": "supported", "confidence": "moderate"}
    positions = [said | {"position": position.pk} for position in on.question.positions.standing()]
    return said | {"rationale": "A video shows it.", "positions": positions}


def typed(on: Ground) -> Mapping[str, Any]:
    """The same as a form gives it."""
    pks = list(on.question.positions.standing().values_list("pk", flat=True))
    each = {f"{name}_{pk}": said for pk in pks for name, said in SAID.items()}
    meant = {"contradiction_seen": "on"}
    whole = {"position": pks, "rationale": "A video.", "seen_basis": basis_of(on.question)}
    return SAID | each | meant | whole


SAID = {"judgement": "supported", "confidence": "moderate"}


def _withdrawn(on: Ground) -> Mapping[str, Any]:
    return {"assignment": on.rows["assignment"].pk, "reason": "She is ill."}


def _many(on: Ground) -> Mapping[str, Any]:
    return {"do": "assign", "to": "reviewer", "question": f"{on.question.pk}:{on.question.version}"}


def _file() -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("a.txt", b"A map.")}


def _unsubscribing(on: Ground) -> str:
    return unsubscribing.address(on.user(VIEWER)).removeprefix("/")


ONE = f"{QUESTION}<int:pk>/"
BY_PAGE: tuple[Row, ...] = (
    get(f"{QUESTION}queue/", LOOK),
    post(f"{QUESTION}queue/next/", REVIEW, {}, 302),
    post(f"{QUESTION}queue/assign/", LEADS, _many, 302),
    get(f"{QUESTION}agreement/", LOOK),
    get(f"{QUESTION}people/", REVIEW),
    step("take-question", CANDIDATES - {NO_STAFF}, states=TAKEN),
    step("assign-question", LEADS, {"reviewer": "reviewer"}, states=TAKEN),
    step(
        "release-assignment",
        HOLDERS,
        states=frozenset(State),
        during=State.IN_REVIEW,
        others=told(409, REVIEW - HOLDERS),
    ),
    step("withdraw-assignment", LEADS, _withdrawn, states=frozenset(State), during=State.IN_REVIEW),
    step("set-review-rules", LEADS, {"assessments": "1", "reason": "It is plain."}, states=frozenset(State)),
    # Nothing was submitted yet that could be looked at again.
    post(
        f"{ONE}reconsider-assessment/",
        NOBODY,
        {"seen_version": 1},
        during=State.IN_REVIEW,
        others=told(409, HOLDERS),
    ),
    post(f"{ONE}draft/", HOLDERS, typed, 302, during=State.IN_REVIEW),
    post(f"{ONE}submit/", HOLDERS, typed, 302, during=State.IN_REVIEW),
    post(f"{ONE}adjudicate/", ADJUDICATORS, typed, 302, states=frozenset({State.ADJUDICATION})),
    post(f"{ONE}adjudication-draft/", ADJUDICATORS, typed, 302, states=frozenset({State.ADJUDICATION})),
    post(f"{ONE}evidence/", REVIEW, lambda _: _file()),
    get(f"{ONE}evidence/<str:sha256>/", HOLDER, others=told(404, LOOK - HOLDER)),
    get(f"{ONE}comments/", LOOK),
    post(f"{ONE}comments/", REVIEW, {"text": "Which map?"}, 302),
    post(f"{ONE}comments/<uuid:comment_id>/withdraw/", frozenset({REVIEWER}), {}, 302),
    get("admin/reviews/notification/", LOOK),
    post("admin/reviews/notification/read/", LOOK, {"all": "1"}, 302),
    get("admin/reviews/notification/settings/", LOOK),
    post("admin/reviews/notification/settings/", LOOK, {"told": [], "digest": "daily"}, 302),
    get("admin/reviews/auditevent/export/", LOOK, query="?format=csv"),
    get(
        "admin/<slug:app_label>/<slug:model_name>/<str:object_id>/history/",
        LOOK,
        at=lambda on: f"admin/reviews/question/{on.question.pk}/history/",
    ),
    post("admin/claims/speaker/<int:pk>/reliability/", REVIEW, RELIABILITY, 302),
    *pages_of("reviews/project", LOOK, add=LEADS),
    post("admin/reviews/project/add/", LEADS, PROJECT, 302),
    post("admin/reviews/project/<path:object_id>/change/", LEADS, PROJECT, 302),
    get("unsubscribe/<str:signed>/", EVERYBODY, at=_unsubscribing),
    post("unsubscribe/<str:signed>/", EVERYBODY, {}, at=_unsubscribing),
)

QUESTIONS = "api/v1/questions/<int:pk>/"
NOT_SHOWN = told(404, READERS - LEADS - HOLDER)
BY_API: tuple[Row, ...] = (
    get("api/v1/assignments/", READERS),
    get("api/v1/assignments/<int:pk>/", LEADS | HOLDER, during=State.IN_REVIEW, others=NOT_SHOWN),
    post("api/v1/assignments/<int:pk>/release/", HOLDER, {}, during=State.IN_REVIEW, others=NOT_SHOWN),
    post(
        "api/v1/assignments/<int:pk>/withdraw/",
        LEADS,
        {"reason": "She is ill."},
        during=State.IN_REVIEW,
        others=NOT_SHOWN,
    ),
    get("api/v1/queue/", READERS),
    get("api/v1/queue/<int:pk>/", HOLDER, during=State.IN_REVIEW, others=told(404, READERS - HOLDER)),
    post("api/v1/queue/next/", CANDIDATES, {}, 201, others={AUTHOR: 204}),
    get(f"{QUESTIONS}assignments/", READERS),
    post(f"{QUESTIONS}assignments/", LEADS, {"reviewer": "reviewer"}, 201, states=TAKEN),
    post(f"{QUESTIONS}take/", CANDIDATES, {}, 201, states=TAKEN),
    get(f"{QUESTIONS}draft/", READERS, 204),
    Row(f"{QUESTIONS}draft/", "PUT", HOLDERS, 200, judged, during=State.IN_REVIEW),
    get(f"{QUESTIONS}assessments/", READERS),
    post(f"{QUESTIONS}assessments/", HOLDERS, judged, 201, during=State.IN_REVIEW),
    post(
        f"{QUESTIONS}assessments/reconsider/",
        NOBODY,
        {},
        during=State.IN_REVIEW,
        others=told(409, HOLDERS),
    ),
    post(f"{QUESTIONS}adjudication/", ADJUDICATORS, judged, 201, states=frozenset({State.ADJUDICATION})),
    post(f"{QUESTIONS}reopen/", LEADS, {"reason": "A new video."}, states=frozenset({State.DECIDED})),
    get(f"{QUESTIONS}verdicts/", READERS),
    get("api/v1/questions/<int:question_id>/history/", READERS),
    get(f"{QUESTIONS}comments/", READERS),
    post(f"{QUESTIONS}comments/", REVIEWERS, {"text": "Which map?"}, 201),
    post("api/v1/comments/<uuid:pk>/withdraw/", frozenset({REVIEWER}), {}),
    get("api/v1/agreement/", READERS),
    get("api/v1/notifications/", READERS),
    post("api/v1/notifications/read/", READERS, {"all": True}),
    get("api/v1/notifications/settings/", READERS),
    Row("api/v1/notifications/settings/", "PUT", READERS, 200, SETTINGS),
    get("api/v1/claims/export/", READERS),
    get("api/v1/claims/<int:pk>/marks/", READERS),
    post("api/v1/claims/<int:pk>/marks/", REVIEWERS, {"identification": "named"}, 201),
    get("api/v1/speakers/<int:pk>/reliabilities/", READERS),
    post("api/v1/speakers/<int:pk>/reliabilities/", REVIEWERS, RELIABILITY, 201),
    get("api/v1/projects/", READERS),
    post("api/v1/projects/", LEADS, {"name": "Resafa", "reason": "A new desk."}, 201),
    get("api/v1/projects/<int:pk>/", READERS),
    Row("api/v1/projects/<int:pk>/", "PUT", LEADS, 200, {"name": "Resafa", "reason": "A new desk."}),
    get("api/v1/verdicts/", READERS),
    get("api/v1/verdicts/<int:pk>/", READERS),
    post(f"{QUESTIONS}evidence-files/", REVIEWERS, lambda _: _file(), 201),
    get(f"{QUESTIONS}evidence-files/<str:sha256>/", HOLDER, others=told(404, READERS - HOLDER)),
    post(f"{QUESTIONS}review-rules/", LEADS, {"project": None, "assessments": 1, "reason": "It is plain."}),
    post(
        "api/v1/assignments/<int:pk>/reassign/",
        LEADS,
        {"reviewer": "reviewer", "reason": "She is ill."},
        201,
        during=State.IN_REVIEW,
    ),
    get("api/v1/audit-events/", READERS),
    get("api/v1/audit-events/<int:pk>/", READERS),
)
