"""Monitoring bodies, and those who go on speaking, by the name the text has for them."""

import pytest

from claims.extraction import extract_claims


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Six boats sank, a monitor said. The Harbour Observatory counted the wrecks on Monday.",
            ["Harbour Observatory", None],
        ),
        (
            "The crew left, the Harbour Observatory said. Nine people live there. "
            "The Oslo-based group said the boats sank.",
            ["Harbour Observatory", None, "Harbour Observatory"],
        ),
        (
            "The Oslo-based group said the boats sank. The Harbour Observatory has ten members.",
            ["Oslo-based group", None],
        ),
        (
            "Six boats sank, a monitor said. The Harbour Observatory and Coast Watch disagreed.",
            ["monitor", None],
        ),
        (
            "The crew left, the Harbour Observatory said. It said the boats sank.",
            ["Harbour Observatory", "Harbour Observatory"],
        ),
        (
            "The Red Heron Front said in a statement that its men had left. The claim said nine boats sank.",
            ["Red Heron Front", "Red Heron Front"],
        ),
    ],
)
def test_extract_claims_names_whom_a_description_means(text: str, expected: list[str | None]) -> None:
    assert [claim.speaker.name if claim.speaker else None for claim in extract_claims(text)] == expected
