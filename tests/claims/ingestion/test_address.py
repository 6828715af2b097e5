import pytest

from claims.errors import Unreadable
from claims.ingestion.address import canonical_address, choose_address


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/a", "https://news.example/a"),
        ("HTTPS://News.Example:443/a", "https://news.example/a"),
        ("http://news.example:80/", "http://news.example/"),
        ("http://news.example", "http://news.example/"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://news.example/a/../b/./c", "https://news.example/b/c"),
        ("https://news.example/a/#comments", "https://news.example/a/"),
        ("https://news.example/a?utm_source=feed&id=7&fbclid=x", "https://news.example/a?id=7"),
        (" https://news.example/a ", "https://news.example/a"),
    ],
)
def test_canonical_address_is_one_form_for_one_page(url, expected):
    assert canonical_address(url) == expected
    assert canonical_address(expected) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example/a",
        "ftp://news.example/a",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "https://user:secret@news.example/",
        "https://news.example:99999/",
        "https://news.example:x/",
        "https://[::1/",
        "https://news.example/a b",
        "https://news.example/\x00",
        "https://news.example/" + "a" * 2000,
    ],
)
def test_canonical_address_refuses_what_is_no_plain_web_address(url):
    with pytest.raises(Unreadable, match="not the address of a web page") as refused:
        canonical_address(url)

    assert refused.value.code == "bad_address"


@pytest.mark.parametrize(
    ("declared", "url", "expected"),
    [
        ("/a", "https://news.example/a?page=1", "https://news.example/a"),
        ("https://news.example/a", "https://www.news.example/x", "https://news.example/a"),
        ("https://other.example/a", "https://news.example/b", "https://news.example/b"),
        ("", "https://news.example/b", "https://news.example/b"),
        ("http://[", "https://news.example/b", "https://news.example/b"),
        ("https://other.example/a", "", "https://other.example/a"),
        ("/a", "", ""),
        ("javascript:alert(1)", "", ""),
    ],
)
def test_choose_address_lets_a_page_name_itself_only_within_its_site(declared, url, expected):
    assert choose_address(declared, url=url) == expected
