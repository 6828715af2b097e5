"""The claim cards of the compare screen.

In Python: a question may have 300 of them, for which a template of its own takes ten times as long.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from claims.templatetags.claim_text import percent, visible
from reviews.compare import Card, Column
from reviews.models import SourcingMark

register = template.Library()
NOTHING = SafeString("")

SLOT = """<li class="cc-slot{ties}" data-key="{anchor}">
<article class="cc-card cc-claim-card is-{state}" id="{anchor}" tabindex="-1" \
aria-labelledby="{anchor}-title" data-claim="{claim}" data-outlet="{outlet}" data-speaker="{speaker}" \
data-mark="{code}" data-state="{state}"{movable}>
<h3 id="{anchor}-title" class="cc-speaker">{grip}<span class="cc-name" dir="auto">{shown_speaker}</span> \
<span class="cc-badges">{badges}</span></h3>
{engine}<blockquote class="cc-said" dir="auto">{sentence}</blockquote>
{statement}<p class="cc-meta"><a href="{article}" title="{title}">{shown_outlet}</a> · {published} · {kind}\
{relays} · <span title="How much it is worth checking: a priority only">worth checking {worth}</span></p>
{origin}{why}{unresolved}{mark}<div class="cc-row cc-actions">{actions}</div>
</article></li>
"""
OWN = {
    "": SafeString("<mark>"),
    "word": SafeString('<mark class="cc-differs is-word">'),
    "number": SafeString('<mark class="cc-differs is-number">'),
    "date": SafeString('<mark class="cc-differs is-date">'),
    "place": SafeString('<mark class="cc-differs is-place">'),
}
OWN_END = SafeString("</mark>")
GRIP = SafeString(
    '<span class="cc-grip" draggable="true" aria-hidden="true" title="Drag to another position"></span>'
)
CONFIRMED = SafeString('<span class="cc-badge cc-state is-ok">✓ confirmed</span>')
SUGGESTED = SafeString('<span class="cc-badge cc-state is-suggested">suggested</span>')
WITHHELD = SafeString('<span class="cc-badge" title="It stays out of exports">withheld</span>')
LINK = ' · <a href="{}" rel="noopener noreferrer nofollow" title="{}">evidence {}</a>'
META = '<p class="cc-meta">{}</p>\n'
WARNING = '<p class="cc-meta"><span class="cc-badge is-warn">{}</span> {}</p>\n'
# What a person may do with a card; the most used in front. Every one has a key, and a title that tells it.
CONFIRM = """<button type="submit" form="step" formaction="{base}confirm-placement/{placement}/" \
class="cc-do is-main" data-key="c" title="Confirm (c)">Confirm</button>\
<button type="submit" form="step" formaction="{base}reject-placement/{placement}/" \
class="cc-do" data-key="x" title="Reject (x)">Reject</button>"""
TAKE_OUT = """<a href="?do=reject_placement&amp;on={placement}#doing" \
class="cc-do" data-dialog data-key="x" title="Take out (x)">Take out …</a>"""
MARK = """<a href="?do=mark_sourcing&amp;on={claim}#doing" \
class="cc-do" data-dialog data-key="m" title="Mark the sourcing (m)">Mark …</a>"""
READ = """<a href="{article}" class="cc-do cc-read" data-read title="Read it in the article (r)">Read</a>"""
CITE = """<button type="{kind}" form="assess" formaction="{base}draft/" name="cite" value="{claim}" \
class="cc-do" data-cite data-key="e" title="Cite as evidence (e)">Cite</button>"""
MORE = """<details class="cc-menu"><summary>More</summary><div class="cc-row cc-menu-items">\
<a href="?do=move_claim&amp;on={claim}#doing" data-dialog data-key="p">Place under …</a>\
<button type="submit" form="step" formaction="{base}reject-claim/{claim}/" data-key="n" \
title="Not about this question (n)">Not about this question</button>%s</div></details>"""
ORIGIN = """<a href="?do=set_origin&amp;on={claim}#doing" data-dialog data-key="o" \
title="Set the origin (o)">Origin …</a>"""


@dataclass(frozen=True)
class Page:
    """What all cards of a page share: where addresses begin, and what the person may do."""

    base: str
    articles: str
    may_place: bool
    may_mark: bool
    may_trace: bool
    cites: str = ""  # how a claim is cited as evidence: by a "submit" of the draft, or by a script's "button"


@register.simple_tag(takes_context=True)
def cards_of(context: Context, column: Column) -> SafeString:
    """The cards of a column, one list item each."""
    may = context["may"]
    page = Page(
        base=context["base"],
        articles=context["articles"],
        may_place=context["may_place"],
        may_mark=may["mark"],
        may_trace=may["trace"],
        cites={"write": "submit", "adjudicate": "button"}.get(context["panel"].kind, ""),
    )
    return joined(card_html(card, page) for card in column.cards)


def card_html(card: Card, page: Page) -> SafeString:
    """One claim in a column."""
    speaker = card.asserted_by
    return filled(
        SLOT,
        ties=f" is-tied is-{card.ties}" if card.ties else "",
        anchor=card.anchor,
        claim=card.claim_id,
        state=card.state,
        outlet=card.outlet_name,
        speaker=speaker,
        code=card.mark.code if card.mark else "",
        movable=SafeString(" data-movable") if page.may_place else "",
        grip=GRIP if page.may_place else "",
        shown_speaker=shown(speaker),
        badges=_badges(card),
        engine=_earlier(card),
        sentence=_sentence(card),
        statement=_statement(card),
        article=_article(card, page),
        title=card.title,
        shown_outlet=shown(card.outlet_name),
        published=_published(card),
        kind=_kind(card),
        relays=filled(" · via {}", shown(card.relays)) if card.relays else "",
        worth=percent(card.check_worthiness),
        origin=_origin(card),
        why=_why(card),
        unresolved=_unresolved(card),
        mark=_mark(card),
        actions=_actions(card, page),
    )


def filled(pattern: str, *values: object, **named: object) -> SafeString:
    """As `format_html`, quicker: no text of a card is translated late."""
    return SafeString(
        pattern.format(*map(_safe, values), **{name: _safe(each) for name, each in named.items()})
    )


def _safe(value: object) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


def shown(text: str) -> SafeString:
    """As `visible`, quicker for text that can hide nothing."""
    return SafeString(escape(text)) if text.isascii() and text.isprintable() else visible(text)


def joined(parts: Iterable[SafeString]) -> SafeString:
    """What is safe, one after the other; quicker than to ask of each part whether it is."""
    return SafeString("".join(parts))


def _sentence(card: Card) -> SafeString:
    return joined(
        OWN[piece.kind] + shown(piece.text) + OWN_END if piece.is_own else shown(piece.text)
        for piece in card.pieces
    )


def _statement(card: Card) -> SafeString:
    words = card.rewording
    if not words:
        return NOTHING
    said = '<p class="cc-statement" dir="auto"><span class="cc-sr-only">Statement: </span>{}</p>\n'
    return filled(said, shown(words))


def _badges(card: Card) -> SafeString:
    state = SUGGESTED if card.is_suggested else CONFIRMED
    if card.mark is None:
        return state
    mark = card.mark
    if mark.is_withheld:
        state += WITHHELD
    grades = f"Reliability {mark.get_reliability_display()}; credibility {mark.get_credibility_display()}"
    code = filled('{}<span class="cc-badge is-info" title="{}">{}</span>', state, grades, card.mark.code)
    if card.mark.status == SourcingMark.Status.STANDING:
        return code
    return filled('{}<span class="cc-badge is-warn">{}</span>', code, card.mark.get_status_display())


def _earlier(card: Card) -> SafeString:
    """Whether it is out of an earlier text, or was read by an earlier engine."""
    if card.is_said_again:
        what = "A later text of the article says the same; it is counted once."
        return filled(WARNING, f"earlier text, revision {card.revision_number}", what)
    if card.is_current:
        return NOTHING
    what = (
        "A newer engine reads it differently; its words wait here to be confirmed."
        if card.is_superseded
        else "The newer engine does not find it."
    )
    return filled(WARNING, f"earlier engine, {card.engine} {card.engine_version}", what)


def _article(card: Card, page: Page) -> str:
    revision = f"?revision={card.revision_number}#claim-{card.claim_id}"
    return f"{page.articles}{card.article_id}/change/{revision}"


def _published(card: Card) -> SafeString:
    if card.published_at is None:
        return SafeString("undated")
    at = card.published_at
    return filled('<time datetime="{}">{}</time>', at.isoformat(), f"{at:%-d %b %Y, %H:%M}")


def _kind(card: Card) -> SafeString:
    if not card.cue:
        return SafeString(card.kind_name)
    return filled("{}, “{}”", card.kind_name, shown(card.cue["text"]))


def _origin(card: Card) -> SafeString:
    """Which first report it goes back to, and how many others of the question go back there too."""
    fork = SafeString('<span class="cc-fork" aria-hidden="true"></span>')
    others = f"{card.others} other{'' if card.others == 1 else 's'}"
    if card.origin_id is None:
        if not card.others:
            return NOTHING
        return filled('<p class="cc-meta cc-origin">{}Same article as {}</p>\n', fork, others)
    is_set = card.origin_set_by is not None
    circular = SafeString(
        ' <span class="cc-badge is-warn" title="Its reports cite each other in a circle">circular</span>'
    )
    return filled(
        '<p class="cc-meta cc-origin">{}Goes back to <strong title="{}">{}</strong>, {}{}{}</p>\n',
        fork,
        (card.origin_reason if is_set else card.origin_why) or "",
        shown(card.origin_name or ""),
        "set by a reviewer" if is_set else card.certainty_name,
        circular if card.is_circular else "",
        f": same origin as {others}" if card.others else "",
    )


def _why(card: Card) -> SafeString:
    """Why a machine suggests it here, in words."""
    if not card.is_suggested:
        return NOTHING
    why = '<p class="cc-meta cc-why">{}{}</p>\n'
    if card.carried_from is None:
        return filled(why, "Why: ", shown(card.reason or "no reason was given"))
    read = f"{card.carried_by} placed here what an earlier engine read as "
    return filled(why, read, shown(f"“{card.carried_statement}”"))


def _unresolved(card: Card) -> SafeString:
    if not card.unresolved:
        return NOTHING
    return filled(WARNING, f"unresolved: {', '.join(card.unresolved)}", "")


def _mark(card: Card) -> SafeString:
    if card.mark is not None:
        said = [card.mark_words, f"marked by {card.mark.marked_by}, {card.mark.marked_at:%-d %b %Y}"]
        carried = " on the claim of an earlier engine, which says the same"
        words = " — ".join(filter(None, said)) + (carried if card.mark.carried_from_id else "")
        note = filled(": “{}”", shown(card.mark.note)) if card.mark.note else ""
        return filled(META, filled("{}{}{}", words, note, _grounds(card.mark)))
    if card.earlier_mark is not None:
        mark = card.earlier_mark
        words = f"In other words, “{mark.claim.statement}”, it was marked {mark.code} by {mark.marked_by}, "
        when = f"{mark.marked_at:%-d %b %Y}. These words are not marked yet."
        return filled(META, shown(words + when))
    return NOTHING


def _grounds(mark: SourcingMark) -> SafeString:
    """Why the speaker is rated otherwise than usual, and what the mark rests on."""
    parts = []
    if mark.reliability_reason:
        parts.append(filled(" · {} because “{}”", mark.reliability, shown(mark.reliability_reason)))
    for number, link in enumerate(mark.evidence_links, start=1):
        parts.append(filled(LINK, link, link, number))
    return joined(parts)


def _actions(card: Card, page: Page) -> SafeString:
    parts = [CONFIRM if card.is_suggested else TAKE_OUT] if page.may_place else []
    if page.may_mark and not card.is_superseded:
        parts.append(MARK)
    if page.cites:
        parts.append(CITE)
    parts.append(READ)
    if page.may_place:
        parts.append(MORE % (ORIGIN if page.may_trace else ""))
    return filled(
        "".join(parts),
        base=page.base,
        kind=page.cites,
        placement=card.placement_id,
        claim=card.claim_id,
        article=_article(card, page),
    )
