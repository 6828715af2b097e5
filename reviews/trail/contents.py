"""Whether stored bytes, texts and sealed assessments are what their hashes say."""

import hashlib
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from claims.ingestion.decide import text_sha256
from reviews.assessing import AssessmentContent
from reviews.models import Assessment, AssessmentDraft, AuditEvent, EvidenceFile
from reviews.trail.findings import Finding
from reviews.trail.stored import streamed

_SEAL: Final = re.compile(r"sha256:([0-9a-f]{64})")
_AT_ONCE: Final = 50


def check_contents() -> Iterator[Finding]:
    yield from _check_snapshots()
    for pk, expected, text in streamed("SELECT id, text_sha256, text FROM claims_revision ORDER BY id"):
        found = text_sha256(text)
        if found != expected:
            yield Finding("contents", f"text of claims_revision {pk}", f"SHA-256 {expected}", found)
    files = EvidenceFile.objects.order_by("pk").values_list("pk", "sha256", "content")
    for pk, expected, content in files.iterator(_AT_ONCE):
        found = hashlib.sha256(content).hexdigest()
        if found != expected:
            yield Finding("contents", f"content of reviews_evidencefile {pk}", f"SHA-256 {expected}", found)


def _check_snapshots() -> Iterator[Finding]:
    for pk, expected, content in streamed("SELECT id, sha256, content FROM claims_snapshot ORDER BY id"):
        try:
            found = hashlib.sha256(zlib.decompress(content)).hexdigest()
        except zlib.error as error:
            found = f"bytes that do not unpack ({error})"
        if found != expected:
            yield Finding("contents", f"content of claims_snapshot {pk}", f"SHA-256 {expected}", found)


def check_seals() -> Iterator[Finding]:
    """Sealed drafts against their digests, those against the trail, and assessments against their drafts."""
    sealed = AssessmentDraft.objects.filter(submitted_at__isnull=False).order_by("pk")
    for draft in sealed.iterator(_AT_ONCE):
        content = _content(draft)
        found = content.digest(draft.salt) if content else "no assessment at all"
        if found != draft.digest:
            yield Finding("seals", f"sealed assessment {draft.pk}", f"SHA-256 {draft.digest}", found)
    completed = AuditEvent.objects.filter(action="complete_assessments").order_by("pk")
    rounds = completed.values_list("reason", flat=True).distinct()
    for reason in rounds.order_by("reason").iterator(_AT_ONCE):
        seals = set(_SEAL.findall(reason))
        kept = set(AssessmentDraft.objects.filter(digest__in=seals).values_list("digest", flat=True))
        for missing in sorted(seals - kept):
            yield Finding("seals", "sealed assessments", f"one with SHA-256 {missing}", "none")
    yield from _check_assessments()


def _check_assessments() -> Iterator[Finding]:
    opened = Assessment.objects.exclude(digest="").order_by("pk").prefetch_related("positions")
    for batch in _batches(opened.iterator(_AT_ONCE)):
        of_digest = AssessmentDraft.objects.filter(digest__in=[each.digest for each in batch])
        drafts = {draft.digest: _content(draft) for draft in of_digest}
        for assessment in batch:
            where = f"reviews_assessment {assessment.pk}"
            sealed = drafts.get(assessment.digest)
            if sealed is None:
                yield Finding("seals", where, f"a sealed one with SHA-256 {assessment.digest}", "none")
            elif _said(assessment) != _sealed(sealed):
                yield Finding("seals", where, "what was sealed", "something else")


def _content(draft: AssessmentDraft) -> AssessmentContent | None:
    """None where what is stored has not even the shape of an assessment."""
    try:
        return AssessmentContent.from_json(draft.content)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _batches(assessments: Iterator[Assessment]) -> Iterator[list[Assessment]]:
    while batch := list(islice(assessments, _AT_ONCE)):
        yield batch


def _said(assessment: Assessment) -> tuple[Any, ...]:
    positions = {
        each.position_id: (each.judgement, each.confidence, each.rationale)
        for each in assessment.positions.all()
    }
    return assessment.judgement, assessment.confidence, assessment.rationale, positions


def _sealed(content: AssessmentContent) -> tuple[Any, ...]:
    positions = {
        pk: (each.judgement, each.confidence, each.rationale) for pk, each in content.positions.items()
    }
    return content.judgement, content.confidence, content.rationale, positions
