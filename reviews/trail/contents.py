"""Whether stored bytes, texts and sealed assessments are what their hashes say."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any, Final

from psycopg import sql

from claims.ingestion.decide import text_sha256
from claims.models import Revision, Snapshot
from reviews.assessing import AssessmentContent
from reviews.models import Assessment, AssessmentDraft, EvidenceFile
from reviews.trail.findings import Finding
from reviews.trail.stored import streamed

_AT_ONCE: Final = 50
_LARGE_AT_ONCE: Final = 5  # documents and files of some megabytes
_FILES_OF_EVIDENCE: Final = """
    SELECT 'reviews_evidence', e.id, e.file_sha256, f.sha256
      FROM reviews_evidence e LEFT JOIN reviews_evidencefile f ON f.id = e.file_id
     WHERE e.file_sha256 <> '' AND f.sha256 IS DISTINCT FROM e.file_sha256 ORDER BY e.id
"""
_FILES_OF_SEALED: Final = """
    SELECT 'sealed assessment', d.assignment_id, item ->> 'file_sha256', NULL
      FROM reviews_assessmentdraft d, LATERAL jsonb_array_elements(CASE
           jsonb_typeof(d.content -> 'evidence') WHEN 'array' THEN d.content -> 'evidence' ELSE '[]' END) item
     WHERE d.submitted_at IS NOT NULL AND item ->> 'file_sha256' <> ''
       AND NOT EXISTS (SELECT FROM reviews_evidencefile f WHERE f.sha256 = item ->> 'file_sha256')
     ORDER BY d.assignment_id
"""
_SEALS_WITHOUT_DRAFT: Final = """
    SELECT DISTINCT seal[1] FROM reviews_auditevent e,
           LATERAL regexp_matches(e.reason, 'sha256:([0-9a-f]{64})', 'g') AS seal
     WHERE e.action = 'complete_assessments' AND NOT EXISTS (
           SELECT FROM reviews_assessmentdraft d WHERE d.digest = seal[1] AND d.digest <> '') ORDER BY 1
"""


def content_count() -> int:
    """How many stored documents, texts and files there are."""
    return Snapshot.objects.count() + Revision.objects.count() + EvidenceFile.objects.count()


def check_contents(progress: Callable[[int], Any]) -> Iterator[Finding]:
    """Each stored document, text and file against its hash, and files against what names them."""
    for what, table, column, sha256 in _HASHED:
        query = sql.SQL("SELECT id, {}, {} FROM {} ORDER BY id").format(
            sql.Identifier(column), sql.Identifier(what), sql.Identifier(table)
        )
        for pk, expected, content in streamed(query, at_once=_LARGE_AT_ONCE):
            found = sha256(content)
            if found != expected:
                yield Finding("contents", f"{what} of {table} {pk}", f"SHA-256 {expected}", found)
            progress(1)
    for named_by, pk, expected, found in chain(streamed(_FILES_OF_EVIDENCE), streamed(_FILES_OF_SEALED)):
        yield Finding("contents", f"file of {named_by} {pk}", f"SHA-256 {expected}", found or "none")


def _of_packed(content: bytes) -> str:
    try:
        return hashlib.sha256(zlib.decompress(content)).hexdigest()
    except zlib.error as error:
        return f"bytes that do not unpack ({error})"


def _of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


_HASHED: Final = (
    ("content", "claims_snapshot", "sha256", _of_packed),
    ("text", "claims_revision", "text_sha256", text_sha256),
    ("content", "reviews_evidencefile", "sha256", _of_bytes),
)


def check_seals() -> Iterator[Finding]:
    """Sealed drafts against their digests, those against the trail, and assessments against their drafts."""
    sealed = AssessmentDraft.objects.filter(submitted_at__isnull=False).order_by("pk")
    for draft in sealed.iterator(_AT_ONCE):
        content = _content(draft)
        found = content.digest(draft.salt) if content else "no assessment at all"
        if found != draft.digest:
            yield Finding("seals", f"sealed assessment {draft.pk}", f"SHA-256 {draft.digest}", found)
    for (missing,) in streamed(_SEALS_WITHOUT_DRAFT):
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
