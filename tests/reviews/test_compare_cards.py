"""The cards of the compare screen are written out in Python: what a text holds must stay text."""

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reviews.templatetags.compare_cards import filled, joined


@pytest.mark.parametrize(
    "value",
    ["<script>", "\"'&", "{braces}", 7, None, SafeString("<b>"), "“Zoë”"],
)
def test_filled_writes_what_format_html_does(value: object) -> None:
    written = filled("<p title='{name}'>{}</p>", value, name=value)

    assert isinstance(written, SafeString)
    assert written == format_html("<p title='{name}'>{}</p>", value, name=value)


def test_joined_parts_stay_safe() -> None:
    whole = joined(SafeString(part) for part in ("<b>", "</b>"))

    assert (type(whole), whole) == (SafeString, "<b></b>")
