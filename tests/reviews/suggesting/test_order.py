"""The same claims give the same questions, in whatever order and batches their articles come."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from claims.engine_runs import store_run
from claims.engines import Extraction
from claims.extraction import ExtractedClaim, Frame, Quantity, Span
from claims.models import Article, Claim, Outlet, folded
from reviews import suggesting
from reviews.matching import MATCHER_VERSION, match
from reviews.models import MatchedClaim, Origin, Question
from reviews.suggesting.claim_values import read_claims
from reviews.suggesting.groups import is_worth_asking, read_group
from tests.engines import FakeEngine
from tests.factories import NOW, ArticleFactory, RevisionFactory, UserFactory, acting
from tests.reviews.suggesting.conftest import Press

# Each example fills a database: to shrink a failing one would take minutes.
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
PLACES = ("Alder", "Brook", "Cedar")
SAYINGS = [
    f"{topic} in {place}: {answer}{report}"
    for topic in ("killed", "hurt")
    for place in PLACES
    for answer in ("12", "15", "dozens", "56")
    for report in ("", "/wire")
]
Paper = tuple[str, ...]  # what one outlet says


class _Undone(Exception):
    pass


@contextmanager
def rolled_back() -> Iterator[None]:
    """A world of its own within one test."""
    try:
        with transaction.atomic():
            yield
            raise _Undone
    except _Undone:
        pass


def snapshot() -> Any:
    """The live questions by what was published, without row numbers."""
    questions = []
    for question in Question.objects.exclude(state="dismissed"):
        positions = [
            (
                position.answer,
                sorted(
                    position.placements.values_list(
                        "claim__revision__article__outlet__name", "claim__statement", "state", "reason"
                    )
                ),
                sorted(pair.second.answer for pair in position.compatible_later.all())
                + sorted(pair.first.answer for pair in position.compatible_earlier.all()),
            )
            for position in question.positions.standing().order_by("number")
        ]
        tally = question.tally
        counts = (tally.claims, tally.outlets, tally.origins, tally.opposed_outlets, tally.opposed_origins)
        questions.append(
            (
                question.wording,
                question.event,
                question.slot,
                question.resolution,
                question.is_evolving,
                counts,
                [(answer, standing, sorted(compatible)) for answer, standing, compatible in positions],
            )
        )
    origins = [
        (
            origin.name,
            origin.certainty,
            sorted(origin.members.values_list("claim__revision__article__outlet__name", "claim__statement")),
        )
        for origin in Origin.objects.all()
    ]
    return sorted(questions), sorted(origins)


papers = st.lists(
    st.lists(st.sampled_from(SAYINGS), min_size=1, max_size=4, unique=True).map(tuple), min_size=2, max_size=5
)


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=UNSHRUNK,
)
@given(papers=papers, chance=st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(told_matcher: None, papers: list[Paper], chance: Random) -> None:
    order = chance.sample(range(len(papers)), k=len(papers))
    # Some were read otherwise at first, so that claims also go again.
    before = {number: chance.choice(papers) for number in range(len(papers)) if chance.random() < 0.3}

    with rolled_back():
        press = Press()
        for number, paper in enumerate(papers):
            press.publish(f"Outlet {number}", *paper, at=number)
        in_order = snapshot()
    with rolled_back():
        press = Press()
        for number in order:
            if number in before:
                press.publish(f"Outlet {number}", *before[number], at=number)
            press.publish(f"Outlet {number}", *papers[number], version="10", at=number)
        press.match(*press.articles.values())
        out_of_order = snapshot()

    assert out_of_order == in_order


# --- With the matcher as it ships -----------------------------------------------------------------
OUTLETS = ("Courier", "Ledger", "Herald")


def toll(place: str, verb: str, number: int, text: str) -> ExtractedClaim:
    """A claim as the engine finds it in "12 people were killed in the fire in Kestrelford."."""
    statement = f"{number} people were {verb} in the fire in {place}ford near Lake {place}mere."
    start = text.index(statement)
    span = Span(start, start + len(statement))
    counted = Quantity(number, "people", Span(start, start + len(str(number))))
    return ExtractedClaim(
        statement=statement,
        spans=(span,),
        sentence=span,
        speaker=None,
        chain=(),
        cue=None,
        kind="own_voice",
        frame=Frame(predicate=verb, family="kill", place=f"{place}ford", quantities=(counted,)),
        check_worthiness=0.9,
    )


@st.composite
def reports(draw: st.DrawFn) -> list[tuple[str, tuple[tuple[str, str, int], ...]]]:
    place, verb = st.sampled_from(("Kestrel", "Osprey")), st.sampled_from(("killed", "wounded"))
    told = st.tuples(place, verb, st.sampled_from((12, 15)))
    return [(outlet, tuple(draw(st.lists(told, min_size=1, max_size=3, unique=True)))) for outlet in OUTLETS]


def publish(outlet: str, tolls: Sequence[tuple[str, str, int]], *, hour: int) -> Article:
    text = " ".join(
        f"{number} people were {verb} in the fire in {place}ford near Lake {place}mere."
        for place, verb, number in tolls
    )
    with acting():
        medium, _ = Outlet.objects.get_or_create(name=outlet, defaults={"key": folded(outlet)})
    article = ArticleFactory(
        outlet=medium,
        canonical_url=f"https://{outlet.lower()}.example/1",
        title="Fire",
        published_at=NOW + timedelta(hours=hour),
    )
    revision = RevisionFactory(article=article, text=text)
    claims = [toll(*each, text) for each in tolls]
    extraction = Extraction(claims, made_by=FakeEngine(claims).identity)
    store_run(revision, extraction, requested_by=UserFactory(), now=NOW)
    return article


def wanted() -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """What the matcher finds in everything that is stored, at once."""
    claims = {claim.value.id: claim for claim in read_claims(Claim.objects.all(), credits_of={})}
    by_pk = {claim.pk: claim for claim in claims.values()}
    found = []
    for matched in match(claim.value for claim in claims.values()):
        group = read_group(matched, claims)
        if is_worth_asking(group, by_pk):
            answers = [
                (answer.text, sorted(by_pk[pk].value.id for pk in answer.reasons)) for answer in group.answers
            ]
            found.append((group.wording, answers))
    return sorted(found)


def stored() -> list[tuple[str, list[tuple[str, list[str]]]]]:
    ids = {claim.pk: claim.value.id for claim in read_claims(Claim.objects.all(), credits_of={})}
    return sorted(
        (
            question.wording,
            [
                (
                    position.answer,
                    sorted(ids[pk] for pk in position.placements.values_list("claim", flat=True)),
                )
                for position in question.positions.standing().order_by("number")
            ],
        )
        for question in Question.objects.exclude(state="dismissed")
    )


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, phases=UNSHRUNK)
@given(reports=reports(), order=st.permutations(range(len(OUTLETS))), together=st.booleans())
def test_stored_questions_are_those_of_all_claims_at_once(
    reports: list[tuple[str, tuple[tuple[str, str, int], ...]]], order: list[int], together: bool
) -> None:
    with rolled_back():
        articles = [publish(*reports[number], hour=number) for number in order]
        batches = [articles] if together else [[article] for article in articles]
        for batch in batches:
            suggesting.match_articles([article.pk for article in batch], now=NOW)

        assert stored() == wanted()
        assert set(MatchedClaim.objects.values_list("matcher_version", flat=True)) <= {MATCHER_VERSION}


@pytest.mark.django_db
def test_matcher_as_it_ships_finds_what_the_reports_tell() -> None:
    for hour, (outlet, number) in enumerate(zip(OUTLETS, (12, 15, 12), strict=True)):
        article = publish(outlet, [("Kestrel", "killed", number)], hour=hour)
        suggesting.match_articles([article.pk], now=NOW)

    assert [[len(ids) for _, ids in answers] for _, answers in stored() if len(answers) > 1] == [[2, 1]]
