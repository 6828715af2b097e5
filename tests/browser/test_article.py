import itertools

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from claims.models import Article, Claim
from tests.browser.conftest import SignIn, focused, overflows, serious
from tests.factories import ClaimFactory, RevisionFactory, UserFactory

TEXT = (
    "The ministry said the jet was near Raqqa and that it crashed. “It was bombing us,” a fighter said.\n\n"
    "The pilot is missing 👩‍👩‍👧 since Sunday."
)


def article_with_claims() -> tuple[Article, list[Claim]]:
    """A text with three claims: two overlap, one follows characters outside the basic plane."""
    revision = RevisionFactory(text=TEXT, title="A jet is down")
    spans = [[17, 42], [17, 60], [TEXT.index("The pilot"), len(TEXT) - 1]]
    claims = [
        ClaimFactory(
            revision=revision, spans=[span], sentence_start=0, sentence_end=61, statement=f"Claim {number}."
        )
        for number, span in enumerate(spans, start=1)
    ]
    return revision.article, claims


def highlighted(page: Page, claim: Claim) -> str:
    """The words marked in the text as the claim's."""
    return "".join(page.locator(f'.cc-text mark[data-claims~="{claim.pk}"]').all_inner_texts())


def test_claims_are_marked_at_their_exact_place(sign_in: SignIn) -> None:
    article, claims = article_with_claims()
    page = sign_in(UserFactory(is_staff=True, roles=["viewer"]))

    page.goto(article.get_absolute_url())

    assert [highlighted(page, claim) for claim in claims] == [claim.content for claim in claims]
    assert page.locator(".cc-text p").all_inner_texts() == TEXT.split("\n\n")


def test_click_in_the_text_makes_the_claim_current_with_its_context(sign_in: SignIn) -> None:
    article, claims = article_with_claims()
    page = sign_in(UserFactory(is_staff=True, roles=["viewer"]))
    page.goto(article.get_absolute_url())

    page.locator(f'.cc-text mark[data-claims~="{claims[2].pk}"]').first.click()

    assert focused(page) == f"claim-{claims[2].pk}"
    assert page.url.endswith(f"#claim-{claims[2].pk}")
    expect(page.locator(".cc-text mark.is-current")).to_have_count(1)


def test_keys_walk_the_claims_and_open_one(sign_in: SignIn) -> None:
    article, claims = article_with_claims()
    page = sign_in(UserFactory(is_staff=True, roles=["viewer"]))
    page.goto(article.get_absolute_url())

    walked = []
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
        walked.append(focused(page))
    page.keyboard.press("Enter")

    one, two, three = (f"claim-{claim.pk}" for claim in claims)
    assert walked == [one, two, three, two]
    expect(page.get_by_role("heading", name="In its context")).to_be_visible()
    assert page.url.endswith(claims[1].get_absolute_url())


def test_earlier_revision_says_that_it_is_one(sign_in: SignIn) -> None:
    article, _ = article_with_claims()
    RevisionFactory(article=article, number=2, text="It was another jet altogether, the ministry said.")
    page = sign_in(UserFactory(is_staff=True, roles=["viewer"]))

    page.goto(f"{article.get_absolute_url()}?revision=1")

    expect(page.get_by_text("You are reading another revision")).to_be_visible()
    page.get_by_role("link", name="The current one").click()
    expect(page.locator(".cc-text")).to_contain_text("another jet altogether")


def test_sample_article_is_readable_on_every_screen(samples: None, admin: User, sign_in: SignIn) -> None:
    article = Article.objects.filter(revisions__number=2).get()
    found = {}

    for width, scheme in itertools.product((400, 1000, 1800), ("light", "dark")):
        page = sign_in(admin, width=width, scheme=scheme)
        page.goto(article.get_absolute_url())
        expect(page.locator(".cc-text mark").first).to_be_visible()
        found[width, scheme] = (serious(page), overflows(page))

    assert set(map(repr, found.values())) == {"([], False)"}, found
