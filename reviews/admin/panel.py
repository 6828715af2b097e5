"""The panel of the compare screen in which a person assesses, or adjudicates, what stands beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from django.contrib.auth.models import User

from claims.models import Claim
from reviews import blinding, operations, policies, workflow
from reviews.assessing import AssessmentContent, EvidenceItem, PositionJudgement, differing
from reviews.basis import basis_of, positions_to_judge
from reviews.blinding import SealedAssessment
from reviews.contradictions import Competing, competing, contradicting
from reviews.models import (
    AdjudicationDraft,
    AssessmentDraft,
    Assignment,
    Confidence,
    Judgement,
    Position,
    Question,
)
from reviews.rules import Rules, rules_of

_REVIEWED = frozenset(
    {*workflow.REVIEWABLE, workflow.State.IN_REVIEW, workflow.State.ADJUDICATION, workflow.State.DECIDED}
)
Kind = Literal["", "take", "returned", "write", "sealed", "adjudicate", "waits", "decided"]


@dataclass(frozen=True)
class Group:
    """The fields of one thing that is judged: a position, or with none of it the question as a whole."""

    position: Position | None
    number: int
    said: PositionJudgement
    others: list[PositionJudgement | None] = field(default_factory=list)  # in the order of `sealed`
    is_differing: bool = False
    competes_with: list[int] = field(default_factory=list)  # positions that cannot be true beside it
    is_contradicting: bool = False

    @property
    def suffix(self) -> str:
        """What the names of its fields end in."""
        return f"_{self.position.pk}" if self.position else ""


@dataclass(frozen=True)
class Cited:
    """A piece of evidence with what it is called; `anchor` is its claim's place on the page."""

    item: EvidenceItem
    label: str
    anchor: str = ""


@dataclass(frozen=True)
class Panel:
    """What one person is shown of a question's review; `kind` says what they can do now."""

    kind: Kind
    basis: str = ""
    draft: AssessmentDraft | AdjudicationDraft | None = None
    assignment: Assignment | None = None
    groups: list[Group] = field(default_factory=list)
    rationale: str = ""
    evidence: list[Cited] = field(default_factory=list)
    sealed: list[SealedAssessment] = field(default_factory=list)
    sealed_evidence: list[list[Cited]] = field(default_factory=list)
    as_of: str = ""
    reason: str = ""
    error: str = ""
    is_outdated: bool = False

    judgements = Judgement.choices
    confidences = Confidence.choices

    @property
    def stamp(self) -> str:
        """Differs when the panel is another one, or what it judges changed; for a page that is open."""
        return f"{self.kind} {self.basis}"

    @property
    def is_form(self) -> bool:
        return self.kind in ("write", "adjudicate")

    @property
    def contradicting(self) -> list[int]:
        """The numbers of the answers that are Supported beside one that cannot be true with them."""
        return [group.number for group in self.groups if group.is_contradicting]

    @property
    def is_assessing(self) -> bool:
        """Whether the person holds the question, sealed or not."""
        return self.kind in ("write", "sealed")

    @property
    def may_release(self) -> bool:
        return self.kind == "write"


@dataclass(frozen=True)
class Typed:
    """What was sent and not accepted, to be shown again, and why not."""

    content: AssessmentContent
    error: str
    as_of: str
    seen_basis: str


def panel(
    question: Question, positions: Sequence[Position], user: User, *, typed: Typed | None = None
) -> Panel:
    """What this person can do for the question's review now; a fixed number of queries."""
    if question.state == workflow.State.IN_REVIEW:
        assignment = blinding.held_by(question, user)
        if assignment is not None:
            return _own(question, positions, assignment, typed)
    if question.state == workflow.State.ADJUDICATION:
        return _adjudication(question, positions, user, typed)
    if question.state == workflow.State.DECIDED:
        has_assessed = question.assessments.filter(reviewer=user, round=question.round).exists()
        return Panel("decided" if has_assessed else "")
    is_taken_by_reviewers = policies.allows(policies.check_may_assess, user) and (
        question.state in (*workflow.REVIEWABLE, workflow.State.IN_REVIEW)
    )
    if is_taken_by_reviewers and operations.waiting_for(user).filter(pk=question.pk).exists():
        return Panel("take")
    if is_taken_by_reviewers and (before := blinding.held_before(question, user)):
        assignment, reason = before
        return Panel("returned", assignment=assignment, reason=reason)
    return Panel("")


def _own(
    question: Question, positions: Sequence[Position], assignment: Assignment, typed: Typed | None
) -> Panel:
    """One's own assessment, being written or sealed."""
    draft = getattr(assignment, "draft", None)
    basis = basis_of(question)
    if draft is not None and draft.submitted_at is not None:
        content = AssessmentContent.from_json(draft.content)
        return Panel(
            "sealed",
            basis=basis,
            draft=draft,
            assignment=assignment,
            groups=_groups(positions, content),
            rationale=content.rationale,
            evidence=_own_cited(content.evidence, question, assignment.reviewer),
            is_outdated=draft.basis != basis,
        )
    stored = AssessmentContent.from_json(draft.content) if draft else AssessmentContent()
    content = typed.content if typed else stored
    positions = list(positions_to_judge(question))
    return Panel(
        "write",
        basis=basis,
        draft=draft,
        assignment=assignment,
        groups=_groups(positions, content, competing=_competing(question, positions)),
        rationale=content.rationale,
        evidence=_own_cited(content.evidence, question, assignment.reviewer),
        error=typed.error if typed else "",
        is_outdated=typed is not None and typed.seen_basis != basis,
    )


