import pytest

from claims.errors import Unreadable
from claims.ingestion.charsets import clean, decode

ENGLISH = "The café’s owner said: “We closed – for good.”"
RUSSIAN = "Министерство обороны заявило, что самолёт выполнял боевую задачу к югу от города."


@pytest.mark.parametrize(
    ("raw", "charset", "is_html", "expected"),
    [
        (ENGLISH.encode(), None, False, ENGLISH),
        (b"\xef\xbb\xbf" + ENGLISH.encode(), None, False, ENGLISH),
        (b"\xff\xfe" + ENGLISH.encode("utf-16-le"), None, False, ENGLISH),
        (b"\xfe\xff" + ENGLISH.encode("utf-16-be"), "utf-8", False, ENGLISH),
        (ENGLISH.encode("utf-16-le"), "utf-16", False, ENGLISH),
        ((ENGLISH * 9).encode("cp1252"), None, False, ENGLISH * 9),
        (ENGLISH.encode("cp1252"), "iso-8859-1", False, ENGLISH),
        (ENGLISH.encode("cp1252"), "latin1", False, ENGLISH),
        (RUSSIAN.encode("cp1251"), "windows-1251", False, RUSSIAN),
        (RUSSIAN.encode("koi8-r"), "KOI8-R", False, RUSSIAN),
        ((RUSSIAN * 9).encode("cp1251"), None, False, RUSSIAN * 9),
        (RUSSIAN.encode(), "windows-1251", False, RUSSIAN),
        (
            b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"),
            None,
            True,
            "<meta charset=windows-1251>" + RUSSIAN,
        ),
        (ENGLISH.encode("cp1252"), "no-such-charset", False, ENGLISH),
    ],
    ids=[
        "utf_8",
        "utf_8_mark",
        "utf_16_le_mark",
        "mark_before_declaration",
        "utf_16_declared",
        "undeclared_1252",
        "latin_1_means_1252",
        "label_of_latin_1",
        "declared_1251",
        "declared_koi8",
        "guessed_1251",
        "utf_8_under_a_wrong_label",
        "declared_in_the_page",
        "unknown_label",
    ],
)
def test_decode_reads_the_encodings_of_the_web(raw, charset, is_html, expected):
    assert decode(raw, charset=charset, is_html=is_html) == expected


@pytest.mark.parametrize(
    "label", ["zlib", "rot13", "punycode", "idna", "unicode_escape", "utf-7", "hex", "a\0b", "x" * 99]
)
def test_decode_never_uses_python_codecs_that_are_no_encodings(label):
    assert decode(b"Rents rose \\u0041 +AGE- again.", charset=label) == "Rents rose \\u0041 +AGE- again."


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"%PDF-1.7\n...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture"),
        (b"PK\x03\x04" + bytes(50), "a ZIP archive"),
        (bytes(range(256)) * 4, "another kind of file"),
        (b"Rents rose.\0", "another kind of file"),
        (ENGLISH.encode("utf-16-le"), "another kind of file"),
        (b"\x01\x02\x03 Rents rose.", "another kind of file"),
    ],
)
def test_decode_refuses_binary_and_names_it(raw, named):
    with pytest.raises(Unreadable, match=named) as refused:
        decode(raw)

    assert refused.value.code == "binary"


@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        (RUSSIAN.encode("koi8-r"), "utf-8"),
        (RUSSIAN.encode("cp1251"), "gb18030"),
        (("\ufffd" * 20 + RUSSIAN).encode(), None),
    ],
)
def test_decode_refuses_text_that_does_not_fit_its_encoding(raw, charset):
    with pytest.raises(Unreadable, match="Save it as UTF-8") as refused:
        decode(raw, charset=charset)

    assert refused.value.code == "wrong_encoding"


def test_decode_forgives_a_last_character_cut_in_half():
    assert decode((RUSSIAN * 9).encode()[:-1], charset="utf-8").startswith(RUSSIAN * 8)


def test_clean_changes_line_ends_and_controls_and_nothing_else():
    text = "A\r\nB\rC\x85D\u2028E\x00\x07\x1b[31m\x9fF\ud800 \u00a0\u200b\u202e\tcafe\u0301"

    assert clean(text) == "A\nB\nC\nD\nE[31mF\ufffd \u00a0\u200b\u202e\tcafe\u0301"
