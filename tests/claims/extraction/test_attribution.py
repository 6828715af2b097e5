"""Who says what, on sentences written for the project: source, cue and content as they stand in the text."""

import pytest

from claims.extraction.attribution.attributions import Attributed, read_attributions
from claims.extraction.parse.document import read_document
from claims.extraction.types import Span


def joined(text: str, spans: tuple[Span, ...]) -> str:
    return " | ".join(span.of(text) for span in spans)


def read(text: str) -> list[Attributed]:
    return read_attributions(read_document(text))


def attributed(text: str) -> list[tuple[str, str, str]]:
    return [
        (joined(text, item.value.source), joined(text, item.value.cue), joined(text, item.value.content))
        for item in read(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The mayor said the bridge was closed on Monday.",
            ("The mayor", "said", "the bridge was closed on Monday"),
        ),
        (
            "The port was unsafe, the minister argued.",
            ("the minister", "argued", "The port was unsafe"),
        ),
        (
            "The bridge, officials said, will reopen in May.",
            ("officials", "said", "The bridge | will reopen in May"),
        ),
        (
            "According to the harbour office, two ships collided near the pier.",
            ("the harbour office", "According to", "two ships collided near the pier"),
        ),
        (
            "Two ships collided near the pier, according to the harbour office.",
            ("the harbour office", "according to", "Two ships collided near the pier"),
        ),
        (
            "The pilot is believed to have ejected before the crash.",
            ("", "is believed", "The pilot | to have ejected before the crash"),
        ),
        (
            "It is said that the king has fled.",
            ("", "is said", "that the king has fled"),
        ),
        (
            "Critics say the plan, which the council backed, is a waste.",
            ("Critics", "say", "the plan, which the council backed, is a waste"),
        ),
        (
            "The report found that 40 people had died.",
            ("The report", "found", "that 40 people had died"),
        ),
        (
            "The union vowed to strike until wages rise.",
            ("The union", "vowed", "to strike until wages rise"),
        ),
        (
            "The president condemned the attack.",
            ("The president", "condemned", "the attack"),
        ),
        (
            "“The bridge is closed,” said Jane Roe, a spokesperson for the harbour. “Nobody was hurt.”",
            (
                "Jane Roe, a spokesperson for the harbour",
                "said",
                "“The bridge is closed,” | “Nobody was hurt.”",
            ),
        ),
        (
            "“It was dark,” the pilot said, “and nobody came.”",
            ("the pilot", "said", "“It was dark,” | “and nobody came.”"),
        ),
        (
            "The mayor added:\n“It was dark. We saw nothing.”",
            ("The mayor", "added", "“It was dark. We saw nothing.”"),
        ),
        (
            "“Nobody came. We waited until noon.”\n“It was cold,” the pilot said.",
            ("", "", "“Nobody came. We waited until noon.”"),
        ),
        (
            "“The council never asked us about the bridge.” ― Jane Roe",
            ("Jane Roe", "―", "“The council never asked us about the bridge.”"),
        ),
        (
            "Two ships collided near the pier – harbour ministry",
            ("harbour ministry", "–", "Two ships collided near the pier"),
        ),
        ("Mayor: bridge was never tested", ("Mayor", ":", "bridge was never tested")),
        (
            "“We were not asked”: mayors on the new bridge",
            ("mayors", ":", "“We were not asked”"),
        ),
        (
            "The dam was empty when the wall broke, the utility warned on Tuesday.",
            ("the utility", "warned", "The dam was empty when the wall broke"),
        ),
        (
            "Three ferries crossed the strait overnight, reported the Harbour News Agency.",
            ("the Harbour News Agency", "reported", "Three ferries crossed the strait overnight"),
        ),
        (
            "The mayor said in an interview that the bridge was closed.",
            ("The mayor", "said", "that the bridge was closed"),
        ),
        (
            "The mayor told the court that the bridge was closed.",
            ("The mayor", "told", "that the bridge was closed"),
        ),
        (
            "The bridge, as the mayor put it, was a wreck.",
            ("the mayor", "put it", "The bridge | was a wreck"),
        ),
        (
            "It was reported by the Harbour Board that the chain had snapped.",
            ("the Harbour Board", "was reported", "that the chain had snapped"),
        ),
        (
            "The mill, said to be haunted, was sold for one crown.",
            ("", "said", "The mill | to be haunted"),
        ),
        (
            "The ministry branded the raid as an act of war which will end the talks.",
            ("The ministry", "branded", "the raid as an act of war which will end the talks"),
        ),
        (
            "He went on to say that both sides had withdrawn.",
            ("He", "went on to say", "that both sides had withdrawn"),
        ),
        (
            "“The referee blew too early,” captain Nilo Brandt-Ayers said after the match.",
            ("captain Nilo Brandt-Ayers", "said", "“The referee blew too early,”"),
        ),
        (
            "The old bridge on a winter morning. Image: Jane Roe.",
            ("Jane Roe", "", "The old bridge on a winter morning."),
        ),
    ],
)
def test_read_attributions_finds_source_cue_and_content(text: str, expected: tuple[str, str, str]) -> None:
    assert attributed(text)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The ship sank on Monday.",
        "The bridge was closed after the storm, and the ferry stayed in port.",
        "",
        "\n\n",
        "You know, the bridge is closed.",
    ],
)
def test_read_attributions_of_the_outlets_own_voice_is_empty(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The mayor said the bridge was closed.", "indirect"),
        ("“The bridge is closed,” the mayor said.", "direct"),
        ("The mayor said the bridge was “closed for good”.", "mixed"),
    ],
)
def test_read_attributions_tells_direct_from_indirect_speech(text: str, kind: str) -> None:
    assert [item.value.kind for item in read(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The minister said the army had shelled the village.", "asserts"),
        ("The minister denied that the army had shelled the village.", "denies"),
        ("The minister did not deny that the army had shelled the village.", "asserts"),
        ("The minister did not say that the army had shelled the village.", "denies"),
        ("The spokesman could not confirm that the hostages were freed.", "denies"),
        ("The minister doubted that the army had shelled the village.", "denies"),
        ("The minister questioned whether the army had shelled the village.", "doubts"),
        ("The minister wants to close the border.", "wants"),
    ],
)
def test_read_attributions_keeps_the_stance_of_the_speaker(text: str, stance: str) -> None:
    assert [item.stance for item in read(text)] == [stance]


