"""One text as several engines read it, and what people see of that."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.models import User

from claims.engine_runs import store_run
from claims.engines import Extraction
from claims.extraction import ExtractedClaim
from claims.models import Claim, Revision
from reviews import operations
from reviews.models import Placement, Position
from tests.engines import FakeEngine, found
from tests.factories import NOW, TEXT, UserFactory

SHOT = found("it had shot down a jet near Resafa", text=TEXT, speaker="The coalition")
REWORDED = found(
    "it had shot down a jet near Resafa", text=TEXT, says="The coalition shot a jet.", speaker="The coalition"
)
DENIED = found("The ministry denied it", text=TEXT)
LATER = NOW + timedelta(days=1)


def claims_of(version: str, revision: Revision, *claims: ExtractedClaim) -> list[Claim]:
    """What an engine of that version finds, in the order given; its run becomes the current one."""
    extraction = Extraction(claims, made_by=FakeEngine(claims, version).identity)
    run = store_run(revision, extraction, requested_by=UserFactory(), now=LATER)
    stored = {claim.statement: claim for claim in run.claims.all()}
    return [stored[claim.statement] for claim in claims]


def placed(claim: Claim, position: Position, by: User) -> Placement:
    return operations.place_claim(
        claim_id=claim.pk, position_id=position.pk, reason="It says so.", by=by, now=NOW
    )


def shown(rows: Sequence[Placement]) -> list[tuple[int, str, str, str | None]]:
    return [
        (row.claim_id, row.state, row.reason, row.placed_by and row.placed_by.username)
        for row in sorted(rows, key=lambda row: row.pk)
    ]
