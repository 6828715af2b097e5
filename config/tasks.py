"""Celery's door to what is done about accounts."""

from celery import shared_task

from config import accounts


@shared_task
def end_access_of_the_deactivated() -> None:
    """Take away the tokens of all who were deactivated by another way than the page."""
    accounts.end_access_of_the_deactivated()
