"""The seam between what is stored and what finds claims."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.checks import run_checks

from claims.answers import DatabaseCache
from claims.engines import DefaultEngine, LanguageModelEngine, UnknownEngine, chosen_engine, engine_for
from claims.extraction import ENGINE_NAME, ENGINE_VERSION
from claims.extraction.parse.pipeline import MODEL
from claims.ingestion import jobs
from claims.llm_engine import PROMPT_VERSION, LlmSettings
from claims.models import EngineRun, Job, LanguageModelAnswer
from claims.operations import reextract
from tests.claims.llm_engine.server import ModelServer, a_claim, claims, running
from tests.factories import TEXT, JobFactory

UNKNOWN = {"title": "", "outlet": "", "published_at": date(2017, 6, 19)}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with running() as server:
        yield server


def settings_for(url: str) -> LlmSettings:
    return LlmSettings(url=url, model="small-1", api_key="", text_timeout_seconds=5, timeout_seconds=5)


def test_default_engine_says_what_found_the_claims() -> None:
    extraction = engine_for("default").extract_claims(TEXT, **UNKNOWN)

    assert (extraction.made_by.engine, extraction.made_by.engine_version, extraction.note) == (
        ENGINE_NAME,
        ENGINE_VERSION,
        "",
    )
    assert len(extraction.claims) > 0


def test_setting_chooses_the_engine(settings: Any) -> None:
    settings.ENGINE, settings.LLM = "llm", settings_for("https://llm.example/v1")

    assert chosen_engine().identity.engine == "llm"


@pytest.mark.parametrize("name", ["", "llm", "DEFAULT"])
def test_engine_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(UnknownEngine, match="There is no engine"):
        engine_for(name)


@pytest.mark.parametrize("name", ["spacy:xx_none_sm", "spacy:", "spacy:../x", "llm", "oracle"])
def test_check_refuses_an_engine_there_is_not(name: str, settings: Any) -> None:
    settings.ENGINE, settings.LLM = name, None

    assert [message.id for message in run_checks() if message.id == "claims.E001"] == ["claims.E001"]


def test_check_takes_the_engines_there_are(settings: Any) -> None:
    found = []
    for name in ("default", f"spacy:{MODEL / 'pipeline'}"):
        settings.ENGINE = name
        found += [message for message in run_checks() if message.id == "claims.E001"]

    assert found == []


def test_pipeline_that_is_not_installed_is_refused() -> None:
    with pytest.raises(UnknownEngine, match="No spaCy pipeline 'xx_none_sm' is installed here"):
        engine_for("spacy:xx_none_sm")


def test_other_pipeline_is_told_from_ours_by_name_and_version() -> None:
    ours = str(MODEL / "pipeline")  # any pipeline serves, so ours does under its path

    engine = engine_for(f"spacy:{ours}")

    identity = engine.identity
    assert (identity.engine, identity.engine_version) == (f"spacy:{ours}", ENGINE_VERSION)
    assert identity.settings_sha256 != DefaultEngine.identity.settings_sha256
    assert engine.extract_claims(TEXT, **UNKNOWN).made_by == identity


@pytest.mark.django_db
def test_language_models_claims_are_stored_with_model_and_prompt(server: ModelServer) -> None:
    server.answers = [claims(a_claim("a jet near Resafa", sentence=1), a_claim("a second jet", sentence=1))]
    engine = LanguageModelEngine(settings_for(server.url))
    job = JobFactory(reextract=True)
    lease = jobs.take(job.pk, worker="worker:1")
    assert lease is not None

    reextract(lease, engine=engine)

    run = EngineRun.objects.get()
    assert (run.engine, run.model, run.prompt_version, run.claims.count()) == (
        "llm",
        "small-1",
        PROMPT_VERSION,
        1,
    )
    assert run.note == "claims of the model left out, for the text does not say them: 1"
    assert LanguageModelAnswer.objects.count() == 1


@pytest.mark.django_db
def test_language_model_is_asked_once_for_the_same_text(server: ModelServer) -> None:
    server.answers = [claims(a_claim("a jet near Resafa", sentence=1))]

    found = [
        LanguageModelEngine(settings_for(server.url)).extract_claims(TEXT, **UNKNOWN).claims for _ in range(2)
    ]

    assert (found[0], len(server.asked)) == (found[1], 1)


@pytest.mark.django_db
def test_run_that_fell_back_is_the_default_engines_and_says_why() -> None:
    nobody_listens = LlmSettings(
        url="http://127.0.0.1:1/v1", model="small-1", api_key="", text_timeout_seconds=0.5
    )

    extraction = LanguageModelEngine(nobody_listens).extract_claims(TEXT, **UNKNOWN)

    assert (extraction.made_by, extraction.model) == (DefaultEngine.identity, "")
    assert extraction.note.startswith("by the default engine, not the language model: ")
    assert extraction.claims == DefaultEngine().extract_claims(TEXT, **UNKNOWN).claims


@pytest.mark.django_db
def test_lease_lasts_as_long_as_a_language_model_may_take() -> None:
    job = JobFactory()
    lease = jobs.take(job.pk, worker="worker:1")
    assert lease is not None
    job.refresh_from_db()
    short = job.lease_until

    lease.enter(Job.Stage.EXTRACTING, waits_seconds=180)

    job.refresh_from_db()
    assert 180 <= (job.lease_until - short).total_seconds() < 240


@pytest.mark.django_db
def test_database_cache_gives_back_what_it_was_given_last() -> None:
    cache, key = DatabaseCache(), "a" * 64

    before = cache.get(key)
    cache.put(key, '{"claims": []}')
    cache.put(key, '{"claims": [1]}')

    assert (before, cache.get(key)) == (None, '{"claims": [1]}')


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["a\0b", "a\ud800b"])
def test_database_cache_does_not_keep_what_the_database_cannot_hold(answer: str) -> None:
    cache = DatabaseCache()

    cache.put("a" * 64, answer)

    assert cache.get("a" * 64) is None
