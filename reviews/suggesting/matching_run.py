"""Matching what stands of some articles: index, stories, origins, questions, all in one transaction.

Whoever matches holds one advisory lock of the database until it commits. So two articles of one story that
come at once see each other, and matchers cannot wait for each other in a circle; what takes long, reading
an article and finding its claims, is done before and elsewhere. A worker does not wait for the lock, for it
would keep articles from being read meanwhile. The questions are locked next, by their ids,
as people's steps do, and only then is anything written to them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F

from claims.models import EngineRun
from reviews import audit, tallies
from reviews.basis import bases_of
from reviews.engine_user import engine_user
from reviews.matching import MatchedQuestion, match_story
from reviews.models import MatchingDue, Question
from reviews.notices import tell_assigned
from reviews.suggesting.assignment import assign
from reviews.suggesting.claim_values import StoredClaim
from reviews.suggesting.due import MatcherBusy
from reviews.suggesting.groups import Group, is_worth_asking, read_group
from reviews.suggesting.origins import update_origins
from reviews.suggesting.plans import plan_rewriting, plan_suggestions
from reviews.suggesting.stored import StoredQuestion, lock_questions
from reviews.suggesting.story_index import update_index
from reviews.suggesting.wishes import Wishes, permitted, wish
from reviews.suggesting.writing import SUGGESTED_BY, Difference, Pen

_LOCK = "crossclaim.matching"
_JUDGED = frozenset({Question.State.IN_REVIEW, Question.State.ADJUDICATION})


@transaction.atomic
def match_run(*, engine_run_id: int, now: datetime) -> list[Difference]:
    """Match the claims of an engine run that is due; once is enough, and nothing is done if it is not due.

    The row is not locked, for whoever offers it anew may hold questions that are needed here; it is left
    to be matched again if it was offered or taken meanwhile. Raises MatcherBusy while another worker matches.
    """
    due = MatchingDue.objects.filter(pk=engine_run_id).first()
    if due is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        if cursor.fetchone() != (True,):
            raise MatcherBusy
    article_id = EngineRun.objects.values_list("revision__article_id", flat=True).get(pk=engine_run_id)
    differences = match_articles([article_id], now=now)
    MatchingDue.objects.filter(pk=due.pk, attempts=due.attempts, due_at=due.due_at).delete()
    return differences


@transaction.atomic
def match_articles(article_ids: Collection[int], *, now: datetime) -> list[Difference]:
    """Match what stands of these articles against all the rest; return what that changed of questions.

    Waits while another matches. The result depends on the claims and on what people decided, and not on the
    order in which articles come.
    """
    engine = engine_user()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
    touched = update_index(article_ids)
    claims = {claim.pk: claim for story in touched.stories for claim in story}
    stored = lock_questions(claims, removed=touched.removed, engine=engine)
    judged = [each.row for each in stored.values() if each.row.state in _JUDGED]
    rests_on = bases_of(judged)
    matched = [(story, match_story([claim.value for claim in story])) for story in touched.stories]
    retraced = update_origins(matched, removed=touched.removed, by=engine)
    groups = [group for story, questions in matched for group in _groups(story, questions)]
    step = _Step(claims, touched.removed, Pen(engine, now))
    differences = list(step.take(groups, stored))
    _count_anew(differences, stored.values(), retraced, by=engine)
    _tell_of_origins(judged, rests_on)
    return differences


def _groups(story: Collection[StoredClaim], questions: Iterable[MatchedQuestion]) -> Iterable[Group]:
    by_id = {claim.value.id: claim for claim in story}
    return (read_group(matched, by_id) for matched in questions)


@dataclass(frozen=True)
class _Step:
    """Bringing the questions in step with the groups of the stories that were touched."""

    claims: dict[int, StoredClaim]
    removed: frozenset[int]
    pen: Pen

    def take(self, groups: list[Group], stored: dict[int, StoredQuestion]) -> Iterable[Difference]:
        rewritten: dict[int, Group] = {}
        proposed: list[Group] = []
        wishes = Wishes()
        for group, assigned in zip(groups, assign(groups, stored), strict=True):
            question = assigned.question
            if question is not None and question.is_touched:
                wish(group, question, assigned.kin, stored, wishes)
            elif not assigned.is_swallowed:
                left = permitted(group, assigned.kin)
                if not is_worth_asking(left, self.claims):
                    continue
                if question is None:
                    proposed.append(left)
                else:
                    rewritten[question.row.pk] = left
        found = [self._keep_up(each, rewritten, wishes) for each in stored.values()]
        yield from (difference for difference in found if difference is not None)
        yield from (self.pen.propose(group) for group in proposed)

    def _keep_up(
        self, stored: StoredQuestion, rewritten: dict[int, Group], wishes: Wishes
    ) -> Difference | None:
        """Bring a question that is there in step."""
        pk = stored.row.pk
        if stored.is_touched:
            places = {position: wishes.at[position] for position in stored.positions if position in wishes.at}
            plan = plan_suggestions(
                stored, places, list(wishes.new.get(pk, {}).values()), about=self.claims, removed=self.removed
            )
            return self.pen.carry_out(stored, plan)
        if pk in rewritten:
            group = rewritten[pk]
            return self.pen.carry_out(stored, plan_rewriting(stored, group), topic=group.topic)
        if stored.placements and all(each.claim_id in self.removed for each in stored.placements):
            reason = "None of its claims stands any more."
        else:
            reason = f"With the claims there are now, {SUGGESTED_BY} finds nothing to compare here."
        return self.pen.take_back(stored, reason=reason)


def _count_anew(
    differences: Iterable[Difference],
    stored: Iterable[StoredQuestion],
    retraced: set[int],
    *,
    by: User,
) -> None:
    """Count what changed, and where claims go back to another origin now."""
    changed = {difference.question.pk for difference in differences}
    changed |= {each.row.pk for each in stored if not retraced.isdisjoint(each.standing)}
    audit.because(by=by, action="suggest", reason=SUGGESTED_BY)
    tallies.recount_all(Question.objects.filter(pk__in=changed).order_by("pk"))


def _tell_of_origins(judged: Collection[Question], rested_on: Mapping[int, str]) -> None:
    """Have those look again who judge claims that go back to one origin now, or no longer do.

    It is all of what is judged that a machine changes.
    """
    rest_on = bases_of(judged)
    for question in judged:
        if rest_on[question.pk] != rested_on[question.pk]:
            Question.objects.filter(pk=question.pk).update(version=F("version") + 1)
            if question.state == Question.State.IN_REVIEW:
                tell_assigned(question)