def test_read_attributions_nests_what_is_said_in_what_is_said() -> None:
    text = "The agency reported that the minister had said the border was shut."

    found = read(text)

    assert [(joined(text, item.value.source), item.value.parent) for item in found] == [
        ("The agency", None),
        ("the minister", 0),
    ]


def test_read_attributions_names_whom_somebody_is_quoted_as_saying() -> None:
    text = "The news agency quoted the mayor as saying the bridge was closed."

    inner = read(text)[-1]

    assert joined(text, inner.value.source) == "the mayor"
    assert joined(text, inner.value.content) == "the bridge was closed"
    assert inner.value.parent == 0


def test_read_attributions_gives_a_second_verb_the_subject_of_the_first() -> None:
    text = "The mayor warned that the port was unsafe, adding that two cranes had failed."

    assert attributed(text)[-1] == ("The mayor", "adding", "that two cranes had failed")


def test_read_attributions_ends_what_is_said_before_the_speakers_next_act() -> None:
    text = "The rebels denied they had shelled the clinic and said the army had fired from the hill."

    assert attributed(text) == [
        ("The rebels", "denied", "they had shelled the clinic"),
        ("The rebels", "said", "the army had fired from the hill"),
    ]


def test_read_attributions_nests_what_is_said_in_what_a_paper_reports_behind_a_comma() -> None:
    text = "The mayor says the bridge is closed, according to the Harbour Herald."

    found = read(text)

    assert [(joined(text, item.value.source), item.value.parent) for item in found] == [
        ("The mayor", 1),
        ("the Harbour Herald", None),
    ]


def test_read_attributions_negates_what_none_of_many_says() -> None:
    text = "Not one of the ministries said the bridge was closed."

    assert [item.reading.negated for item in read(text)] == [True]


def test_read_attributions_marks_the_pronoun_and_names_whom_it_stands_for() -> None:
    text = "The council thanked Jane Roe, who said the bridge was safe."
    document = read_document(text)

    last = read_attributions(document)[-1]

    assert joined(text, last.value.source) == "who"
    assert last.reading.source is not None
    assert document.span(last.reading.source.first, last.reading.source.last).of(text) == "Jane Roe"


def test_read_attributions_reads_text_with_half_a_character() -> None:
    text = "The mayor \ud83d said the bridge was closed."

    assert [item[2] for item in attributed(text)] == ["the bridge was closed"]


def test_read_attributions_leaves_attitudes_to_texts_that_report_others() -> None:
    told = "I want to go home. My sister likes tea. You need to rest. We love our town. I support you."

    assert read(told) == []
