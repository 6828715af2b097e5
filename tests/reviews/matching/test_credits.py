"""What an article declares about where it comes from, in the forms that agencies and desks use."""

import pytest

from claims.extraction.types import Span
from reviews.matching.credits import Credit, find_credits

STORY = "The ferry was held in port.\nThe harbour master told Reuters that nobody was hurt."


def declared(text: str, **fields: str) -> list[tuple[str, str]]:
    return [(credit.agency, credit.where) for credit in find_credits(text, **fields)]


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("ALDER, June 19 (Reuters) - ", "Reuters"),
        ("(AP) — ", "AP"),
        ("Alder, 3 May (Northline Wire): ", "Northline Wire"),
        ("ALDER/BRANT, May 3 (Agence France-Presse) -- ", "AFP"),
        ("MOSCOW, May 3. /TASS/. ", "TASS"),
        ("Alder, SANA – ", "SANA"),
        ("BEIJING, May 3, Xinhua -- ", "Xinhua"),
    ],
)
def test_find_credits_reads_a_dateline(opening, agency):
    assert declared(f"Ferry held\n{opening}{STORY}") == [(agency, "dateline")]


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("By Ada Rowe, Reuters", ["Reuters"]),
        ("By Ada Rowe and AFP in Alder", ["AFP"]),
        ("By The Associated Press", ["AP"]),
        ("Written by Ada Rowe | dpa", ["dpa"]),
        ("By Ada Rowe and Northline Wire", ["Northline Wire"]),
        ("By Ada Rowe for the Alder Times", []),
        ("Agence France-Presse", ["AFP"]),
        ("TRT World and Agencies", ["agencies"]),
        ("By Ada Rowe", []),
        ("By Reuters Watcher Ada Rowe", []),
    ],
)
def test_find_credits_reads_a_byline_above_the_text(line, agencies):
    assert declared(f"Ferry held\n{line}\n{STORY}") == [(agency, "byline") for agency in agencies]


@pytest.mark.parametrize(
    ("foot", "agencies"),
    [
        ("\nAFP", ["AFP"]),
        (" — AFP", ["AFP"]),
        (" (AP)", ["AP"]),
        ("\nAFP/Reuters", ["AFP", "Reuters"]),
        ("\nSource: SANA", ["SANA"]),
        ("\nSource: Alder Valley Times and news agencies", ["Alder Valley Times", "agencies"]),
        ("\n(With inputs from PTI)", ["PTI"]),
        ("\nAdditional reporting by Reuters.", ["Reuters"]),
        ("\nThe Associated Press contributed to this report.", ["AP"]),
        ("\n(Reporting by Ada Rowe in Alder; Editing by Cy Boone)", ["Reuters"]),
        ("\n© 2024 AFP", ["AFP"]),
    ],
)
def test_find_credits_reads_the_foot(foot, agencies):
    assert declared(STORY + foot) == [(agency, "foot") for agency in agencies]


@pytest.mark.parametrize(
    "text",
    [
        "",
        STORY,
        "The ferry was held in port.\nThe crew spoke with AFP.",
        "The ferry was held, Reuters said - and then let go.\nNobody was hurt.",
        "The ferry was held.\nIts owner is named in a report by AFP.",
        f"{STORY}\nPhoto: AFP",
        f"{STORY}\n[Ada Rowe/Reuters]",
        f"{STORY}\nSource: two people on board",
        f"Ada Rowe (Lede) - {STORY}",
        f"Sana Rowe - {STORY}",
        f"Ferry held\nPicture by Ada Rowe, AFP\n{STORY}",
    ],
)
def test_find_credits_takes_no_mention_person_or_picture_for_a_credit(text):
    assert find_credits(text) == ()


def test_find_credits_says_where_the_agency_stands():
    text = f"ALDER (AP) — {STORY}\nSource: Reuters"

    assert find_credits(text) == (
        Credit("AP", Span(7, 9), "dateline"),
        Credit("Reuters", Span(len(text) - 7, len(text)), "foot"),
    )


def test_find_credits_names_an_agency_once_under_its_usual_name():
    text = f"ALDER (AFP) — {STORY}\nSource: Agence France-Presse"

    assert find_credits(text, byline="Ada Rowe | AFP") == (Credit("AFP", None, "byline"),)


def test_find_credits_reads_the_fields_beside_the_text():
    assert declared(STORY, byline="By Ada Rowe and Cy Boone, dpa", source="Alder Valley Times") == [
        ("Alder Valley Times", "declared"),
        ("dpa", "byline"),
    ]


def test_find_credits_passes_over_a_line_that_repeats_the_title():
    assert declared(f"By Reuters\n{STORY}", title="By Reuters") == []


@pytest.mark.parametrize(
    "text", ["a&" * 5_000, "(A" * 5_000, "A " * 50_000, "A, " * 20_000 + "(", "\n" * 9_000]
)
def test_find_credits_reads_hostile_text_in_a_moment(text):
    assert find_credits(text) == ()


@pytest.mark.parametrize(
    ("byline", "agencies"),
    [
        ("World staff and Northline Wire", ["Northline Wire"]),
        ("Ada Rowe, Alder Press Agency", ["Alder Press Agency"]),
        ("World staff", []),
        ("Ada Rowe, Central Investigation Agency", []),
        ("Ada Rowe and Barbed Wire Collective", []),
    ],
)
def test_find_credits_knows_an_agency_in_the_byline_field_by_its_name(byline, agencies):
    assert declared(STORY, byline=byline) == [(agency, "byline") for agency in agencies]
