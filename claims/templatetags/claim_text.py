"""How text from outside is written into a page: escaped, with hidden characters made visible."""

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from claims.models import Claim
from claims.presentation import full_name, relay, reveal

register = template.Library()
register.filter(relay)


@register.filter
def visible(text: object) -> SafeString:
    """`text` escaped; each hidden character stands alone in a `bdi` that shows its name.

    Isolated like that it no longer turns the text around it, and the page's text still holds it,
    so that offsets and what is copied stay true.
    """
    return format_html_join("", "{}", ((_shown(piece, label),) for piece, label in reveal(str(text))))


def _shown(piece: str, label: str) -> SafeString:
    if not label:
        return escape(piece)
    return format_html(
        '<bdi class="cc-hidden" data-name="{}" title="{}">{}</bdi>', label, full_name(piece), piece
    )


@register.filter
def percent(share: float) -> str:
    """0.834 as "83%"."""
    return f"{share:.0%}"


@register.filter
def is_verbatim(claim: Claim) -> bool:
    """Whether the statement says it in the very words of the text, capital and full stop aside."""
    return claim.statement.rstrip(".").casefold() == claim.content.rstrip(".").casefold()
