import json
from datetime import date
from decimal import Decimal

import pytest

from claims.extraction import Cue, ExtractedClaim, Frame, Moment, Quantity, Span, SpeakerMention


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 2), (-1, 2)])
def test_span_refuses_an_empty_or_turned_place(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 <= start < end"):
        Span(start, end)


def test_span_counts_code_points() -> None:
    assert Span(2, 4).of("😀 ab") == "ab"


def test_claim_with_everything_survives_json() -> None:
    speaker = SpeakerMention("Jane Roe", (Span(30, 38),))
    claim = ExtractedClaim(
        statement="Some 20 to 30 boats sank in May 2020.",
        spans=(Span(0, 20), Span(22, 28)),
        sentence=Span(0, 40),
        speaker=speaker,
        chain=(SpeakerMention("Baltic News", (Span(41, 52),)), speaker),
        cue=Cue("said", Span(39, 40)),
        kind="mixed",
        frame=Frame(
            predicate="sank",
            agent="boats",
            place="near Riga",
            time=Moment("May 2020", Span(12, 20), date(2020, 5, 1), date(2020, 5, 31)),
            quantities=(Quantity(Decimal("20"), "boats", Span(0, 10), "some", Decimal("30")),),
            negated=True,
            hedges=("reportedly",),
        ),
        check_worthiness=0.8,
        unresolved=("it",),
    )

    assert ExtractedClaim.from_json(json.loads(json.dumps(claim.as_json()))) == claim
