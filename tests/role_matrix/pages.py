"""The table of the pages: every address of the admin, and who may."""

from collections.abc import Mapping
from typing import Any

from reviews.workflow import EDITABLE, State
from tests.role_matrix.ground import Ground
from tests.role_matrix.people import (
    ADMIN,
    EVERYBODY,
    INGEST,
    LEADS,
    NO_ROLE,
    NO_STAFF,
    NOBODY,
    READERS,
    REVIEWER,
    REVIEWERS,
    ROOT,
    STAFF,
    VIEWER,
)
from tests.role_matrix.rows import EVERY_STATE, Body, Row, get, pages_of, post, told

LOOK = READERS - {NO_STAFF}
REVIEW = REVIEWERS - {NO_STAFF}
UNDO = LEADS | {REVIEWER}  # who took the step, and leads
READ_AGAIN = LEADS | {INGEST}
SUBMIT = REVIEW | {INGEST}
OWNER = frozenset({VIEWER, ROOT})  # of the token that is asked about
ADMINS = frozenset({ADMIN, ROOT})
# New evidence opens a decided question again.
PLACEABLE = EDITABLE | {State.DECIDED}
# An answer that a verdict was about stays; the one that is removed here was.
NOT_YET_JUDGED = EDITABLE - {State.REOPENED}
TO_BE_OPENED = frozenset({State.PROPOSED, State.OPEN})  # open ones stay as they are
QUESTION = "admin/reviews/question/"
SLOT = {"wording": "Who flew the jet?", "slot": "who", "event": ""}
MARKS = {
    "identification": "named",
    "access": "official",
    "directness": "primary",
    "basis": "told",
    "reliability": "F",
    "credibility": "3",
    "status": "standing",
}


def step(name: str, may: frozenset[str], given: Body | None = None, *, on: bool = False, **more: Any) -> Row:
    """A step of the compare screen, taken by POST on a question that can be edited."""

    def body(ground: Ground) -> Mapping[str, Any]:
        return ground.seen | dict(given(ground) if callable(given) else given or {})

    more = {"states": EDITABLE} | more
    return post(f"{QUESTION}<int:pk>/{name}/" + ("<int:on>/" if on else ""), may, body, 302, **more)


def _of_user(ground: Ground) -> Mapping[str, Any]:
    return {
        "username": ground.rows["user"].username,
        "first_name": "Vera",
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00",
    }


ANY_PAGE: tuple[Row, ...] = (
    get("healthz", EVERYBODY),
    get("readyz", EVERYBODY),
    get("", EVERYBODY, 302),
    get("admin/", STAFF),
    get("admin/search/", STAFF),
    get("admin/login/", EVERYBODY - STAFF, refused=302),  # who is signed in goes on to the dashboard
    post("admin/logout/", STAFF, {}),
    get("admin/password_change/", STAFF),
    get("admin/password_change/done/", STAFF),
    get("admin/autocomplete/", NOBODY),
    get("admin/jsi18n/", STAFF),
)

ROWS_OF_CLAIMS: tuple[Row, ...] = (
    *pages_of("claims/article", LOOK, add=SUBMIT),
    post("admin/claims/article/add/", SUBMIT, {"text": "The ministry denied it. " * 9, "title": "Jet"}, 302),
    get("admin/claims/article/revisions/<int:pk>/raw/", LOOK),
    post("admin/claims/article/<int:pk>/reextract/", READ_AGAIN, {}, 302),
    get("admin/claims/article/<int:pk>/engine-runs/", LOOK),
    *pages_of("claims/claim", LOOK),
    *pages_of("claims/job", LOOK),
    post(
        "admin/claims/job/",
        READ_AGAIN,
        lambda ground: {"action": "retry_selected", "_selected_action": ground.rows["job"].pk},
        302,
        others=told(200, LOOK - READ_AGAIN),
    ),
    get("admin/claims/job/<int:pk>/progress/", LOOK),
    post("admin/claims/job/<int:pk>/retry/", READ_AGAIN, {}, 302),
    *pages_of("claims/outlet", LOOK),
    post("admin/claims/outlet/<path:object_id>/change/", frozenset({INGEST, ROOT}), {"name": "Daily"}, 302),
    *pages_of("claims/speaker", LOOK),
)

