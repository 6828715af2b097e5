"""How a question was decided, round by round: the verdict, and beside it the assessments, open by then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Prefetch

from reviews import blinding
from reviews.models import AssessedPosition, Assessment, Confidence, Evidence, Judgement, Question, Verdict

LOOKS = {
    Judgement.SUPPORTED: "is-ok",
    Judgement.REFUTED: "is-bad",
    Judgement.NOT_ENOUGH_EVIDENCE: "",
    Judgement.CONFLICTING_EVIDENCE: "is-warn",
}


@dataclass(frozen=True)
class Said:
    """A judgement as it is shown; without a confidence it is the verdict's."""

    judgement: Judgement
    confidence: str = ""
    note: str = ""

    @property
    def look(self) -> str:
        return LOOKS[self.judgement]


@dataclass(frozen=True)
class Row:
    """What was said of one answer, or of the question as a whole: by the verdict, then by each assessment."""

    answer: str
    verdict: Said | None
    assessed: list[Said | None]

    @property
    def is_differing(self) -> bool:
        return len({said.judgement for said in self.assessed if said}) > 1


@dataclass(frozen=True)
class Round:
    """A verdict with its evidence, and the assessments of its round, the reader's own first."""

    verdict: Verdict
    assessments: list[Assessment]
    rows: list[Row]
    own: Assessment | None

    @property
    def is_current(self) -> bool:
        return self.verdict.stale_at is None

    @property
    def rationale_is_theirs(self) -> bool:
        """Whether the verdict's rationale is only those of the assessments, which stand beside it."""
        return self.verdict.manner != Verdict.Manner.ADJUDICATED and bool(self.assessments)


def rounds(question: Question, user: User) -> list[Round]:
    """The rounds that were decided, the last one first; a fixed number of queries."""
    verdicts = list(
        Verdict.objects.filter(question=question)
        .with_contradictions()
        .select_related("decided_by")
        .prefetch_related("positions__position", _evidence())
    )
    if not verdicts:
        return []
    by_round: dict[int, list[Assessment]] = {verdict.round: [] for verdict in verdicts}
    for assessment in _assessments(question, user):
        by_round.setdefault(assessment.round, []).append(assessment)
    return [_round(verdict, by_round[verdict.round], user) for verdict in verdicts]


def _assessments(question: Question, user: User) -> Iterable[Assessment]:
    found = blinding.visible_assessments(user).filter(question=question).select_related("reviewer")
    return found.prefetch_related("positions__position", _evidence()).order_by("reviewer__username")


def _evidence() -> Prefetch:
    """Without the bytes of files and the search index of claims."""
    shown = Evidence.objects.select_related("claim", "file", "position")
    return Prefetch("evidence", shown.defer("file__content", "claim__search").order_by("pk"))


def _round(verdict: Verdict, assessments: list[Assessment], user: User) -> Round:
    in_order = sorted(assessments, key=lambda each: each.reviewer_id != user.pk)
    own = in_order[0] if in_order and in_order[0].reviewer_id == user.pk else None
    decided = {judged.position_id: judged for judged in verdict.positions.all()}
    said = [_by_position(assessment) for assessment in in_order]
    answers = {judged.position_id: judged.position for judged in decided.values()}
    for assessment in in_order:
        answers |= {judged.position_id: judged.position for judged in assessment.positions.all()}
    rows = [
        Row(
            answer=position.answer,
            verdict=Said(Judgement(decided[pk].judgement)) if pk in decided else None,
            assessed=[each.get(pk) for each in said],
        )
        for pk, position in sorted(answers.items(), key=lambda item: item[1].number)
    ]
    whole = Row(
        answer="",
        verdict=Said(Judgement(verdict.judgement)),
        assessed=[_said(assessment) for assessment in in_order],
    )
    return Round(verdict, in_order, [*rows, whole], own)


def _by_position(assessment: Assessment) -> Mapping[int, Said]:
    return {judged.position_id: _said(judged) for judged in assessment.positions.all()}


def _said(judged: Assessment | AssessedPosition) -> Said:
    note = judged.rationale if isinstance(judged, AssessedPosition) else ""
    return Said(Judgement(judged.judgement), Confidence(judged.confidence).label.lower(), note)
