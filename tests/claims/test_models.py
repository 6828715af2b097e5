"""What the database itself refuses: each constraint and trigger of claims, broken once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from claims.models import Article, Claim, ClaimSuccession, EngineRun, HeldClaim, Job, folded
from tests.factories import (
    NOW,
    TEXT,
    ArticleFactory,
    ClaimFactory,
    ClaimSuccessionFactory,
    EngineRunFactory,
    EngineSwitchFactory,
    JobFactory,
    OutletFactory,
    RevisionFactory,
    SnapshotFactory,
    SpeakerFactory,
    TokenScopesFactory,
    UserFactory,
    acting,
)

pytestmark = pytest.mark.django_db

PASTED = {"canonical_url": None, "pasted_sha256": "a" * 64}


def twice(factory: Callable[..., Any], **fields: Any) -> None:
    factory(**fields)
    factory(**fields)


def job(**changes: Any) -> None:
    """A queued job, changed as `update` does, so that only the database can object."""
    Job.objects.filter(pk=JobFactory().pk).update(**changes)


def finished(state: Job.State, **changes: Any) -> None:
    job(state=state, finished_at=NOW, **changes)


def unmark(run: EngineRun) -> None:
    with acting():
        EngineRun.objects.filter(pk=run.pk).update(is_current=False)


def succession(kind: str, **claims: Claim) -> ClaimSuccession:
    with acting():
        return ClaimSuccession.objects.create(switch=EngineSwitchFactory(), kind=kind, **claims)


BREAKING = {
    "a_token_has_scopes_that_there_are": [
        lambda: TokenScopesFactory(names=[]),
        lambda: TokenScopesFactory(names=["all"]),
    ],
    "outlet_has_a_name": [lambda: OutletFactory(name=""), lambda: OutletFactory(key="")],
    "speaker_has_a_name": [lambda: SpeakerFactory(name=""), lambda: SpeakerFactory(key="")],
    "one_article_per_canonical_url": [lambda: twice(ArticleFactory, canonical_url="https://a.example/1")],
    "one_pasted_article_per_outlet_and_text": [
        lambda: twice(ArticleFactory, outlet=OutletFactory(), **PASTED),
        lambda: twice(ArticleFactory, outlet=None, **PASTED),
    ],
    "article_is_known_by_its_url_or_by_its_text": [
        lambda: ArticleFactory(canonical_url=None, pasted_sha256=None),
        lambda: ArticleFactory(canonical_url="https://a.example/1", pasted_sha256="a" * 64),
    ],
    "one_revision_per_text_of_an_article": [
        lambda: (
            (article := ArticleFactory())
            and (RevisionFactory(article=article), RevisionFactory(article=article, number=2))
        )
    ],
    "revision_numbers_are_unique_in_an_article": [
        lambda: (
            (article := ArticleFactory())
            and (RevisionFactory(article=article), RevisionFactory(article=article, text="Another text."))
        )
    ],
    "revision_has_a_text": [lambda: RevisionFactory(text="", text_sha256="b" * 64)],
    "revisions_count_from_one": [lambda: RevisionFactory(number=0)],
    "an_engine_runs_once_over_a_revision": [
        lambda: (
            (run := EngineRunFactory())
            and type(run).objects.create(
                revision=run.revision,
                engine=run.engine,
                engine_version=run.engine_version,
                settings_sha256=run.settings_sha256,
                ran_at=NOW,
            )
        )
    ],
    "a_revision_has_one_current_run": [
        lambda: EngineRunFactory(
            revision=EngineRunFactory().revision, engine_version="0.1.0", is_current=True
        )
    ],
    "a_revision_with_runs_has_a_current_one": [
        lambda: (EngineRunFactory(is_current=False), connection.check_constraints()),
        lambda: (unmark(EngineRunFactory()), connection.check_constraints()),
    ],
    "a_switch_is_between_two_engine_runs": [
        lambda: EngineSwitchFactory(new_run=(run := EngineRunFactory()), old_run=run)
    ],
    "a_succession_has_the_claims_its_kind_says": [
        lambda: succession("kept", old_claim=ClaimFactory()),
        lambda: succession("reworded", new_claim=ClaimFactory()),
        lambda: succession("dropped", old_claim=ClaimFactory(), new_claim=ClaimFactory()),
        lambda: succession("dropped", new_claim=ClaimFactory()),
        lambda: succession("added", old_claim=ClaimFactory()),
        lambda: succession("lost", old_claim=ClaimFactory(), new_claim=ClaimFactory()),
    ],
    "a_claim_is_succeeded_once_in_a_switch": [
        lambda: twice(
            ClaimSuccessionFactory,
            switch=EngineSwitchFactory(),
            kind="dropped",
            old_claim=ClaimFactory(),
        )
    ],
    "a_claim_succeeds_once_in_a_switch": [
        lambda: twice(
            ClaimSuccessionFactory,
            switch=EngineSwitchFactory(),
            kind="added",
            old_claim=None,
            new_claim=ClaimFactory(),
        )
    ],
    "claim_once_per_engine_run_spans_and_statement": [
        lambda: twice(ClaimFactory, revision=RevisionFactory(), statement="The jet fell.")
    ],
    "check_worthiness_is_between_0_and_1": [
        lambda: ClaimFactory(check_worthiness=-0.01),
        lambda: ClaimFactory(check_worthiness=1.01),
    ],
    "own_voice_has_no_speaker": [lambda: ClaimFactory(kind=Claim.Kind.OWN_VOICE)],
    "claim_has_a_statement": [lambda: ClaimFactory(statement="")],
    "claim_content_is_the_text_at_its_spans": [
        lambda: ClaimFactory(spans=[[0, 3]], content="the"),
        lambda: ClaimFactory(spans=[[0, 3], [4, 13]], content="The coalition"),
        lambda: ClaimFactory(spans=[], content=""),
        lambda: ClaimFactory(spans=[[3, 3]], content=""),
        lambda: ClaimFactory(spans=[[-1, 3]], content="The"),
        lambda: ClaimFactory(spans=[[0, len(TEXT) + 1]], content=TEXT),
    ],
    "one_job_per_idempotency_key_of_a_person": [
        lambda: twice(JobFactory, requested_by=UserFactory(), idempotency_key="once")
    ],
    "one_unfinished_reextraction_per_revision": [
        lambda: twice(JobFactory, reextract=True, revision=RevisionFactory())
    ],
    "a_reextraction_names_article_and_revision": [
        lambda: JobFactory(kind=Job.Kind.REEXTRACT),
        lambda: JobFactory(kind=Job.Kind.REEXTRACT, article=ArticleFactory()),
        lambda: JobFactory(kind=Job.Kind.REEXTRACT, revision=RevisionFactory()),
    ],
    "a_running_job_and_no_other_has_a_lease": [
        lambda: job(state=Job.State.RUNNING),
        lambda: job(lease_until=NOW),
    ],
    "a_job_is_finished_when_its_state_says_so": [
        lambda: job(finished_at=NOW),
        lambda: job(state=Job.State.FAILED, reason="It failed."),
    ],
    "a_retry_has_both_who_and_when": [lambda: job(retried_at=NOW), lambda: job(retried_by=UserFactory())],
    "a_done_job_has_a_revision": [
        lambda: finished(Job.State.DONE, claim_count=0),
        lambda: finished(Job.State.DONE, revision=RevisionFactory()),
    ],
    "a_duplicate_names_its_article": [lambda: finished(Job.State.DUPLICATE)],
    "a_failed_job_says_why": [
        lambda: finished(Job.State.FAILED),
        lambda: finished(Job.State.QUARANTINED),
    ],
}
CHECKING_TRIGGERS = {"claim_content_is_the_text_at_its_spans", "a_revision_with_runs_has_a_current_one"}
CASES = [
    pytest.param(name, break_it, id=f"{name}-{number}")
    for name, ways in BREAKING.items()
    for number, break_it in enumerate(ways)
]


@pytest.mark.parametrize(("constraint", "break_it"), CASES)
def test_database_refuses_what_breaks(constraint: str, break_it: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        break_it()


def test_every_constraint_of_claims_is_broken_here() -> None:
    ours = apps.get_app_config("claims").get_models()

    named = {constraint.name for model in ours for constraint in model._meta.constraints}

    assert named | CHECKING_TRIGGERS == set(BREAKING)


@pytest.mark.parametrize(
    ("factory", "change"),
    [
        (SnapshotFactory, {"media_type": "text/html"}),
        (RevisionFactory, {"title": "Another title"}),
        (ClaimFactory, {"statement": "Something else."}),
        (EngineRunFactory, {"engine_version": "9.9.9"}),
        (EngineSwitchFactory, {"switched_at": "2020-01-01T00:00:00Z"}),
        (ClaimSuccessionFactory, {"kind": "added"}),
    ],
)
def test_facts_are_never_changed_nor_deleted(
    factory: Callable[[], models.Model], change: dict[str, str]
) -> None:
    row = factory()
    rows = type(row)._base_manager.filter(pk=row.pk)

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        rows.update(**change)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        rows._raw_delete("default")

    assert rows.exists()


def test_engine_run_may_become_current() -> None:
    before = EngineRunFactory(engine_version="0.1.0")
    after = EngineRunFactory(revision=before.revision)

    unmark(before)
    with acting():
        EngineRun.objects.filter(pk=after.pk).update(is_current=True)

    connection.check_constraints()
    runs = EngineRun.objects.order_by("pk").values_list("engine_version", "is_current")
    assert list(runs) == [("0.1.0", False), (after.engine_version, True)]


def test_standing_claims_are_those_of_current_runs_and_those_that_are_held() -> None:
    current = ClaimFactory()
    earlier = EngineRunFactory(revision=current.revision, engine_version="0.1.0")
    held, gone = (ClaimFactory(revision=current.revision, engine_run=earlier) for _ in range(2))
    with acting():
        HeldClaim.objects.create(claim=held, held_at=NOW)

    assert set(Claim.objects.standing()) == {current, held}
    assert set(Claim.objects.all()) == {current, held, gone}


def test_pasted_text_may_stand_once_in_each_outlet() -> None:
    for outlet in (OutletFactory(), OutletFactory(), None):
        ArticleFactory(outlet=outlet, **PASTED)

    assert Article.objects.filter(pasted_sha256="a" * 64).count() == 3


@pytest.mark.parametrize(
    "span", [[0, 1], [249, 250], [249, 251], [250, 251], [100, 900], [999, 1000], [0, 1000]]
)
def test_claim_may_stand_anywhere_in_a_long_text(span: list[int]) -> None:
    text = "".join(chr(0x1F600 + number % 50) if number % 3 else "é" for number in range(1000))
    revision = RevisionFactory(text=text)

    claim = ClaimFactory(revision=revision, spans=[span], sentence_start=0, sentence_end=1000)

    assert claim.content == text[span[0] : span[1]]
    with (
        pytest.raises(IntegrityError, match="content is not the text at its spans"),
        transaction.atomic(),
    ):
        ClaimFactory(revision=revision, spans=[span], content=claim.content[:-1] + "x", statement="Other.")


def test_claim_of_two_spans_joins_them_with_an_ellipsis() -> None:
    claim = ClaimFactory(spans=[[0, 3], [4, 13]], content="The … coalition")

    claim.refresh_from_db()
    assert (claim.content, claim.start) == ("The … coalition", 0)


def test_claim_offsets_count_code_points() -> None:
    revision = RevisionFactory(text="😀é ended the talks.")

    claim = ClaimFactory(revision=revision, spans=[[3, 8]])

    assert claim.content == "ended"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Harbour Wire", "  harbour   wire "), ("ＡＦＰ", "afp"), ("Straße", "STRASSE")],
)
def test_folded_names_compare_equal(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_asserted_by_is_the_speaker_or_the_outlet_itself() -> None:
    outlet = OutletFactory(name="Harbour Wire")
    revision = RevisionFactory(article=ArticleFactory(outlet=outlet))
    nameless = RevisionFactory(article=ArticleFactory(outlet=None))
    own_voice = {"kind": Claim.Kind.OWN_VOICE, "speaker": None}

    claims = [
        ClaimFactory(revision=revision, speaker=SpeakerFactory(name="Jane Roe")),
        ClaimFactory(revision=revision, **own_voice),
        ClaimFactory(revision=nameless, **own_voice),
    ]

    assert [claim.asserted_by for claim in claims] == ["Jane Roe", "Harbour Wire (own voice)", "own voice"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("jets", ["A jet fell"]),
        ('"jet fell"', ["A jet fell"]),
        ("jet -fell", []),
        ("talks or jet", ["Talks end", "A jet fell"]),
    ],
)
def test_articles_matching_understands_a_search_box(words: str, found: list[str]) -> None:
    for title in ("A jet fell", "Talks end"):
        ArticleFactory(title=title)

    assert list(Article.objects.matching(words).values_list("title", flat=True)) == found


def test_claims_matching_searches_statement_and_content() -> None:
    revision = RevisionFactory(text="He denied it. She confirmed it.")
    by_content = ClaimFactory(revision=revision, spans=[[0, 12]], statement="The mayor rejected the report.")
    ClaimFactory(revision=revision, spans=[[14, 30]], statement="The governor agreed.")

    assert list(Claim.objects.matching("denied")) == [by_content]
    assert list(Claim.objects.matching("mayor rejects")) == [by_content]
