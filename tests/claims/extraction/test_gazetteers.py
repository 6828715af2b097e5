import pytest

from claims.extraction.names.gazetteers import find_listed, gender_of
from claims.extraction.parse.document import read_document


def listed(text: str) -> dict[str, frozenset[str]]:
    document = read_document(text)
    found = find_listed(document.tokens)
    return {token.lower: kinds for token, kinds in zip(document.tokens, found, strict=True) if kinds}


def test_find_listed_gives_every_kind_a_word_stands_for():
    found = listed("The ministry in Oslo bought tanks.")

    assert found == {
        "ministry": frozenset({"body word"}),
        "oslo": frozenset({"place"}),
        "tanks": frozenset({"vehicle"}),
    }


def test_find_listed_marks_all_words_of_the_longest_entry():
    found = listed("She flew to Saudi Arabia with the World Food Programme.")

    assert {word: sorted(kinds) for word, kinds in found.items()} == {
        "saudi": ["country", "people"],
        "arabia": ["country"],
        "world": ["body", "place word"],
        "food": ["body"],
        "programme": ["body", "document"],
    }


@pytest.mark.parametrize(("text", "word"), [("They split the bill.", "split"), ("It was nice.", "nice")])
def test_find_listed_wants_capitals_in_names(text: str, word: str):
    assert word not in listed(text)


def test_find_listed_reads_through_hyphens_however_words_are_cut():
    found = listed("Fighters of al-Qaeda saw a Su-22 jet.")

    assert "group" in found["qaeda"] | found.get("al-qaeda", frozenset())
    assert "vehicle" in found["jet"]


def test_find_listed_has_one_answer_per_token():
    document = read_document("Oslo. Oslo!")

    assert len(find_listed(document.tokens)) == len(document.tokens)


@pytest.mark.parametrize(
    ("name", "gender"),
    [("Angela", "female"), ("haider", "male"), ("Robin", ""), ("Tabqa", "")],
)
def test_gender_of_knows_names_given_to_one_gender_only(name: str, gender: str):
    assert gender_of(name) == gender
