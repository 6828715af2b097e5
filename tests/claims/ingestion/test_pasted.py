"""Pages as people paste them. All texts are written for these tests."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from claims.ingestion import prose
from claims.ingestion.page import Given, ReadablePage
from claims.ingestion.pasted import read_pasted

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SEED = Path(__file__).resolve().parents[4] / "shared" / "data" / "seed" / "article.txt"

REPORT = (
    "The bridge over the Lede was closed on Monday, the mayor said.\n\n"
    "“Nobody was hurt, and nobody was on it,” Ann Bell told reporters.\n\n"
    "It will be open again by May."
)


def test_pasted_page_is_parted_into_title_date_byline_and_report():
    page = read_pasted(
        "Skip to main content\n"
        "Home News World Sport Search Sign in\n"
        "menuicon searchicon shareicon playicon pauseicon closeicon arrow downicon arrow upicon\n"
        "Local\n\n"
        "Bridge over the Lede closed after flood\n\n"
        "By Jan Reed and Mia Cole\n"
        "3 February 2020 10:15 GMT\n"
        "Share\nSave\n\n"
        "Bridge over the Lede closed after flood\n\n" + REPORT + "\n\n"
        "Related stories\n"
        "Ten bridges that fell and what became of them\n"
        "0:00\n12:4",
        now=NOW,
    )

    assert page == ReadablePage(
        text=REPORT,
        title="Bridge over the Lede closed after flood",
        byline="Jan Reed and Mia Cole",
        published_at=datetime(2020, 2, 3, 10, 15, tzinfo=UTC),
        published_text="3 February 2020 10:15 GMT",
        zone_assumed=False,
    )


@pytest.mark.parametrize(
    "furniture",
    [
        "0:00",
        "27:33",
        "1:02:33",
        "0:00 / 27:33",
        "Read more",
        "Advertisement",
        "Share this article on Facebook",
        "Listen Watch Podcasts",
        "Read more: Ten bridges that fell",
    ],
)
def test_furniture_goes_from_before_within_and_after_a_report(furniture):
    first, second, third = REPORT.split("\n\n")

    page = read_pasted("\n\n".join([furniture, first, furniture, second, third, furniture]), now=NOW)

    assert (page.text, page.title) == (REPORT, "")


@pytest.mark.parametrize(
    "sentence",
    [
        "We use cookies to make this site work. Accept all?",
        "This website uses cookies.",
        "By clicking “Agree” you accept our terms.",
        "Sign up for our newsletter and never miss a story.",
        "Follow us on all the usual channels.",
        "© 2020 The River Post. All rights reserved.",
    ],
)
def test_what_a_site_says_of_itself_goes_only_at_the_edges(sentence):
    first, second, third = REPORT.split("\n\n")

    page = read_pasted("\n\n".join([sentence, first, second, sentence, third, sentence]), now=NOW)

    assert page.text == "\n\n".join([first, second, sentence, third])


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        "The dam broke.",
        "No comment.\n\nThe ministry said nothing else.",
        "“We did not fire.”\n\n“They did,” he said.",
        "The mayor named two bridges:\n\n- the old one\n\n- the one that fell\n\nBoth are closed.",
        "The mayor named two:\n\n1. the old one\n\n2. the new one",
        "The bridge was closed on Monday and the mayor told reporters that nobody knows when it will be",
        "The bridge was closed on Monday.\n\nThe mayor told reporters that nobody knows when",
        "The bridge fell.\n\nWhat happened next\n\nThe mayor resigned.",
        "It was open on 2 May.\n\n3 May 2019\n\nThe bridge fell.\n\n4 May 2019\n\nThe mayor resigned.",
        "Why did the bridge fall?\n\nNobody knows.",
        "He said it fell at 10:15.\n\nShe said 10:20.",
        "The mayor shared the story.\n\nRead more about it there.\n\nNobody did.",
        "Die Brücke über die Lede wurde am Montag gesperrt.\n\nNiemand wurde verletzt.",
        "Мост через реку закрыли в понедельник.\n\nНикто не пострадал.",
        "大桥周一关闭。\n\n没有人受伤。",
        "أغلق الجسر يوم الاثنين.\n\nلم يصب أحد بأذى.",
    ],
    ids=[
        "report",
        "shortest",
        "two_words",
        "quotes",
        "bullets",
        "numbers_at_the_end",
        "one_line_cut_off",
        "last_line_cut_off",
        "subheading",
        "dates_as_subheadings",
        "question",
        "clock_times",
        "interface_words",
        "german",
        "russian",
        "chinese",
        "arabic",
    ],
)
def test_text_without_furniture_stays_as_it_is(text):
    page = read_pasted(text, now=NOW)

    assert page == ReadablePage(text=text)


def test_lines_of_fixed_width_stay_one_paragraph():
    wrapped = (
        "The bridge over the Lede was closed on Monday after the river rose\n"
        "by two metres in one night, the mayor said. Nobody was hurt, and\n"
        "Ann Bell, who runs the ferry, says she has never seen so much water."
    )

    assert read_pasted(wrapped, now=NOW) == ReadablePage(text=wrapped)


def test_paragraphs_without_empty_lines_are_parted():
    page = read_pasted("Bridge closed after flood\n" + REPORT.replace("\n\n", "\n"), now=NOW)

    assert page == ReadablePage(text=REPORT, title="Bridge closed after flood")


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("Bridge closed after flood\n\n", "Bridge closed after flood"),
        ("River Post\n\nBridge closed after flood\n\n", "Bridge closed after flood"),
        ("Bridge closed\n\n", "Bridge closed"),
        ("Who closed the bridge?\n\nWho closed the bridge?\n\n", "Who closed the bridge?"),
        (
            "Bridge closed after flood | River Post\n\nBridge closed after flood\n\n",
            "Bridge closed after flood | River Post",
        ),
        ("Local\n\n", ""),
        ("", ""),
    ],
)
def test_title_is_the_headline_and_not_in_the_text(header, title):
    page = read_pasted(header + REPORT, now=NOW)

    assert (page.title, page.text) == (title, REPORT)


def test_standfirst_stays_in_the_text_though_it_has_no_full_stop():
    page = read_pasted(
        "Bridge closed after flood\n\nMayor blames a wet winter and an old pier\n\n" + REPORT, now=NOW
    )

    assert (page.title, page.text) == (
        "Bridge closed after flood",
        "Mayor blames a wet winter and an old pier\n\n" + REPORT,
    )


def test_first_sentence_that_stands_twice_is_no_title():
    twice = REPORT.split("\n\n")[0] + "\n\n" + REPORT

    assert read_pasted(twice, now=NOW) == ReadablePage(text=twice)


def test_what_the_submitter_gave_wins_and_the_page_s_own_is_not_left_in_the_text():
    given = Given(
        title="Lede bridge shut",
        byline="Ida Moss",
        outlet="River Post",
        published_at=datetime.fromisoformat("2020-02-03T12:00:00+02:00"),
    )

    page = read_pasted(
        "Bridge closed after flood\n\nBy Jan Reed\n\n4 February 2020\n\n" + REPORT, now=NOW, given=given
    )

    assert page == ReadablePage(
        text=REPORT,
        title="Lede bridge shut",
        byline="Ida Moss",
        outlet="River Post",
        published_at=datetime(2020, 2, 3, 10, 0, tzinfo=UTC),
        published_text="4 February 2020",
    )


def test_given_title_is_taken_out_though_it_ends_like_a_sentence():
    page = read_pasted(
        "The bridge is closed.\n\n" + REPORT, now=NOW, given=Given(title="The bridge is closed.")
    )

    assert (page.title, page.text) == ("The bridge is closed.", REPORT)


@pytest.mark.parametrize("line", ["1 January 9999", "19 June 1017", "25 November 2026"])
def test_a_date_that_makes_no_sense_is_no_date_but_its_words_are_kept(line):
    page = read_pasted(f"Bridge closed after flood\n\n{line}\n\n{REPORT}", now=NOW)

    assert (page.published_at, page.published_text, page.text) == (None, line, REPORT)


@pytest.mark.parametrize(
    "lines",
    [
        ["Updated 5 February 2020", "3 February 2020"],
        ["By Jan Reed | 3 February 2020"],
        ["Jan Reed, 3 February 2020"],
        ["Published 3 February 2020 – Updated 5 February 2020"],
    ],
)
def test_the_date_of_publishing_is_taken_not_that_of_updating(lines):
    page = read_pasted("\n".join(["Bridge closed after flood", *lines, "", REPORT]), now=NOW)

    assert (page.published_at, page.text) == (datetime(2020, 2, 3, tzinfo=UTC), REPORT)


def test_a_date_below_the_report_is_found_too():
    page = read_pasted(REPORT + "\n\nPublished 3 February 2020\n", now=NOW)

    assert (page.published_at, page.text) == (datetime(2020, 2, 3, tzinfo=UTC), REPORT)


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("LEDE, Feb 3 (Reuters) - The bridge was closed.", "Reuters"),
        ("LEDE (dpa) -- The bridge was closed.", "dpa"),
        ("Jan Reed (Upper Ford) – who saw it – was there.", ""),
        ("The County (Roads and Bridges) - said it was closed.", ""),
        ("LEDE (Associated Press) — The bridge was closed.", "AP"),
        ("Lede/Upper Ford, February 3 (Northline Wire) – The bridge was closed.", "Northline Wire"),
        ("(AFP) - The bridge was closed.", "AFP"),
        ("Bridge closed after flood\nBy Jan Reed, Reuters\n\nThe bridge was closed.", "Reuters"),
        ("Bridge closed after flood\nReuters\n\nThe bridge was closed.", "Reuters"),
        ("The bridge was closed.\n\n(AFP)", "AFP"),
        ("The bridge was closed (it had been old) - and the ferry too.", ""),
        ("Reuters said the bridge was closed.", ""),
    ],
)
def test_wire_credit_is_read_where_agencies_put_it(text, credit):
    assert read_pasted(text, now=NOW).credit == credit


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Podcasts", "0:00\n27:33", "Home News World Sport", "Bridge closed"]
)
def test_paste_without_prose_has_no_text(text):
    assert read_pasted(text, now=NOW).text == ""


SENTENCES = st.lists(
    st.builds(
        lambda words, end: " ".join(words).capitalize() + end,
        st.lists(st.text("abcdeorstu", min_size=1, max_size=9), min_size=4, max_size=30),
        st.sampled_from([".", "!", "?", ".”", "…"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=str.casefold,
)
FURNITURE = st.lists(
    st.sampled_from(["0:00", "Share", "Read more", "3 May 2019", "Ten bridges that fell", "Local"])
)


@settings(max_examples=200, deadline=None, derandomize=True)
@for_any(SENTENCES, FURNITURE, FURNITURE)
def test_no_line_with_the_shape_of_a_sentence_is_ever_dropped(sentences, before, after):
    page = read_pasted("\n\n".join([*before, *sentences, *after]), now=NOW)

    shaped = [sentence for sentence in sentences if prose.is_sentence(sentence)]
    assert [line for line in page.text.split("\n\n") if line in shaped] == shaped


if SEED.exists():  # lies beside the checkout, where the project is developed, and never within it

    def test_seed_page_becomes_its_report_alone():
        pasted = SEED.read_text(encoding="utf-8")
        lines = [line for line in pasted.split("\n") if line]

        page = read_pasted(pasted, now=NOW)

        assert page == ReadablePage(
            text="\n\n".join(lines[4:16]),
            title=lines[2],
            published_at=datetime(2017, 6, 19, 18, 52, tzinfo=UTC),
            published_text=lines[1],
            zone_assumed=True,
        )
        assert (lines[2], len(lines)) == (lines[3], 21)