QUESTIONS: tuple[Row, ...] = (
    *pages_of("reviews/question", LOOK, add=REVIEW, change=STAFF, change_ok=302, history=LOOK),
    post(f"{QUESTION}add/", REVIEW, SLOT, 302),
    get(f"{QUESTION}place/<int:claim_id>/", REVIEW),
    get(f"{QUESTION}<int:pk>/compare/", LOOK),
    get(f"{QUESTION}<int:pk>/reading/<int:claim_id>/", LOOK),
    step(
        "place-claim",
        REVIEW,
        lambda on: {"claim_id": on.loose.pk, "position_id": on.first.pk},
        states=PLACEABLE,
    ),
    step(
        "move-claim",
        REVIEW,
        lambda on: {"claim_id": on.claim.pk, "position_id": on.second.pk},
        on=True,
        states=PLACEABLE,
    ),
    step("confirm-placement", REVIEW, on=True, states=PLACEABLE),
    step("confirm-column", REVIEW, on=True, subject="second", states=PLACEABLE),
    step("reject-placement", REVIEW, {"reason": "Another jet."}, on=True, states=PLACEABLE),
    step("reject-claim", REVIEW, {"reason": "Another jet."}, on=True, states=PLACEABLE),
    step("mark-sourcing", REVIEW, MARKS, on=True, states=EVERY_STATE),
    step("set-origin", REVIEW, {"origin": "own", "reason": "It was there."}, on=True, states=PLACEABLE),
    step("clear-origin", REVIEW, on=True, states=PLACEABLE),
    step("add-position", REVIEW, {"answer": "Elsewhere"}),
    step("reword-position", REVIEW, {"answer": "Near Resafa"}, on=True),
    step("merge-position", REVIEW, lambda on: {"other": on.second.pk}, on=True),
    step("split-position", REVIEW, lambda on: {"answer": "Near it", "claims": [on.claim.pk]}, on=True),
    step("remove-position", REVIEW, on=True, states=NOT_YET_JUDGED),
    step("say-compatible", REVIEW, lambda on: {"other": on.second.pk, "reason": "Both."}, on=True),
    step("say-competing", REVIEW, lambda on: {"other": on.compatible[1].pk}, on=True),
    step("open-proposed", REVIEW, states=TO_BE_OPENED),
    step("dismiss-question", REVIEW, {"reason": "Idle."}),
    step("reword-question", REVIEW, {"wording": "Where did the jet fall?"}),
    step("merge-question", REVIEW, lambda on: {"into": on.other_question.pk, "reason": "One."}),
    step("split-question", REVIEW, lambda on: SLOT | {"positions": [on.first.pk], "reason": "Two."}),
    step("undo-change", UNDO, on=True),
    step("reopen", LEADS, {"reason": "A new video."}, states=frozenset({State.DECIDED})),
)

OTHER_REVIEWS: tuple[Row, ...] = (
    *pages_of("reviews/rematch", LOOK),
    *pages_of("reviews/matchingdue", LOOK),
    post(
        "admin/reviews/matchingdue/",
        READ_AGAIN,
        lambda ground: {"action": "offer_again", "_selected_action": ground.rows["matchingdue"].pk},
        302,
        others=told(200, LOOK - READ_AGAIN),
    ),
    *pages_of("reviews/auditevent", LOOK),
)

ACCOUNTS: tuple[Row, ...] = (
    *pages_of("auth/user", ADMINS, add=ADMINS),
    post(
        "admin/auth/user/add/",
        ADMINS,
        {
            "username": "grace",
            "usable_password": "true",
            "password1": "nine-green-bottles",
            "password2": "nine-green-bottles",
        },
        302,
    ),
    post("admin/auth/user/<path:object_id>/change/", ADMINS, _of_user, 302),
    get("admin/auth/user/<id>/password/", ADMINS),
    post(
        "admin/auth/user/<id>/password/",
        ADMINS,
        {"password1": "nine-green-bottles", "password2": "nine-green-bottles", "usable_password": "true"},
        302,
    ),
    *pages_of("auth/group", ADMINS),
    # Their own tokens are seen by everybody; the row's is the viewer's.
    *pages_of(
        "knox/authtoken",
        STAFF,
        add=STAFF,
        change=OWNER,
        delete=OWNER,
        missing=302,
        history_others=told(404, LOOK - OWNER) | {NO_ROLE: 403},
    ),
    post("admin/knox/authtoken/<path:object_id>/delete/", OWNER, {"post": "yes"}, 302, refused=302),
    post("admin/knox/authtoken/add/", STAFF, {"expiry": "2126-01-01T00:00", "scopes": ["read"]}, 302),
    *pages_of("axes/accessattempt", ADMINS),
    post(
        "admin/axes/accessattempt/",
        ADMINS,
        lambda ground: {"action": "let_in_again", "_selected_action": ground.rows["accessattempt"].pk},
        302,
    ),
    *pages_of("axes/accesslog", ADMINS),
    *pages_of("axes/accessfailurelog", ADMINS),
    get("admin/<app>/", LOOK, subject="app", refused=404),
)

PAGES: tuple[Row, ...] = (*ANY_PAGE, *ROWS_OF_CLAIMS, *QUESTIONS, *OTHER_REVIEWS, *ACCOUNTS)
