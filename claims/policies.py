"""Who may do what with articles and jobs. A check raises NotAllowed; asked under the row lock."""

from collections.abc import Callable

from django.contrib.auth.models import User

from claims.errors import NotAllowed


def check_may_submit_article(by: User) -> None:
    if not by.has_perm("claims.submit_article"):
        raise NotAllowed("You may not submit articles. Ask an admin for the ingest manager or reviewer role.")


def check_may_retry_job(by: User) -> None:
    if not by.has_perm("claims.retry_job"):
        raise NotAllowed("You may not retry jobs. Ask an admin for the ingest manager role.")


def check_may_reextract_article(by: User) -> None:
    if not by.has_perm("claims.reextract_article"):
        raise NotAllowed(
            "You may not have articles read again. Ask an admin for the lead or ingest manager role."
        )


def check_may_rename_outlet(by: User) -> None:
    if not by.has_perm("claims.change_outlet"):
        raise NotAllowed("You may not rename outlets. Ask an admin for the ingest manager role.")


def allows(check: Callable[[User], None], by: User) -> bool:
    """Whether a check lets this person pass, for showing or hiding a button."""
    try:
        check(by)
    except NotAllowed:
        return False
    return True
