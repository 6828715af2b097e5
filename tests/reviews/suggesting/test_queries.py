"""How often the database is asked while an article is matched: in a large story as often as in a small."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.reviews.suggesting.conftest import Press

A_DOZEN_NUMBERS = re.compile(r"\bIN \(\d+(?:, \d+){11,}\)")


@pytest.fixture
def asked(press: Press, monkeypatch: pytest.MonkeyPatch) -> "Asked":
    return Asked(press, monkeypatch)


class Asked:
    """The queries that matching one more article takes; all that stands before is matched already."""

    def __init__(self, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
        self._press, self._monkeypatch = press, monkeypatch

    def __call__(self, outlet: str, *sayings: str) -> list[str]:
        with self._monkeypatch.context() as until_stored:
            until_stored.setattr(self._press, "match", lambda *_: [])
            article = self._press.publish(outlet, *sayings)
        with CaptureQueriesContext(connection) as queries:
            self._press.match(article)
        return [query["sql"] for query in queries]


def test_more_answers_and_more_columns_to_move_take_as_many_queries(press: Press, asked: Asked) -> None:
    press.publish("Courier", "killed in Alder: 20", "killed in Alder: 30")
    press.publish("Ledger", *(f"killed in Birch: {number}" for number in range(20, 30)))

    few = asked("Herald", "killed in Alder: 10")
    many = asked("Mercury", *(f"killed in Birch: {number}" for number in range(10, 18)))

    assert len(few) == len(many)


def test_claims_of_a_story_are_one_value_of_a_query(press: Press, asked: Asked) -> None:
    for number in range(15):
        press.publish(f"Paper {number}", "killed in Alder: 12", "hurt in Alder: 3")

    queries = asked("Herald", "killed in Alder: 15")

    assert [query for query in queries if A_DOZEN_NUMBERS.search(query)] == []


def test_positions_are_read_again_only_where_two_answers_can_both_be_true(press: Press, asked: Asked) -> None:
    press.publish("Courier", "killed in Alder: 56", "killed in Birch: 60")
    press.publish("Ledger", "killed in Alder: 40", "killed in Birch: 40")

    with_a_pair = asked("Herald", "killed in Alder: dozens")
    without = asked("Mercury", "killed in Birch: 70")

    assert len(with_a_pair) == len(without) + 2
