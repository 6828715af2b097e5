from decimal import Decimal

import pytest

from claims.extraction import Quantity, Span
from claims.extraction.frames.quantities import find_quantities


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
        ("A Su-22, an A320 and the 4th boat", []),
        ("At least two dozen cars burned.", [("24", None, "cars", "at least")]),
        ("Half a dozen cars burned.", [("6", None, "cars", "")]),
        ("It cost nearly a million.", [("1000000", None, "", "nearly")]),
        ("Dozens of cars burned.", [("24", "99", "cars", "dozens")]),
        ("Over tens of thousands of cars", [("20000", "99999", "cars", "over tens of thousands")]),
        ("Twenty-five cars burned.", [("25", None, "cars", "")]),
        (
            "It cost US$5bn, then £3.2m.",
            [("5000000000", None, "dollars", ""), ("3200000", None, "pounds", "")],
        ),
        ("It is 5m high.", [("5", None, "m", "")]),
        ("It won 2-1.", []),
        ("It fell 3-5 per cent.", [("3", "5", "percent", "")]),
        ("It cost more than 2 million euros.", [("2000000", None, "euros", "more than")]),
        ("One of them left.", []),
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
