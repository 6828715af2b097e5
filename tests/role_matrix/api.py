"""The table of the API: every address, and who may."""

from typing import Any

from reviews.workflow import EDITABLE, State
from tests.role_matrix.pages import NOT_YET_JUDGED, PLACEABLE, TO_BE_OPENED
from tests.role_matrix.people import EVERYBODY, INGEST, LEADS, READERS, REVIEWER, REVIEWERS
from tests.role_matrix.rows import Body, Row, get, post

UNDO = LEADS | {REVIEWER}  # who took the step, and leads
READ_AGAIN = LEADS | {INGEST}
SUBMIT = REVIEWERS | {INGEST}
ARTICLE = {"text": "The ministry said on Sunday that a jet had been shot down near Resafa.", "title": "Jet"}
SLOT = {"wording": "Who flew the jet?", "slot": "who"}


def step(route: str, may: frozenset[str], body: Body | None = None, ok: int = 200, **more: Any) -> Row:
    """A step on a question that can be edited."""
    return post(f"api/v1/{route}/", may, body, ok, **({"states": EDITABLE} | more))


def lists(*names: str) -> tuple[Row, ...]:
    return tuple(get(f"api/v1/{name}/{one}", READERS) for name in names for one in ("", "<int:pk>/"))


API: tuple[Row, ...] = (
    get("api/v1/", EVERYBODY, 302),
    get("api/v1/docs/", EVERYBODY),
    get("api/v1/schema/", EVERYBODY),
    *lists("articles", "claims", "jobs", "outlets", "speakers"),
    get("api/v1/questions/", READERS),
    post("api/v1/articles/", SUBMIT, ARTICLE, 202),
    get("api/v1/articles/<int:pk>/engine-runs/", READERS),
    post("api/v1/articles/<int:pk>/reextract/", READ_AGAIN, {}, 202),
    post("api/v1/jobs/<int:pk>/retry/", READ_AGAIN, {}, 202),
    get("api/v1/claims/<int:pk>/origin/", READERS),
    post("api/v1/claims/<int:pk>/origin/", REVIEWERS, {"reason": "It was there."}),
    Row("api/v1/claims/<int:pk>/origin/", "DELETE", REVIEWERS, 204),
    # A merged question leads to the one it is merged into.
    get("api/v1/questions/<int:pk>/", READERS, states=frozenset(State) - {State.MERGED}, otherwise=307),
    post("api/v1/questions/", REVIEWERS, SLOT, 201),
    get("api/v1/questions/<int:pk>/changes/", READERS),
    step("questions/<int:pk>/open", REVIEWERS, {}, states=TO_BE_OPENED),
    step("questions/<int:pk>/dismiss", REVIEWERS, {"reason": "Idle."}),
    step("questions/<int:pk>/reword", REVIEWERS, {"wording": "Where did the jet fall?", "event": ""}),
    step("questions/<int:pk>/merge", REVIEWERS, lambda on: {"into": on.other_question.pk, "reason": "One."}),
    step(
        "questions/<int:pk>/split",
        REVIEWERS,
        lambda on: SLOT | {"positions": [on.first.pk], "reason": "Two."},
        201,
    ),
    step("questions/<int:pk>/positions", REVIEWERS, {"answer": "Elsewhere"}),
    step(
        "questions/<int:pk>/confirm",
        REVIEWERS,
        lambda on: {"placements": [on.rows["suggested"].pk]},
        states=PLACEABLE,
    ),
    step("questions/<int:pk>/reject-claim", REVIEWERS, lambda on: {"claim": on.claim.pk}, states=PLACEABLE),
    step("questions/<int:pk>/changes/<int:change_id>/undo", UNDO, {}),
    step("positions/<int:pk>/reword", REVIEWERS, {"answer": "Near Resafa"}),
    step("positions/<int:pk>/merge", REVIEWERS, lambda on: {"into": on.second.pk}),
    step("positions/<int:pk>/split", REVIEWERS, lambda on: {"answer": "Near", "claims": [on.claim.pk]}),
    step("positions/<int:pk>/remove", REVIEWERS, {}, subject="empty", states=NOT_YET_JUDGED),
    step("positions/<int:pk>/compatible", REVIEWERS, lambda on: {"other": on.second.pk, "reason": "Both."}),
    step(
        "positions/<int:pk>/competing",
        REVIEWERS,
        lambda on: {"other": on.compatible[1].pk},
        subject="compatible",
    ),
    step(
        "placements", REVIEWERS, lambda on: {"claim": on.loose.pk, "position": on.first.pk}, states=PLACEABLE
    ),
    step("placements/<int:pk>/confirm", REVIEWERS, {}, subject="suggested", states=PLACEABLE),
    step("placements/<int:pk>/reject", REVIEWERS, {"reason": "Another jet."}, states=PLACEABLE),
)
