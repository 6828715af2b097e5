from claims.extraction.parse.document import read_document
from claims.llm_engine.parts import LONGEST_PART, Part, split_into_parts

SENTENCE = "The ferry sank near Vardo and nobody on the shore saw it go down. "


def parts_of(text: str, title: str = "") -> list[list[str]]:
    document = read_document(text)
    return [[words for _, words in part.numbered(document)] for part in split_into_parts(document, title)]


def test_short_text_is_one_part() -> None:
    assert parts_of("The dam broke. It rained.\nThe lamp went out.") == [
        ["The dam broke.", "It rained.", "The lamp went out."]
    ]


def test_part_ends_with_a_paragraph() -> None:
    paragraph = (SENTENCE * 40).strip()

    found = parts_of(f"{paragraph} One.\n{paragraph} Two.\n{paragraph} Three.")

    assert [part[-1] for part in found] == ["One.", "Two.", "Three."]


def test_long_paragraph_is_cut_between_sentences() -> None:
    found = parts_of(SENTENCE * 200)

    assert {sentence for part in found for sentence in part} == {SENTENCE.strip()}
    assert sum(len(part) for part in found) == 200
    assert all(sum(map(len, part)) <= LONGEST_PART for part in found)
    assert all(sum(map(len, part)) > LONGEST_PART * 0.9 for part in found[:-1])


def test_lines_that_repeat_and_what_is_no_prose_are_left_out() -> None:
    dump = "x" * (LONGEST_PART + 1)

    assert parts_of(f"Dam  breaks\nThe dam broke.\n{dump}\nIt rained.\nThe dam broke.", "Dam breaks") == [
        ["The dam broke."],
        ["It rained."],
    ]


def test_before_is_whole_sentences_up_to_a_bound() -> None:
    document = read_document(SENTENCE * 20)

    before = Part(15, 20).before(document)

    assert (before.count(SENTENCE.strip()), len(before) <= 600) == (9, True)
    assert Part(0, 20).before(document) == ""
