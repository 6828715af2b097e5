import pytest

from claims.extraction.parse.quotations import find_quotations
from claims.extraction.parse.sentences import find_paragraphs


def quoted(text: str) -> list[tuple[str, bool]]:
    return [(found.inner.of(text), found.closed) for found in find_quotations(text, find_paragraphs(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It fell,” he said, “at noon.”", [("It fell,", True), ("at noon.", True)]),
        ('"It fell," he said. "All of it."', [("It fell,", True), ("All of it.", True)]),
        ("‘It fell,’ he said.", [("It fell,", True)]),
        ("'It fell,' he said.", [("It fell,", True)]),
        ("''It fell,'' he said.", [("It fell,", True)]),
        ("„It fell,“ was „it”", [("It fell,“ was „it", True)]),
        ("The crew's boat and the pilots' boat didn't sink.", []),
        ('A 12" pipe and a 10" pipe burst.', []),
        ("“It fell at noon.\n“Nobody saw it.”", [("It fell at noon.", False), ("Nobody saw it.", True)]),
        ("He said “it fell and left.", []),
        ("He left. “It fell.\n“Nobody saw it.”", [("It fell.", False), ("Nobody saw it.", True)]),
        ('"It fell. "All of it," he said.', [("It fell.", False), ("All of it,", True)]),
        ("“”", []),
    ],
)
def test_find_quotations(text: str, expected: list[tuple[str, bool]]) -> None:
    assert quoted(text) == expected
