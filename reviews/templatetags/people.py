"""People and the engine, as sentences name them."""

from django import template

from reviews.people import name_of

register = template.Library()


@register.filter
def who(account: object) -> str:
    """As in: opened by {{ question.opened_by|who }}."""
    return name_of(str(account))
