import pytest

from claims.extraction.names.entities import entities_from, find_entities, outermost
from claims.extraction.names.labelling import Labelled
from claims.extraction.parse.document import read_document


def typed(text: str) -> set[tuple[str, str]]:
    return {(entity.type, entity.name) for entity in find_entities(read_document(text))}


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("The mayor flew to Oslo.", ("place", "Oslo")),
        ("The Norwegian army left.", ("nationality", "Norwegian")),
        ("The Norwegian army left.", ("organisation", "The Norwegian army")),
        ("Chancellor Angela Merkel spoke.", ("person", "Chancellor Angela Merkel")),
        ("The talks in Germany failed.", ("place", "Germany")),
        ("They met on 4 May 2016.", ("time", "4 May 2016")),
        ("A Su-22 jet crashed near Bergen.", ("place", "Bergen")),
        ("The United Nations sent help.", ("organisation", "The United Nations")),
    ],
)
def test_find_entities_gives_names_and_descriptions_their_type(text: str, entity: tuple[str, str]):
    assert entity in typed(text)


def test_find_entities_slices_back_to_the_text():
    text = "“We saw a tank,” Kari Nordmann of the Norwegian Red Cross said near Tromsø on Monday — twice."

    found = find_entities(read_document(text))

    assert [entity.span.of(text) for entity in found] == [entity.name for entity in found]
    assert len({entity.span for entity in found}) == len(found)
    assert [(e.span.start, -e.span.end) for e in found] == sorted((e.span.start, -e.span.end) for e in found)


def test_entities_from_adds_what_rules_find_and_the_models_missed():
    document = read_document("Rents in Bergen rose 4% in May 2016.")

    found = entities_from(document, [], [])

    assert [(entity.type, entity.name) for entity in found] == [
        ("place", "Bergen"),
        ("quantity", "4%"),
        ("time", "May 2016"),
    ]


def test_entities_from_keeps_what_the_models_say_of_a_place():
    document = read_document("Rents rose 4% in May 2016.")
    may = next(at for at, token in enumerate(document.tokens) if token.lower == "may")

    found = entities_from(document, [Labelled(may, may + 2, "document")], [Labelled(may, may + 1, "person")])

    assert [(entity.type, entity.name) for entity in found] == [
        ("quantity", "4%"),
        ("document", "May 2016"),
        ("person", "May"),
    ]


def test_outermost_leaves_out_what_stands_inside():
    document = read_document("The Norwegian army left.")

    found = entities_from(
        document, [Labelled(0, 3, "organisation")], [Labelled(1, 2, "nationality"), Labelled(2, 3, "body")]
    )

    assert [entity.name for entity in outermost(found)] == ["The Norwegian army"]


@pytest.mark.parametrize("text", ["", " \n", "“" * 300, "قال الوزير إن الجسر مغلق.", "😀" * 50])
def test_find_entities_of_text_without_english_is_no_error(text: str):
    assert all(entity.span.of(text) == entity.name for entity in find_entities(read_document(text)))


def test_find_entities_takes_no_verb_for_a_name() -> None:
    found = {entity.name for entity in find_entities(read_document("We hope that Germany will pay."))}

    assert "Germany" in found
    assert "hope" not in found
