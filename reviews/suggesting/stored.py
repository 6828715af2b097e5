"""The questions that are there: locked, with what stands and was rejected under them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from claims.models import folded
from reviews.models import Change, Compatibility, Placement, Position, Question, SuggestedQuestion
from reviews.suggesting.claim_values import StoredClaim
from reviews.suggesting.repeated import NewerClaims, rejected_before
from reviews.suggesting.row_ids import row_ids

State = Placement.State
MATCHER: Final = "matcher "
_STANDING: Final = frozenset({State.SUGGESTED, State.CONFIRMED})


@dataclass
class StoredQuestion:
    """A locked question with its rows as they were read: merged positions and placements of any state too.

    `topics` are what it asks: its own, and those of questions people merged into it. `newer` are claims that
    say again what a rejected one said in an earlier text: what was decided on that one holds for them.
    """

    row: Question
    is_touched: bool
    topics: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    merged_count: int = 0
    positions: dict[int, Position] = field(default_factory=dict)
    placements: list[Placement] = field(default_factory=list)
    compatible: set[tuple[int, int]] = field(default_factory=set)
    newer: NewerClaims = field(default_factory=dict)

    @property
    def standing_positions(self) -> list[Position]:
        """In the order of their columns, without merged ones."""
        standing = [position for position in self.positions.values() if position.merged_into_id is None]
        return sorted(standing, key=lambda position: position.number)

    @property
    def takes_suggestions(self) -> bool:
        return self.row.state != Question.State.MERGED

    @property
    def takes_answers(self) -> bool:
        """Also where it is decided, for a new answer opens it again."""
        return self.row.state not in (Question.State.MERGED, Question.State.DISMISSED)

    @property
    def was_dismissed(self) -> bool:
        return self.row.state == Question.State.DISMISSED

    @cached_property
    def standing(self) -> dict[int, set[int]]:
        """Claim -> the positions it stands under, suggested or confirmed."""
        found: dict[int, set[int]] = defaultdict(set)
        for placement in self.placements:
            if placement.state in _STANDING:
                found[placement.claim_id].add(placement.position_id)
        return found

    @cached_property
    def rejected(self) -> dict[int, dict[int, datetime]]:
        """Claim -> the positions a person took it away from, and when."""
        found: dict[int, dict[int, datetime]] = defaultdict(dict)
        for placement in self.placements:
            if placement.state == State.REJECTED:
                for claim in self._said_by(placement):
                    found[claim][placement.position_id] = placement.placed_at
        return found

    @cached_property
    def confirmed(self) -> set[int]:
        return {each.claim_id for each in self.placements if each.state == State.CONFIRMED}

    @cached_property
    def off_topic(self) -> set[int]:
        return {claim for each in self.placements if each.is_off_topic for claim in self._said_by(each)}

    @cached_property
    def answer_keys(self) -> dict[int, set[str]]:
        """Claim -> the answers it has or had here."""
        found: dict[int, set[str]] = defaultdict(set)
        for placement in self.placements:
            answer = folded(self.positions[placement.position_id].answer)
            for claim in self._said_by(placement):
                found[claim].add(answer)
        return found

    def _said_by(self, placement: Placement) -> Iterable[int]:
        """The claim that stands there and, where it was rejected, those that say the same again."""
        return {placement.claim_id, *self.newer.get(placement.claim_id, ())}


def is_of_machine(placement: Placement) -> bool:
    """Whether nobody decided on it, here or at the claim it goes back to: the matcher may take it away."""
    return (
        placement.suggested_by.startswith(MATCHER)
        and placement.placed_by_id is None
        and placement.carried_from_id is None
        and placement.state in (State.SUGGESTED, State.CARRIED)
    )


def lock_questions(
    claims: Mapping[int, StoredClaim], *, removed: Collection[int] = (), engine: User
) -> dict[int, StoredQuestion]:
    """Lock the questions under which these claims stand or stood, those they lead to, and read them.

    `removed` are claims that are matched no longer. Rejections of what the claims say again in a newer text
    count as theirs.
    """
    while True:
        newer = rejected_before(claims)
        about = {*claims, *removed, *newer}
        ids = _concerned(about)
        with transaction.atomic():
            locked = Question.objects.select_for_update(no_key=True, of=("self",))
            rows = list(locked.filter(pk__in=ids).order_by("pk"))
            if _concerned(about) <= ids:
                return _read(rows, newer, engine=engine)
            # People united or divided some before they were locked. All are locked anew, in order.
            transaction.set_rollback(True)


def _concerned(claim_ids: Collection[int]) -> set[int]:
    placed = Placement.objects.filter(claim__in=row_ids(claim_ids)).order_by()
    return _with_kin(set(placed.values_list("question_id", flat=True).distinct()))


def _read(rows: Collection[Question], newer: NewerClaims, *, engine: User) -> dict[int, StoredQuestion]:
    if not rows:
        return {}
    ids = [row.pk for row in rows]
    # Also what the matcher did and a person took back; not what a person did and took back.
    made_by_people = ~Q(made_by=engine) & Q(undone_at__isnull=True)
    by_people = made_by_people | Q(made_by=engine, undone_at__isnull=False)
    touched = set(Change.objects.filter(by_people, question__in=ids).values_list("question_id", flat=True))
    touched |= set(
        Placement.objects.filter(question__in=ids, placed_by__isnull=False).values_list(
            "question_id", flat=True
        )
    )
    stored = {
        row.pk: StoredQuestion(
            row,
            is_touched=row.pk in touched or row.state != Question.State.PROPOSED or not row.proposed_by,
            newer=newer,
        )
        for row in rows
    }
    _read_rows(stored)
    _read_topics(stored)
    return stored


def _with_kin(ids: set[int]) -> set[int]:
    """With the questions that these were merged into or split off from, and the other way round."""
    kin = set(ids)
    while ids:
        near = Question.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids) | Q(split_from__in=ids))
        links = near.values_list("pk", "merged_into_id", "split_from_id")
        ids = {pk for link in links for pk in link if pk is not None} - kin
        kin |= ids
    return kin


def _read_rows(stored: dict[int, StoredQuestion]) -> None:
    for position in Position.objects.filter(question__in=stored):
        stored[position.question_id].positions[position.pk] = position
    for placement in Placement.objects.filter(question__in=stored).order_by("pk"):
        stored[placement.question_id].placements.append(placement)
    pairs = Compatibility.objects.filter(first__question__in=stored)
    for question_id, first, second in pairs.values_list("first__question_id", "first_id", "second_id"):
        stored[question_id].compatible.add((first, second))


def _read_topics(stored: dict[int, StoredQuestion]) -> None:
    topic_of = dict(SuggestedQuestion.objects.filter(question__in=stored).values_list("pk", "topic"))
    for pk, question in stored.items():
        merged = [each for each in stored.values() if _leads_to(each, pk, stored)]
        asked = [question, *merged]
        question.topics = frozenset(topic_of[each.row.pk] for each in asked if each.row.pk in topic_of)
        question.slots = frozenset(each.row.slot for each in asked)
        question.merged_count = len(merged)


def _leads_to(question: StoredQuestion, pk: int, stored: dict[int, StoredQuestion]) -> bool:
    at = question.row
    while at.merged_into_id is not None:
        if at.merged_into_id == pk:
            return True
        at = stored[at.merged_into_id].row
    return False


def final_position(position: Position, positions: dict[int, Position]) -> Position:
    """Where a position is now, over all mergers."""
    while position.merged_into_id is not None:
        position = positions[position.merged_into_id]
    return position


def all_positions(stored: Iterable[StoredQuestion]) -> dict[int, Position]:
    return {pk: position for question in stored for pk, position in question.positions.items()}
