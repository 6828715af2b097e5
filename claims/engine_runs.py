"""Storing what an engine found: one run of a revision is current, and says whose place its claims took."""

from collections.abc import Iterable
from dataclasses import asdict, astuple
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from claims.actor import name_actor
from claims.engines import EngineIdentity, Extraction
from claims.extraction import ExtractedClaim
from claims.models import (
    Claim,
    ClaimSuccession,
    EngineRun,
    EngineSwitch,
    HeldClaim,
    Revision,
    Speaker,
    folded,
)
from claims.signals import claims_extracted
from claims.succession import Standing, find_successions

_AT_ONCE = 500


def outdated_revisions(identity: EngineIdentity) -> QuerySet[Revision]:
    """The revisions whose current run is not one of this engine, version and settings."""
    current = EngineRun.objects.filter(revision=OuterRef("pk"), is_current=True, **asdict(identity))
    return Revision.objects.filter(~Exists(current))


@transaction.atomic
def store_run(revision: Revision, extraction: Extraction, *, requested_by: User, now: datetime) -> EngineRun:
    """Make what an engine found the current run of a revision, and return it; once is enough.

    Claims are stored the first time an engine of this identity comes to the revision. The run that
    was current gives way: an EngineSwitch says at whose wish, and a ClaimSuccession for each claim
    of both what became of it.
    """
    # Two that store a run over one revision follow each other, also where there is no run yet.
    Revision.objects.select_for_update(no_key=True).values_list("pk").get(pk=revision.pk)
    runs = EngineRun.objects.select_for_update(no_key=True).filter(revision=revision)
    before = runs.filter(is_current=True).first()
    run = runs.filter(**asdict(extraction.made_by)).first()
    if run is not None and run == before:
        return run
    name_actor(by=requested_by, action="store_run", reason=" ".join(astuple(extraction.made_by)[:2]))
    if before is not None:
        EngineRun.objects.filter(pk=before.pk).update(is_current=False)
    if run is None:
        run = _create(revision, extraction, now=now)
    else:
        EngineRun.objects.filter(pk=run.pk).update(is_current=True)
        run.is_current = True
    switch = None
    if before is not None:
        switch = EngineSwitch.objects.create(
            old_run=before, new_run=run, requested_by=requested_by, switched_at=now
        )
        _store_successions(switch)
    claims_extracted.send(sender=EngineRun, run=run, switch=switch)
    return run


def hold_claims(claim_ids: Iterable[int], *, now: datetime) -> None:
    """Keep claims of earlier runs on the screens, for somebody decided on them."""
    rows = [HeldClaim(claim_id=claim_id, held_at=now) for claim_id in sorted(set(claim_ids))]
    HeldClaim.objects.bulk_create(rows, ignore_conflicts=True)


def _create(revision: Revision, extraction: Extraction, *, now: datetime) -> EngineRun:
    run = EngineRun.objects.create(
        revision=revision,
        **asdict(extraction.made_by),
        is_current=True,
        note=extraction.note,
        prompt_version=extraction.prompt_version,
        model=extraction.model,
        ran_at=now,
    )
    speakers = _speakers({_speaker_name(claim) for claim in extraction.claims if claim.speaker})
    rows = [_claim(claim, run=run, speakers=speakers) for claim in extraction.claims]
    Claim.objects.bulk_create(rows, batch_size=_AT_ONCE)
    return run


def _store_successions(switch: EngineSwitch) -> None:
    """Say of each claim of both runs what became of it; a held claim that is found again is let go."""
    before, run = switch.old_run, switch.new_run
    HeldClaim.objects.filter(claim__engine_run=run).delete()
    old = _standing(before.claims.all())
    held = _standing(Claim.objects.filter(revision=run.revision_id, held__isnull=False))
    dropped_before = {claim.id for claim in held}
    rows = [
        ClaimSuccession(switch=switch, kind=found.kind, old_claim_id=found.old, new_claim_id=found.new)
        for found in find_successions(old + held, _standing(run.claims.all()))
        if found.new is not None or found.old not in dropped_before
    ]
    ClaimSuccession.objects.bulk_create(rows, batch_size=_AT_ONCE)
    HeldClaim.objects.filter(
        claim__successions__switch=switch, claim__successions__new_claim__isnull=False
    ).delete()


def _standing(claims: QuerySet[Claim]) -> list[Standing]:
    compared = claims.order_by("start", "pk").values_list("pk", "spans", "speaker__key", "statement")
    return [
        Standing(pk, tuple((start, end) for start, end in spans), speaker or "", statement)
        for pk, spans, speaker, statement in compared
    ]


def _claim(extracted: ExtractedClaim, *, run: EngineRun, speakers: dict[str, Speaker]) -> Claim:
    """`extracted` as a row; what is stored as JSON has the shape of the engine's contract."""
    found = extracted.as_json()
    speaker: dict[str, Any] = found["speaker"] or {}
    return Claim(
        revision=run.revision,
        engine_run=run,
        spans=found["spans"],
        content=" … ".join(run.revision.text[start:end] for start, end in found["spans"]),
        sentence_start=extracted.sentence.start,
        sentence_end=extracted.sentence.end,
        statement=extracted.statement,
        speaker=speakers[folded(_speaker_name(extracted))] if speaker else None,
        speaker_spans=speaker.get("spans", []),
        chain=found["chain"],
        cue=found["cue"],
        kind=extracted.kind,
        frame=found["frame"],
        check_worthiness=extracted.check_worthiness,
        unresolved=found["unresolved"],
    )


def _speakers(names: Iterable[str]) -> dict[str, Speaker]:
    """The speakers of these names by key, made where new; in one order, so as not to deadlock."""
    spelled = {folded(name): name for name in sorted(names)}
    new = [Speaker(name=spelled[key], key=key) for key in sorted(spelled)]
    Speaker.objects.bulk_create(new, ignore_conflicts=True)
    return {speaker.key: speaker for speaker in Speaker.objects.filter(key__in=spelled)}


def _speaker_name(claim: ExtractedClaim) -> str:
    """What the engine calls the speaker, within the column; `claim` must have one."""
    return claim.speaker.name[:300] if claim.speaker else ""
