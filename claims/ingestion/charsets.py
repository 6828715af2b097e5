"""Bytes -> characters, by the order browsers use: byte order mark, declaration, page, guess."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

from claims.errors import Unreadable

_MARKS = [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
_FILE_KINDS = [
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
]
# What the WHATWG Encoding Standard knows, under Python's names and with the supersets it asks for.
# A list, since Python also "decodes" punycode, UTF-7 and escapes, slowly or into something else.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-16-le",
}
_KNOWN_NAMES = """
utf-8 utf-16-le utf-16-be cp866 cp874 cp932 cp949 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256
cp1257 cp1258 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10
iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic gb18030 big5 big5hkscs
euc_jp iso2022_jp
"""
_KNOWN = frozenset(_KNOWN_NAMES.split())
_META_REACH = 4096  # bytes; the standard says 1024, real pages put it later
_META = re.compile(rb"<meta\b[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]{1,40})", re.IGNORECASE)
_GUESS_REACH = 64 * 1024
_FEW_HIGH_BYTES = 0.05  # of all; more than English, French or German have, less than Czech or Greek
_LOST_CHARACTERS = 0.01  # of all; a page with more is in another encoding, not just damaged
_CONTROLS = 0.01
_REMOVED = {number: None for number in (*range(0x20), *range(0x7F, 0xA0)) if chr(number) not in "\t\n"}
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(raw: bytes, *, charset: str | None = None, is_html: bool = False) -> str:
    """Return the characters of `raw`, as `clean` leaves them.

    `charset` is what the submitter or server declares. Raises Unreadable: binary for what is no
    text at all, wrong_encoding when the bytes do not fit any encoding that was declared or guessed.
    """
    for start, kind in _FILE_KINDS:
        if raw.startswith(start):
            raise Unreadable(
                "binary", f"This is {kind}, not a text. Save or copy its text, and give that instead."
            )
    text = _decode(raw, charset, is_html=is_html)
    controls = sum(map(text.count, map(chr, (*range(9), *range(14, 27), *range(28, 32)))))
    if "\0" in text or controls > len(text) * _CONTROLS:
        raise Unreadable("binary", "This is no text but another kind of file. Give a .txt or .html file.")
    if text.count("\ufffd") > max(1, len(text) * _LOST_CHARACTERS):
        raise Unreadable(
            "wrong_encoding",
            "Too many characters of this text are damaged: it was saved or declared in another encoding."
            " Save it as UTF-8 and try again.",
        )
    return clean(text)


def clean(text: str) -> str:
    """Return `text` with \\n for every kind of line end, and without what has no place in a text.

    Control characters go, and lone surrogates, which cannot be stored, become U+FFFD. All else
    stays as published: compositions, no-break spaces, zero-width and direction marks.
    """
    return _SURROGATES.sub("\ufffd", _LINE_ENDS.sub("\n", text).translate(_REMOVED))


def _decode(raw: bytes, charset: str | None, *, is_html: bool) -> str:
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(codec, "replace")
    declared = _codec(charset) or (_declared_in_page(raw) if is_html else None)
    if declared is not None and declared.startswith("utf-16"):
        return raw.decode(declared, "replace")
    try:
        return raw.decode("utf-8")  # whatever the label: what reads as UTF-8 by chance is not found in nature
    except UnicodeDecodeError:
        pass
    if declared is not None:
        return raw.decode(declared, "replace")
    return raw.decode(_guess(raw), "replace")


def _codec(label: str | None) -> str | None:
    """Return Python's name for a declared encoding, None when it is none that web pages have."""
    if not label or len(label) > 40:
        return None
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return None
    name = _SUPERSETS.get(name, name)
    return name if name in _KNOWN else None


def _declared_in_page(raw: bytes) -> str | None:
    found = _META.search(raw[:_META_REACH])
    codec = _codec(found[1].decode("ascii")) if found else None
    return "utf-8" if codec and codec.startswith("utf-16") else codec  # the tag was read as ASCII


def _guess(raw: bytes) -> str:
    """Return a likely encoding for bytes that are not UTF-8 and declare nothing."""
    sample = raw[:_GUESS_REACH]
    high = sum(byte >= 0x80 for byte in sample)
    if high <= len(sample) * _FEW_HIGH_BYTES:
        return "cp1252"
    best = charset_normalizer.from_bytes(sample).best()
    guessed = _codec(best.encoding) if best is not None else None
    return guessed or "utf-8"
