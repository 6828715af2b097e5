"""Where the matcher wants the claims of a group to stand, after all that people decided. Pure.

What a person rejected never comes back: a claim at an answer, or at all where it is not about the question,
in the question itself and in those that are like it. Answers get other words, by people and by the matcher:
so a rejected claim is suggested only under positions that were there to be chosen when it was rejected.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from claims.models import folded
from reviews.models import Position
from reviews.suggesting.groups import Answer, Group
from reviews.suggesting.stored import StoredQuestion, all_positions, final_position

Reasons = dict[int, str]  # claim -> why it stands there


@dataclass
class Wishes:
    """What is to stand where: at positions that are there, by row number, and under answers to be added."""

    at: dict[int, Reasons] = field(default_factory=lambda: defaultdict(dict))
    new: dict[int, dict[str, Answer]] = field(default_factory=lambda: defaultdict(dict))

    def add_answer(self, question: int, answer: Answer) -> None:
        """Two groups of one question may bring the same answer."""
        there = self.new[question].get(answer.key, answer)
        self.new[question][answer.key] = replace(there, reasons={**answer.reasons, **there.reasons})


def permitted(group: Group, kin: Collection[StoredQuestion]) -> Group:
    """The group without what people rejected, as a question would show it that nobody has touched."""
    answers = []
    for answer in group.answers:
        reasons = {
            claim: reason
            for claim, reason in answer.reasons.items()
            if not _is_off_topic(claim, kin) and not _is_rejected(claim, None, kin)
        }
        if reasons:
            answers.append(replace(answer, reasons=reasons))
    return replace(group, answers=tuple(answers))


def wish(
    group: Group,
    question: StoredQuestion,
    kin: Collection[StoredQuestion],
    stored: Mapping[int, StoredQuestion],
    wishes: Wishes,
) -> None:
    """Add to `wishes` where a group's claims go in a question that people worked on, or in its kin.

    An answer goes to the position that says the same or, if people worded it otherwise, to the one under
    which most of its claims stand; where positions were merged or split off, to where they are now.
    """
    # Of all questions, for a position may have been split off and then merged into one that is not of kin.
    known = all_positions(stored.values())
    of_position = {pk: each for each in stored.values() for pk in each.positions}
    for answer in group.answers:
        position = _position_for(answer, question, kin, known)
        if position is None:
            left = permitted(replace(group, answers=(answer,)), kin).answers
            if left and question.takes_answers:
                without = {pk: why for pk, why in left[0].reasons.items() if pk not in question.confirmed}
                if without:
                    wishes.add_answer(question.row.pk, replace(left[0], reasons=without))
            continue
        target = of_position[position.pk]
        for claim, reason in answer.reasons.items():
            if claim in target.confirmed or claim in target.off_topic:
                continue
            if position.pk in target.rejected.get(claim, ()):
                continue
            stands_there = position.pk in target.standing.get(claim, ())
            if stands_there or not (_is_off_topic(claim, kin) or _is_rejected(claim, position, kin)):
                wishes.at[position.pk][claim] = reason


def _position_for(
    answer: Answer,
    question: StoredQuestion,
    kin: Iterable[StoredQuestion],
    known: Mapping[int, Position],
) -> Position | None:
    own = sorted(
        question.positions.values(),
        key=lambda position: (position.merged_into_id is not None, position.number),
    )
    for position in own:
        if folded(position.answer) == answer.key:
            return final_position(position, dict(known))
    votes: dict[int, int] = defaultdict(int)
    for each in kin:
        if each is not question and each.row.split_from_id != question.row.pk:
            continue
        for claim in answer.reasons:
            if claim not in each.rejected:
                for pk in each.standing.get(claim, ()):
                    votes[pk] += 1
    if not votes:
        return None
    return known[min(votes, key=lambda pk: (-votes[pk], known[pk].number, pk))]


def _is_off_topic(claim: int, kin: Iterable[StoredQuestion]) -> bool:
    return any(claim in question.off_topic for question in kin)


def _is_rejected(claim: int, position: Position | None, kin: Iterable[StoredQuestion]) -> bool:
    """Whether a person rejected the claim before there was this position, None being one to be added."""
    return any(
        position is None or position.added_at >= rejected_at
        for question in kin
        for rejected_at in question.rejected.get(claim, {}).values()
    )
