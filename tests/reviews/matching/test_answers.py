"""Answers to free questions, grouped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.matching.answers import Answer, consolidate


def grouped(question: str, *texts: str) -> list[list[str]]:
    """Group the texts, each its own id."""
    return consolidate(question, [Answer(id=text, text=text) for text in texts])


def test_consolidate_groups_reasons():
    assert grouped(
        "Why was the harbour closed?",
        "because of the storm",
        "a strike by dock workers",
        "owing to stormy weather",
        "striking dockers",
        "the storm",
    ) == [
        ["because of the storm", "owing to stormy weather", "the storm"],
        ["a strike by dock workers", "striking dockers"],
    ]


def test_consolidate_groups_days_that_say_more_with_those_that_say_less():
    assert grouped(
        "How long will the bridge be closed?",
        "until July 2024",
        "two years",
        "2024",
        "three years",
        "1 July 2024",
        "two more years",
        "for good",
    ) == [
        ["until July 2024", "2024", "1 July 2024"],
        ["two years", "two more years"],
        ["three years"],
        ["for good"],
    ]


def test_consolidate_groups_numbers_in_words_and_figures():
    assert grouped(
        "How many people were hurt?", "twelve", "at least 12 people", "20", "some twenty passengers"
    ) == [
        ["twelve", "at least 12 people"],
        ["20", "some twenty passengers"],
    ]


def test_consolidate_keeps_yes_and_no_apart():
    assert grouped(
        "Did the crew leave the ferry?",
        "Yes, the crew left it",
        "No, the crew did not leave it",
        "Yes",
        "the crew did not leave",
        "No",
    ) == [
        ["Yes, the crew left it", "Yes"],
        ["No, the crew did not leave it", "the crew did not leave", "No"],
    ]


def test_consolidate_keeps_other_names_apart():
    assert grouped(
        "Who owns the ferry?", "Alder Line", "the Brant Line", "the shipping company Alder Line", "Brant Line"
    ) == [["Alder Line", "the shipping company Alder Line"], ["the Brant Line", "Brant Line"]]


def test_consolidate_passes_over_the_words_of_the_question():
    answers = ("the ferry council had debts", "the ferry council thought it unsafe")

    assert grouped("Why was it sold?", *answers) == [list(answers)]
    assert grouped("Why did the ferry council sell it?", *answers) == [[answers[0]], [answers[1]]]


def test_consolidate_of_no_answers_is_nothing():
    assert consolidate("Why?", []) == []


def test_consolidate_leaves_answers_without_words_alone():
    answers = [Answer("1", ""), Answer("2", "the storm"), Answer("3", "…"), Answer("4", "The storm!")]

    assert consolidate("Why?", answers) == [["1"], ["2", "4"], ["3"]]


ANSWERS = st.lists(
    st.sampled_from(
        ["", "the storm", "stormy weather", "a strike", "no strike", "Yes", "No, it was not", "12",
         "twelve people", "two years", "until 2024", "May 2024", "Alder Line", "Brant Line", "the fire",
         "fire and rescue workers"]
    ),
    max_size=12,
).map(lambda texts: [Answer(f"{at:02}", text) for at, text in enumerate(texts)])  # fmt: skip
QUESTIONS = st.sampled_from(["Why?", "Who was it?", "How long did it last?", "Did it last long?", ""])


@settings(deadline=None)
@given(question=QUESTIONS, answers=ANSWERS, data=st.data())
def test_consolidate_is_a_partition_whatever_the_order(question, answers, data):
    groups = consolidate(question, answers)
    shuffled = consolidate(question, data.draw(st.permutations(answers)))

    assert sorted(id for group in groups for id in group) == [answer.id for answer in answers]
    assert sorted(map(sorted, shuffled)) == sorted(groups)
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)


@pytest.mark.parametrize("question", ["Why?", "How many?", "Was it so?"])
def test_consolidate_puts_equal_answers_together(question):
    answers = [Answer(str(at), "Two ferries collided in fog.") for at in range(50)]

    assert consolidate(question, answers) == [[str(at) for at in range(50)]]
