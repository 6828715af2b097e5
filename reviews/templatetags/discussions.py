"""The discussion and the inbox as templates ask for them."""

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser, User
from django.template.context import RequestContext
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.templatetags.claim_text import visible
from reviews import notices
from reviews.discussion.comment_text import Piece, pieces
from reviews.discussion.threads import thread
from reviews.models import Comment, Question

register = template.Library()

_LINK = '<a href="{}" rel="noopener noreferrer nofollow ugc" referrerpolicy="no-referrer">{}</a>'


@register.inclusion_tag("reviews/discussion/panel.html", takes_context=True)
def discussion_panel(context: RequestContext, question: Question) -> dict[str, Any]:
    """The discussion of a question, as a part of any page that shows it; nothing for who may not read it."""
    user: User = context["request"].user
    shown = thread(question, user) if user.has_perm("reviews.view_comment") else None
    return {"thread": shown, "request": context["request"], "csrf_token": context.get("csrf_token")}


@register.simple_tag
def unread_notices(user: User | AnonymousUser) -> str:
    """How many notices wait for this person: "" for none, "20+" for many."""
    return notices.unread_count(user) if isinstance(user, User) else ""


@register.filter
def said(comment: Comment) -> SafeString:
    """What a comment says: escaped, with links, mentions that stand out, and hidden characters shown.

    Its mentions are prefetched.
    """
    mentioned = {mention.person.get_username() for mention in comment.mentions.all()}
    return format_html_join("", "{}", ((_shown(piece),) for piece in pieces(comment.text, mentioned)))


def _shown(piece: Piece) -> SafeString:
    if piece.address:
        return format_html(_LINK, piece.address, piece.text)
    if piece.is_mention:
        return format_html('<span class="cc-mention">{}</span>', visible(piece.text))
    return visible(piece.text)
