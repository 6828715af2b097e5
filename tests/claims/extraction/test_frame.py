from datetime import date
from decimal import Decimal

import pytest

from claims.extraction import Frame, Moment, Quantity, Span, extract_claims
from claims.extraction.frames.frame import read_frame, speech_frame
from claims.extraction.frames.predicate_families import family_of
from claims.extraction.parse.document import read_document

PUBLISHED = date(2021, 3, 2)


def frame_of(text: str, *, denied: bool = False) -> Frame:
    document = read_document(text)
    return read_frame(document, ((0, len(document.tokens) - 1),), published_at=PUBLISHED, denied=denied)


def test_frame_holds_who_what_where_when_and_how_many() -> None:
    assert frame_of("The tug hit 20 boats near Stavern on Sunday.") == Frame(
        predicate="hit",
        family="attack",
        agent="The tug",
        target="20 boats",
        place="near Stavern",
        time=Moment("Sunday", Span(37, 43), date(2021, 2, 28), date(2021, 2, 28)),
        quantities=(Quantity(Decimal("20"), "boats", Span(12, 20)),),
        modality="happened",
    )


def test_frame_of_a_passive_turns_agent_and_target() -> None:
    assert frame_of("The pier was struck by a tug.") == Frame(
        predicate="strike", family="attack", agent="a tug", target="The pier", modality="happened"
    )


def test_frame_takes_a_light_verb_for_the_deed_it_names() -> None:
    assert frame_of("The army carried out an attack on Riga.") == Frame(
        predicate="attack", family="attack", agent="The army", target="Riga", modality="happened"
    )


def test_frame_of_a_state_has_no_modality() -> None:
    assert frame_of("The minister is a former teacher.") == Frame(
        predicate="be", agent="The minister", target="a former teacher"
    )


def test_frame_counts_the_thing_and_not_what_stands_before_it() -> None:
    frame = frame_of("The army killed at least 20 Danish soldiers.")

    assert frame.quantities == (Quantity(Decimal("20"), "soldiers", Span(16, 43), "at least"),)


def test_frame_keeps_the_millions_at_the_end_of_a_sentence() -> None:
    claims = extract_claims("The ferry company lost £3m.")

    assert [str(quantity.value) for claim in claims for quantity in claim.frame.quantities] == ["3000000"]


def test_frame_counts_no_verb() -> None:
    frame = frame_of("Nearly a million fled.")

    assert frame.quantities == (Quantity(Decimal("1000000"), "", Span(0, 16), "nearly"),)


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("The tug did not hit the pier.", True),
        ("The tug never hit the pier.", True),
        ("The tug failed to hit the pier.", True),
        ("The tug did not fail to hit the pier.", False),
        ("Nobody hit the pier.", True),
        ("No boat hit the pier.", True),
        ("Not all boats hit the pier.", True),
        ("The trawler had no radio.", True),
        ("Not surprisingly, the tug hit the pier.", False),
        ("Neither Holt nor the union confirmed the report.", True),
        ("The tug hit the pier.", False),
    ],
)
def test_frame_negated_follows_verb_subject_and_object(text: str, negated: bool) -> None:
    assert frame_of(text).negated is negated


@pytest.mark.parametrize(
    ("text", "negated"), [("The tug hit the pier.", True), ("The tug did not hit the pier.", False)]
)
def test_frame_denied_turns_what_is_said(text: str, negated: bool) -> None:
    assert frame_of(text, denied=True).negated is negated


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("The army bombed the town.", "happened"),
        ("The army has bombed the town.", "happened"),
        ("The town was bombed.", "happened"),
        ("The army is bombing the town.", "happened"),
        ("The army will bomb the town.", "planned"),
        ("The army vowed to bomb the town.", "planned"),
        ("The government plans to bomb the town.", "planned"),
        ("The trial is due to begin on Friday.", "planned"),
        ("The army threatened to bomb the town.", "threatened"),
        ("The army may have bombed the town.", "hypothetical"),
        ("The army would bomb the town.", "hypothetical"),
        ("If they lose, the army will bomb the town.", "hypothetical"),
        ("The town is old.", ""),
        ("The army owned the town.", ""),
    ],
)
def test_frame_modality(text: str, modality: str) -> None:
    assert frame_of(text).modality == modality


def test_frame_keeps_hedges_and_names_no_pronoun() -> None:
    assert frame_of("It may reportedly have hit the pier.") == Frame(
        predicate="hit",
        family="attack",
        target="the pier",
        hedges=("may", "reportedly"),
        modality="hypothetical",
    )


def test_frame_takes_the_month_for_no_hedge() -> None:
    assert frame_of("The tug hit the pier in May.").hedges == ()


def test_speech_frame_claims_the_saying() -> None:
    document = read_document("Roe condemned the raid.")

    frame = speech_frame(document, ((2, 4),), (1, 2), "Jane Roe", published_at=PUBLISHED, denied=False)

    assert frame == Frame(
        predicate="condemn", family="criticise", agent="Jane Roe", target="the raid", modality="happened"
    )


def test_frame_of_an_earlier_engine_can_be_read() -> None:
    written = Frame(predicate="sank").as_json()
    del written["family"], written["modality"]

    assert Frame.from_json(written) == Frame(predicate="sank")


@pytest.mark.parametrize(
    ("predicate", "by_itself", "family"),
    [
        ("shoot down", False, "attack"),
        ("sink", False, "attack"),
        ("sink", True, "crash"),
        ("cut", False, "fall"),
        ("hum", False, ""),
    ],
)
def test_family_of(predicate: str, by_itself: bool, family: str) -> None:
    assert family_of(predicate, by_itself=by_itself) == family


@pytest.mark.parametrize(
    ("sentence", "predicate"),
    [
        ("A patrol boat rammed the trawler.", "ram"),
        ("The crew added a mast.", "add"),
        ("The crew filled the tank.", "fill"),
    ],
)
def test_frame_predicate_loses_a_doubled_letter(sentence: str, predicate: str) -> None:
    document = read_document(sentence)
    whole = ((0, len(document.tokens)),)

    assert read_frame(document, whole, published_at=None, denied=False).predicate == predicate
