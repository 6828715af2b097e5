"""A matcher that is told what to find, so that these tests do not hang on the real one's rules.

A claim that says "killed in Alder: 12." is of the story of Alder and answers the question how many were
killed there with 12; what stands after a "/" names the report it goes back to: "killed in Alder: 12/wire."
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db.models import F

from claims.engine_runs import store_run
from claims.engines import Extraction
from claims.models import Article, Claim, Outlet, folded
from reviews import suggesting
from reviews.matching import MatchClaim, MatchedPosition, MatchedQuestion, OriginGroup
from reviews.models import Placement, Question
from tests.engines import FakeEngine, found
from tests.factories import NOW, ArticleFactory, RevisionFactory, UserFactory, acting

SAYING = re.compile(r"(?P<topic>\w+) in (?P<event>\w+): (?P<answer>[^/.]+)(?:/(?P<report>\w+))?\.")


@dataclass(frozen=True)
class Said:
    topic: str
    event: str
    answer: str
    report: str


def said(claim: MatchClaim) -> Said:
    match = SAYING.match(claim.claim.statement)
    assert match is not None, claim.claim.statement
    return Said(match["topic"], match["event"], match["answer"], match["report"] or "")


def keys_of(claim: MatchClaim) -> frozenset[int]:
    return frozenset({sum(map(ord, said(claim).event))})


def is_same_story(one: MatchClaim, other: MatchClaim) -> bool:
    return said(one).event == said(other).event


def stories_of(claims: Iterable[MatchClaim]) -> list[list[MatchClaim]]:
    stories: dict[str, list[MatchClaim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.id):
        stories[said(claim).event].append(claim)
    return list(stories.values())


def match_story(claims: Iterable[MatchClaim]) -> list[MatchedQuestion]:
    asked: dict[tuple[str, str], dict[str, list[MatchClaim]]] = defaultdict(lambda: defaultdict(list))
    for claim in sorted(claims, key=lambda claim: claim.id):
        told = said(claim)
        asked[told.topic, told.event][told.answer].append(claim)
    return [
        MatchedQuestion(
            question=f"How many were {topic} in {event}?",
            slot="how many",
            event=event,
            contested=len(answers) > 1,
            evolving=False,
            positions=tuple(
                MatchedPosition(
                    answer=answer,
                    claims=tuple(claim.id for claim in told),
                    reasons={claim.id: f"says {answer}" for claim in told},
                    compatible_with=tuple(other for other in answers if {answer, other} == {"dozens", "56"}),
                    origins=find_origins(told),
                )
                for answer, told in sorted(answers.items())
            ),
            why=(f"counts of {topic} in {event}",),
        )
        for (topic, event), answers in sorted(asked.items())
    ]


def find_origins(claims: Sequence[MatchClaim]) -> tuple[OriginGroup, ...]:
    reports: dict[str, list[str]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.id):
        reports[said(claim).report or claim.article].append(claim.id)
    return tuple(
        OriginGroup(tuple(ids), "certain", f"{name} report", "the same report")
        for name, ids in sorted(reports.items())
    )


@pytest.fixture
def told_matcher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.suggesting.story_index.keys_of", keys_of)
    monkeypatch.setattr("reviews.suggesting.story_index.is_same_story", is_same_story)
    monkeypatch.setattr("reviews.suggesting.story_index.stories_of", stories_of)
    monkeypatch.setattr("reviews.suggesting.matching_run.match_story", match_story)


@dataclass
class Press:
    """Publishes articles that say these things, and has them matched; `now` is when."""

    articles: dict[str, Article] = field(default_factory=dict)
    now: datetime = NOW

    def publish(
        self,
        outlet: str,
        *sayings: str,
        version: str = "9",
        at: int | None = None,
        in_one_place: bool = False,
    ) -> Article:
        """An outlet's one article; published again, its text is read by another engine version.

        `at` says by how many minutes it is younger than the first; else it is younger than all before.
        """
        article = self.articles.get(outlet)
        if article is None:
            with acting():
                medium, _ = Outlet.objects.get_or_create(name=outlet, defaults={"key": folded(outlet)})
            article = ArticleFactory(
                outlet=medium,
                title=outlet,
                published_at=NOW + timedelta(minutes=len(self.articles) if at is None else at),
                canonical_url=f"https://{folded(outlet).replace(' ', '-')}.example/1",
            )
            RevisionFactory(article=article, text="It is said. " + " ".join(f"{n:05d}" for n in range(300)))
            self.articles[outlet] = article
        article.refresh_from_db()
        revision = article.current_revision
        assert revision is not None
        claims = [
            found(f"{0 if in_one_place else number:05d}", text=revision.text, says=f"{saying}.")
            for number, saying in enumerate(sayings)
        ]
        extraction = Extraction(claims, made_by=FakeEngine(claims, version).identity)
        store_run(revision, extraction, requested_by=UserFactory(), now=NOW)
        self.match(article)
        return article

    def revise(self, outlet: str, *sayings: str, in_one_place: bool = False) -> None:
        """An outlet's article has another text, which says these things in the words it said before."""
        article = self.articles[outlet]
        number = article.revisions.count() + 1
        text = f"Text {number} says: " + " ".join(f"{n:05d}" for n in range(300))
        article.current_revision = RevisionFactory(article=article, number=number, text=text)
        article.save(update_fields=["current_revision"])
        self.publish(outlet, *sayings, in_one_place=in_one_place)

    def match(self, *articles: Article) -> list[suggesting.Difference]:
        return suggesting.match_articles([article.pk for article in articles], now=self.now)

    def claim(self, outlet: str, saying: str) -> Claim:
        return Claim.objects.get(
            revision__article=self.articles[outlet], statement=f"{saying}.", engine_run__is_current=True
        )


@pytest.fixture
def press(db: None, told_matcher: None) -> Press:
    return Press()


Shown = dict[str, dict[str, list[str]]]


@pytest.fixture
def shown() -> Callable[[], Shown]:
    """The live questions: wording -> answer -> "outlet state" of what stands under it."""

    def read() -> Shown:
        live = Question.objects.exclude(state__in=("dismissed", "merged")).order_by("wording", "pk")
        standing = Placement.objects.filter(state__in=("suggested", "confirmed")).filter(
            claim__engine_run__is_current=True,
            claim__revision__article__current_revision=F("claim__revision"),
        )
        return {
            question.wording: {
                position.answer: [
                    f"{name} {state}"
                    for name, state in standing.filter(position=position)
                    .order_by("claim__revision__article__outlet__name", "claim_id")
                    .values_list("claim__revision__article__outlet__name", "state")
                ]
                for position in question.positions.standing().order_by("number")
            }
            for question in live
        }

    return read
