"""The roles as groups, and what each may do. Made after every migrate, so that they never drift."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import post_migrate
from django.dispatch import receiver

VIEWER, REVIEWER, LEAD = "viewer", "reviewer", "lead"
INGEST_MANAGER, ADMIN = "ingest manager", "admin"

_READ = frozenset(
    f"{app}.view_{model}"
    for app, models in {
        "claims": ("article", "claim", "job", "outlet", "revision", "speaker"),
        "reviews": (
            *("auditevent", "comment", "matchingdue", "notification", "placement", "position", "project"),
            *("question", "rematch", "sourcingmark", "speakerreliability", "verdict"),
        ),
    }.items()
    for model in models
)
_REVIEW = _READ | {
    "claims.submit_article",
    "reviews.open_question",
    "reviews.place_claim",
    "reviews.mark_sourcing",
    "reviews.assess_question",
    "reviews.add_comment",
}
_INGEST = _READ | {
    "claims.submit_article",
    "claims.retry_job",
    "claims.reextract_article",
    "claims.change_outlet",
}
_ACCOUNTS = frozenset(
    (
        *("auth.add_user", "auth.change_user", "auth.view_user", "auth.view_group"),
        *("axes.view_accessattempt", "axes.view_accesslog", "axes.view_accessfailurelog"),
    )
)

PERMISSIONS: dict[str, frozenset[str]] = {
    VIEWER: _READ,
    REVIEWER: _REVIEW,
    LEAD: _REVIEW
    | {
        "claims.retry_job",
        "claims.reextract_article",
        "reviews.adjudicate_question",
        "reviews.assign_question",
        "reviews.reopen_question",
    },
    INGEST_MANAGER: _INGEST,
    ADMIN: _READ | _ACCOUNTS,
}


LAST_MIGRATED_APP = "claims"


@receiver(post_migrate, dispatch_uid="config.roles")
def make_roles(sender: AppConfig, using: str, **_: Any) -> None:
    """Bring the groups' permissions in line with the table, once every app has made its own."""
    if sender.name != LAST_MIGRATED_APP:
        return
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for role, names in PERMISSIONS.items():
        group, _created = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([known[name] for name in names])
