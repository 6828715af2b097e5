"""Where claims come from, where a reviewer knows it better than the machine."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import blake2b

from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Claim
from reviews import audit, changes, policies, tallies, workflow
from reviews.basis import bases_of
from reviews.claim_words import first_in_words
from reviews.errors import Conflict, ReviewError
from reviews.models import Origin, OriginClaim, Placement, Question
from reviews.operations import steps

STANDING = (Placement.State.CONFIRMED, Placement.State.SUGGESTED)


@transaction.atomic
def set_origin(
    *,
    claim_ids: Collection[int],
    origin_id: int | None = None,
    name: str = "",
    reason: str,
    question_id: int | None = None,
    seen_version: int | None = None,
    seen_origins: Mapping[int, str] | None = None,
    by: User,
    now: datetime,
) -> list[OriginClaim]:
    """Say that claims go back to an origin; no machine changes that again.

    The origin is the one of `origin_id`, else a new one with this `name`, else each claim goes back to its
    own article and is independent of the others. Saying the same again changes nothing. Raises Conflict if
    there is no such origin, which the machine may have taken away meanwhile.
    `seen_origins` has what `origin_version` said of claims when they were looked at, and is checked.
    The step is listed with the question `question_id`, whose `seen_version` is checked, else with the first
    one the claims stand under. Every question they stand under is counted anew; one that is judged by what
    they are confirmed for has new evidence, and one that is in adjudication refuses it.
    """
    policies.check_may_set_origin(by)
    claims = steps.hold_all(claim_ids, by=by, now=now)
    questions = _lock_questions(claims, question_id, seen_version=seen_version)
    reason = steps.check_reason(reason, "Say how you know where these claims come from.")
    name = name.strip()
    origin = _held_origin(origin_id)
    if origin is not None or not name:
        said = OriginClaim.objects.filter(
            claim__in=claims, origin=origin, reason=reason, set_by__isnull=False
        )
        if len(already := list(said.order_by("claim_id"))) == len(claims):
            return already
    _check_origins(seen_origins)
    judged = bases_of(questions.values())
    to = _named(origin.name if origin else name, claims)
    said_so = f"traced {_numbers(claims)} back to {to}"
    _begin(questions, question_id, "set_origin", said_so, reason=reason, by=by, now=now)
    if origin is None and name:
        origin = Origin.objects.create(name=name, certainty=Origin.Certainty.CERTAIN, reason=reason)
    values = {"origin": origin, "reason": reason, "set_by": by, "set_at": now}
    members = [
        OriginClaim.objects.update_or_create(claim=claims[pk], defaults=values)[0] for pk in sorted(claims)
    ]
    done = f"traced back to {to}: {reason.rstrip('.')}"
    count_traced(questions.values(), judged, claims, done, by=by, now=now)
    return members


@transaction.atomic
def clear_origin(
    *,
    claim_ids: Collection[int],
    question_id: int | None = None,
    seen_version: int | None = None,
    seen_origins: Mapping[int, str] | None = None,
    by: User,
    now: datetime,
) -> None:
    """Give it back to the machine to say where claims come from; it matches them anew."""
    policies.check_may_set_origin(by)
    claims = steps.hold_all(claim_ids, by=by, now=now)
    questions = _lock_questions(claims, question_id, seen_version=seen_version)
    _check_origins(seen_origins)
    by_people = OriginClaim.objects.filter(claim__in=claims, set_by__isnull=False)
    if not by_people.exists():
        return
    judged = bases_of(questions.values())
    listed = _numbers(claims)
    _begin(
        questions, question_id, "clear_origin", f"left the origin of {listed} to the machine", by=by, now=now
    )
    given_back = list(by_people.values_list("claim_id", flat=True))
    by_people.delete()
    count_traced(questions.values(), judged, claims, "left to the machine to trace", by=by, now=now)
    steps.have_matched(given_back)


def _lock_questions(
    claims: Mapping[int, Claim], question_id: int | None, *, seen_version: int | None
) -> dict[int, Question]:
    """The locked questions that held claims stand under, and the one whose page the step is taken on."""
    if not claims:
        raise ReviewError("Choose the claims.")
    standing = Placement.objects.filter(claim__in=claims, state__in=STANDING)
    ids = set(standing.values_list("question_id", flat=True))
    questions = steps.lock_all(ids if question_id is None else {*ids, question_id})
    if question_id is not None:
        steps.check_takes_evidence(questions[question_id], seen_version)
    check_none_is_adjudicated(questions.values(), claims)
    # After the questions, so that two who trace one claim follow each other also where it stands nowhere.
    list(Claim.objects.select_for_update(no_key=True).filter(pk__in=claims).order_by("pk").values("pk"))
    return questions


def check_none_is_adjudicated(questions: Iterable[Question], claim_ids: Collection[int]) -> None:
    """Raise Conflict where one of the claims is confirmed under a locked question that is in adjudication.

    Its assessments are of what was known, and whoever decides between them reads that and no more.
    """
    adjudicated = [question.pk for question in questions if question.state == workflow.State.ADJUDICATION]
    confirmed = Placement.objects.filter(
        question__in=adjudicated, claim__in=claim_ids, state=Placement.State.CONFIRMED
    )
    there = confirmed.select_related("question").order_by("question_id", "claim_id").first()
    if there is not None:
        raise Conflict(
            f"Claim {there.claim_id} is confirmed under “{there.question}” (question {there.question_id}),"
            " which is in adjudication; leave its claims as they are."
        )


def origin_version(claim_id: int) -> str:
    """What is another one whenever somebody or something traces the claim otherwise; "0" while it is not."""
    said = OriginClaim.objects.filter(claim=claim_id).values_list(
        "pk", "origin", "reason", "set_by", "set_at"
    )
    member = said.first()
    return "0" if member is None else blake2b(repr(member).encode(), digest_size=8).hexdigest()


def _check_origins(seen: Mapping[int, str] | None) -> None:
    """Asked while the claims are locked."""
    for claim_id, version in (seen or {}).items():
        if origin_version(claim_id) != version:
            raise Conflict(
                f"Claim {claim_id} was traced otherwise meanwhile. Look again and repeat your step."
            )


def _held_origin(origin_id: int | None) -> Origin | None:
    """The origin, which the machine takes away only after the transaction, if nothing goes back to it."""
    if origin_id is None:
        return None
    origin = Origin.objects.select_for_update(no_key=True).filter(pk=origin_id).first()
    if origin is None:
        raise Conflict(f"There is no origin {origin_id} any more. Look again where the claims come from.")
    return origin


def _begin(
    questions: Mapping[int, Question],
    question_id: int | None,
    action: str,
    summary: str,
    *,
    reason: str = "",
    by: User,
    now: datetime,
) -> None:
    """List the step with a question; for claims that stand under none, the audit trail alone has it."""
    if question_id is None and not questions:
        audit.because(by=by, action=action, reason=reason)
        return
    about = questions[question_id if question_id is not None else min(questions)]
    changes.begin(question=about, action=action, summary=summary, reason=reason, by=by, now=now)


def count_traced(
    questions: Iterable[Question],
    judged: Mapping[int, str],
    claim_ids: Collection[int],
    done: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Count locked questions anew after `done` was done to where claims come from.

    It is evidence where it changed what is judged, which was `judged` before: their bases, by their ids.
    Those that were decided come last, for to open one again is a step of its own.
    """
    in_order = sorted(questions, key=lambda each: each.state in workflow.REOPEN.before)
    rest_on = bases_of(in_order)
    for question in in_order:
        if rest_on[question.pk] != judged[question.pk]:
            steps.count_as_evidence(question, _evidence(question, claim_ids, done), by=by, now=now)
        elif question.state in workflow.EDITABLE:
            steps.raise_version(question)
        else:
            tallies.recount(question)


def _evidence(question: Question, claim_ids: Collection[int], done: str) -> str:
    """As in: “The jet was shot down” (ministry, Courier; claim 12) was traced back to “River Radio”."""
    confirmed = question.placements.filter(state=Placement.State.CONFIRMED, claim__in=claim_ids)
    claims = Claim.objects.filter(pk__in=confirmed.values("claim")).order_by("pk")
    traced = list(claims.select_related("speaker", "revision__article__outlet").defer("revision__text"))
    return f"{first_in_words(traced)} {'was' if len(traced) == 1 else 'were'} {done}."


def _named(name: str, claims: Mapping[int, Claim]) -> str:
    """An origin in words; without a name it is the claims' own articles."""
    if name:
        return f"“{name}”"
    return "its own article" if len(claims) == 1 else "their own articles"


def _numbers(claims: Mapping[int, Claim]) -> str:
    numbers = ", ".join(str(pk) for pk in sorted(claims))
    return f"claim {numbers}" if len(claims) == 1 else f"claims {numbers}"
