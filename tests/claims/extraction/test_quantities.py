from decimal import Decimal

import pytest

from claims.extraction import Quantity, Span
from claims.extraction.quantities import find_quantities


def test_find_quantities_gives_value_unit_hedge_and_place() -> None:
    assert find_quantities("Rents rose some 4% in May.") == [
        Quantity(value=Decimal("4"), unit="percent", span=Span(11, 18), approximator="some")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It lay 40km from Riga.", [("40", None, "km", "")]),
        ("It lay 1.5 kilometres off.", [("1.5", None, "km", "")]),
        ("At least 1,200 people left.", [("1200", None, "people", "at least")]),
        ("It cost $5 million.", [("5000000", None, "dollars", "")]),
        ("Between 20 and 30 boats sank.", [("20", "30", "boats", "")]),
        ("Twelve sailors and two dogs swam.", [("12", None, "sailors", ""), ("2", None, "dogs", "")]),
        ("A Su-22, an A320 and the 4th boat", [("4", None, "th", "")]),
        ("It sank on 18 June 2017 at 6:30 p.m., on May 3, in 1999.", []),
        ("", []),
    ],
)
def test_find_quantities(text: str, expected: list[tuple[str, str | None, str, str]]) -> None:
    found = [
        (str(q.value), None if q.upper is None else str(q.upper), q.unit, q.approximator)
        for q in find_quantities(text)
    ]

    assert found == expected
