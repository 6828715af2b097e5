"""The sourcing of claims, marked."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import TextChoices

from claims.models import Claim
from reviews import audit, changes, policies
from reviews.claim_words import in_words
from reviews.errors import Conflict, ReviewError
from reviews.models import Placement, Question, SourcingMark, SpeakerReliability
from reviews.operations import steps
from reviews.reliability import UNJUDGED, usual_reliability
from reviews.reopening import reopen
from reviews.rules import check_has_marks

INDEPENDENT_ORIGINS = 2  # what credibility 1 asks for: confirmed by other, independent sources
CHOICES: dict[str, type[TextChoices]] = {
    "identification": SourcingMark.Identification,
    "access": SourcingMark.Access,
    "directness": SourcingMark.Directness,
    "basis": SourcingMark.Basis,
    "reliability": SourcingMark.Reliability,
    "credibility": SourcingMark.Credibility,
    "status": SourcingMark.Status,
}
MOST_LINKS, LINK_CHARACTERS = 20, 2000
_check_link = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Marks:
    """What a reviewer marks on a claim; values are those of SourcingMark's choices.

    Without a reliability it is what is usual of the speaker; another one needs `reliability_reason`.
    """

    identification: str
    access: str = SourcingMark.Access.UNKNOWN
    directness: str = SourcingMark.Directness.UNKNOWN
    basis: str = SourcingMark.Basis.UNKNOWN
    reliability: str = ""
    reliability_reason: str = ""
    credibility: str = SourcingMark.Credibility.CANNOT_BE_JUDGED
    status: str = SourcingMark.Status.STANDING
    note: str = ""
    evidence_links: Iterable[str] = ()
    is_withheld: bool = False


@transaction.atomic
def mark_sourcing(
    *,
    claim_id: int,
    marks: Marks,
    question_id: int | None = None,
    seen_version: int | None = None,
    seen_mark: int | None = None,
    by: User,
    now: datetime,
) -> SourcingMark:
    """Mark the sourcing of a claim; an earlier mark is superseded and stays readable.

    Raises the version of every question the claim stands under; one that was decided is opened
    again, its verdict stale, for it was reached on other marks. The same marks again change nothing.
    `seen_version` is of the question `question_id`, `seen_mark` the id of the claim's current mark, 0 for
    none. Raises Conflict if either changed, or if another claim took the place of this one; ReviewError if
    credibility 1 has no second origin to rest on, if the reliability is not the speaker's usual one without
    a reason, or if the question's project has no marks.
    """
    policies.check_may_mark_sourcing(by)
    steps.hold(claim_id, by=by, now=now)
    standing = Placement.objects.filter(claim=claim_id, state=Placement.State.CONFIRMED)
    question_ids = set(standing.values_list("question_id", flat=True))
    questions = steps.lock_all(question_ids if question_id is None else {*question_ids, question_id})
    if question_id is not None:
        check_has_marks(questions[question_id])
        steps.check_version(questions[question_id], seen_version)
    # After the questions, and weakly: placing a claim locks its question, then shares its claim.
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)
    current = SourcingMark.objects.select_for_update(no_key=True).current().filter(claim=claim).first()
    usual = usual_reliability(claim)
    marked = _columns(marks, usual=usual)
    if current is not None and all(getattr(current, name) == value for name, value in marked.items()):
        return current
    if seen_mark is not None and seen_mark != (current.pk if current else 0):
        raise Conflict("Somebody marked the claim meanwhile. Look at their mark, then repeat yours.")
    _check_reason_to_deviate(marked, usual=usual)
    if marks.credibility == SourcingMark.Credibility.CONFIRMED:
        _check_confirmed_by_others(claim)
    audit.because(by=by, action="mark_sourcing", reason=marks.note)
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    mark = SourcingMark.objects.create(claim=claim, marked_by=by, marked_at=now, **marked)
    for pk in sorted(question_ids):
        _tell(questions[pk], mark, by=by, now=now)
    return mark


def _tell(question: Question, mark: SourcingMark, *, by: User, now: datetime) -> None:
    """Let a question that the claim stands under know that it is sourced otherwise."""
    changes.note(
        question=question,
        action="mark_sourcing",
        summary=f"marked claim {mark.claim_id} {mark.code}",
        reason=mark.note,
        by=by,
        now=now,
    )
    if question.state == Question.State.DECIDED:
        said = "" if mark.status == SourcingMark.Status.STANDING else f": {mark.get_status_display().lower()}"
        why = f"The sourcing of {in_words(mark.claim)} was marked anew ({mark.code}){said}."
        reopen(question, reason=why, now=now)
    else:
        steps.raise_version(question)


def _grade(usual: SpeakerReliability | None) -> str:
    return UNJUDGED if usual is None else usual.reliability


def _columns(marks: Marks, *, usual: SpeakerReliability | None) -> dict[str, Any]:
    """The marks by column, complete and clean. Raises ReviewError for what no column takes."""
    given = {field.name: getattr(marks, field.name) for field in fields(marks)}
    given["reliability"] = marks.reliability or _grade(usual)
    for name, value in given.items():
        if name in CHOICES and value not in CHOICES[name].values:
            raise ReviewError(f"“{value}” is no {name}; use {', '.join(CHOICES[name].values)}.")
    links = list(dict.fromkeys(link.strip() for link in marks.evidence_links if link.strip()))
    if len(links) > MOST_LINKS:
        raise ReviewError(f"That is more than {MOST_LINKS} links.")
    for link in links:
        _check_is_link(link)
    reason, note = marks.reliability_reason.strip(), marks.note.strip()
    return given | {"reliability_reason": reason, "note": note, "evidence_links": links}


def _check_is_link(link: str) -> None:
    try:
        _check_link(link)
    except ValidationError as error:
        raise ReviewError(f"“{link[:100]}” is no link that begins with https:// or http://.") from error
    if len(link) > LINK_CHARACTERS:
        raise ReviewError(f"A link is longer than {LINK_CHARACTERS:,} characters.")


def _check_reason_to_deviate(marked: dict[str, Any], *, usual: SpeakerReliability | None) -> None:
    grade, here = _grade(usual), marked["reliability"]
    if here == grade or marked["reliability_reason"]:
        return
    known = "nobody has judged it yet" if usual is None else f"since {usual.since:%-d %b %Y}"
    raise ReviewError(f"The speaker's usual reliability is {grade} ({known}). Say why it is {here} here.")


def _check_confirmed_by_others(claim: Claim) -> None:
    here = Placement.objects.filter(claim=claim, state=Placement.State.CONFIRMED)
    beside = Placement.objects.filter(position__in=here.values("position"), state=Placement.State.CONFIRMED)
    origins: dict[int, set[tuple[str, int]]] = {}
    for position_id, origin in beside.by_origin():
        origins.setdefault(position_id, set()).add(origin)
    most = max((len(keys) for keys in origins.values()), default=0)
    if most < INDEPENDENT_ORIGINS:
        stands = (
            f"only {most} stands confirmed behind its answer" if most else "it stands confirmed nowhere yet"
        )
        raise ReviewError(f"Credibility 1 needs two independent origins, and {stands}. Use 2.")
