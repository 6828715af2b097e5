"""Which claim of a newer engine run took the place of which."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.succession import Kind, Spans, Standing, Succession, find_successions

_ids = count(1)


def claim(*spans: tuple[int, int], says: str = "It fell.", speaker: str = "ann") -> Standing:
    return Standing(next(_ids), spans, speaker, says)


def became(old: list[Standing], new: list[Standing]) -> list[tuple[str, int | None, int | None]]:
    """The successions with claims by their places in the lists."""
    at = {claim.id: number for claims in (old, new) for number, claim in enumerate(claims)}
    return [
        (found.kind.value, at.get(found.old or 0), at.get(found.new or 0))
        for found in find_successions(old, new)
    ]


def test_claim_at_its_place_that_says_the_same_is_kept() -> None:
    assert became([claim((3, 20))], [claim((3, 20))]) == [("kept", 0, 0)]


@pytest.mark.parametrize("change", [{"says": "It was shot down."}, {"speaker": "bob"}])
def test_claim_at_its_place_with_other_words_or_speaker_is_reworded(change: dict[str, str]) -> None:
    assert became([claim((3, 20))], [claim((3, 20), **change)]) == [("reworded", 0, 0)]


@pytest.mark.parametrize(
    ("spans", "kind"),
    [
        (((0, 10),), "kept"),
        (((0, 20),), "kept"),  # 10 of 20 shared: just the half
        (((0, 21),), None),
        (((5, 10),), "kept"),
        (((6, 10),), None),
        (((0, 4), (6, 10)), "kept"),  # 8 of 10, in two pieces
        (((10, 20),), None),
    ],
)
def test_claim_is_known_again_when_half_of_the_characters_are_shared(spans: Spans, kind: str | None) -> None:
    expected = [(kind, 0, 0)] if kind else [("dropped", 0, None), ("added", None, 0)]

    assert became([claim((0, 10))], [claim(*spans)]) == expected


def test_pieces_of_a_claim_count_together() -> None:
    assert became([claim((0, 10), (30, 40))], [claim((0, 8), (31, 40))]) == [("kept", 0, 0)]


def test_nothing_in_nothing_out() -> None:
    assert find_successions([], []) == []


def test_greater_overlap_goes_first() -> None:
    assert became([claim((0, 10))], [claim((0, 7)), claim((0, 9))]) == [("kept", 0, 1), ("added", None, 0)]


def test_very_same_place_goes_before_the_same_words_nearby() -> None:
    old = [claim((0, 10), says="A.")]
    new = [claim((0, 9), says="A."), claim((0, 10), says="B.")]

    assert became(old, new) == [("reworded", 0, 1), ("added", None, 0)]


def test_claims_of_one_place_are_paired_by_what_they_say() -> None:
    old = [claim((0, 10), says="A."), claim((0, 10), says="B.")]
    new = [claim((0, 10), says="B."), claim((0, 10), says="C.")]

    assert became(old, new) == [("reworded", 0, 1), ("kept", 1, 0)]


def test_sentence_split_in_two_is_succeeded_by_one_half_at_most() -> None:
    assert became([claim((0, 20))], [claim((0, 12)), claim((13, 20))]) == [
        ("kept", 0, 0),
        ("added", None, 1),
    ]


def test_old_claims_come_in_their_order_and_what_was_added_last() -> None:
    old = [claim((40, 50)), claim((0, 10))]
    new = [claim((0, 10)), claim((20, 30)), claim((40, 50))]

    assert became(old, new) == [("kept", 0, 2), ("kept", 1, 0), ("added", None, 1)]


@st.composite
def claims(draw: st.DrawFn) -> list[Standing]:
    bounds = st.lists(st.integers(0, 30), min_size=2, max_size=4, unique=True).map(sorted)
    edges = draw(st.lists(bounds, max_size=6))
    return [
        claim(
            *[(edge[at], edge[at + 1]) for at in range(0, len(edge) - 1, 2)],
            says=draw(st.sampled_from(["A.", "B."])),
            speaker=draw(st.sampled_from(["", "ann"])),
        )
        for edge in edges
    ]


@given(claims(), claims())
def test_every_claim_has_one_fate(old: list[Standing], new: list[Standing]) -> None:
    found = find_successions(old, new)

    assert [one.old for one in found if one.old is not None] == [one.id for one in old]
    assert sorted(one.new for one in found if one.new is not None) == sorted(one.id for one in new)
    assert {(one.old is None, one.new is None, one.kind) for one in found} <= {
        (False, False, Kind.KEPT),
        (False, False, Kind.REWORDED),
        (False, True, Kind.DROPPED),
        (True, False, Kind.ADDED),
    }


@given(claims())
def test_the_same_claims_again_are_all_kept(old: list[Standing]) -> None:
    again = [claim(*one.spans, says=one.statement, speaker=one.speaker) for one in old]

    assert {found.kind for found in find_successions(old, again)} <= {Kind.KEPT}


def test_twenty_thousand_claims_that_all_moved_a_little_are_kept() -> None:
    old = [claim((50 * number, 50 * number + 40)) for number in range(20_000)]
    new = [claim((50 * number + 1, 50 * number + 40)) for number in range(20_000)]

    found = find_successions(old, new)

    assert found == [Succession(Kind.KEPT, one.id, other.id) for one, other in zip(old, new, strict=True)]