def _adjudication(
    question: Question, positions: Sequence[Position], user: User, typed: Typed | None
) -> Panel:
    """The sealed assessments beside each other, for who decides; for others that it waits."""
    if not policies.allows(partial(policies.check_may_adjudicate, question=question), user):
        own = blinding.my_own(question, user)
        if own is None:
            return Panel("")
        content = AssessmentContent.from_json(own.content)
        return Panel("waits", draft=own, groups=_groups(positions, content), rationale=content.rationale)
    basis = basis_of(question)
    sealed = blinding.visible_drafts(question, user)
    contents = [each.content for each in sealed if each.content is not None]
    draft = blinding.my_adjudication(question, user)
    stored = AssessmentContent.from_json(draft.content) if draft else AssessmentContent()
    content = typed.content if typed else stored
    positions = list(positions_to_judge(question))
    statements = _statements([*content.evidence, *(item for each in contents for item in each.evidence)])
    theirs = [{sha256: file.name for sha256, file in each.files.items()} for each in sealed]
    known = _file_names(content.evidence, question, user)
    return Panel(
        "adjudicate",
        basis=basis,
        draft=draft,
        groups=_groups(positions, content, contents, competing=_competing(question, positions)),
        rationale=content.rationale,
        evidence=_cited(content.evidence, statements, known),
        sealed=sealed,
        sealed_evidence=[
            _cited(each.content.evidence, statements, names)
            for each, names in zip(sealed, theirs, strict=True)
            if each.content is not None
        ],
        as_of=typed.as_of if typed else draft.as_of if draft else "",
        error=typed.error if typed else "",
        is_outdated=typed is not None and typed.seen_basis != basis,
    )


def _competing(question: Question, positions: Sequence[Position]) -> Competing:
    return competing(question, [position.pk for position in positions])


def _groups(
    positions: Sequence[Position],
    content: AssessmentContent,
    others: Sequence[AssessmentContent] = (),
    *,
    competing: Competing | None = None,
) -> list[Group]:
    """The positions in the order of their columns, then the question as a whole."""
    apart = differing(others)
    competing = competing or {}
    contradictory = contradicting(content, competing)
    none = PositionJudgement()
    groups = [
        Group(
            position,
            number,
            said=content.positions.get(position.pk, none),
            others=[other.positions.get(position.pk) for other in others],
            is_differing=position.pk in apart,
            competes_with=sorted(competing.get(position.pk, ())),
            is_contradicting=position.pk in contradictory,
        )
        for number, position in enumerate(positions, start=1)
    ]
    whole = PositionJudgement(content.judgement, content.confidence)
    said = [PositionJudgement(other.judgement, other.confidence) for other in others]
    return [*groups, Group(None, 0, whole, list(said), None in apart)]


def _own_cited(evidence: Sequence[EvidenceItem], question: Question, writer: User) -> list[Cited]:
    """What somebody cites themselves, with what it is called."""
    return _cited(evidence, _statements(evidence), _file_names(evidence, question, writer))


def _cited(
    evidence: Iterable[EvidenceItem], statements: Mapping[int, str], files: Mapping[str, str]
) -> list[Cited]:
    return [_named(item, statements, files) for item in evidence]


def _statements(evidence: Iterable[EvidenceItem]) -> dict[int, str]:
    claims = Claim.objects.filter(pk__in={item.claim_id for item in evidence if item.claim_id})
    return dict(claims.values_list("pk", "statement"))


def _file_names(evidence: Iterable[EvidenceItem], question: Question, user: User) -> dict[str, str]:
    """By hash, the names this person knows the files by."""
    hashes = {item.file_sha256 for item in evidence if item.file_sha256}
    return {sha256: file.name for sha256, file in blinding.visible_files(question, hashes, user).items()}


def _named(item: EvidenceItem, statements: Mapping[int, str], files: Mapping[str, str]) -> Cited:
    if item.claim_id is not None:
        label = statements.get(item.claim_id, f"claim {item.claim_id}")
        return Cited(item, label, anchor=f"claim-{item.claim_id}")
    return Cited(item, item.url or files.get(item.file_sha256, item.file_sha256))


@dataclass(frozen=True)
class ReviewLine:
    """How the question's review stands, as far as this person may know: who holds it is for leads."""

    rules: Rules
    needed: int
    assigned: list[Assignment] | None  # None for who does not assign

    @property
    def waits_for(self) -> int:
        """How many reviewers are still to be found, as far as this person may know."""
        return 0 if self.assigned is None else max(self.needed - len(self.assigned), 0)


def review_line(question: Question, user: User) -> ReviewLine | None:
    """None where nothing is to be said of it: proposed, dismissed and merged questions are not reviewed."""
    if question.state not in _REVIEWED:
        return None
    rules = rules_of(question)
    assigned = None
    if policies.allows(policies.check_may_assign, user):
        active = blinding.visible_assignments(user).active().filter(question=question)
        assigned = list(active.select_related("reviewer").order_by("reviewer__username"))
    return ReviewLine(rules, question.assessments_required or rules.assessments, assigned)
