"""Tables of claims and of accounts whose changes are written down too, by triggers that only reviews knows.

Proxies, for triggers alone: they add no table and no permission.
"""

import pgtrigger
from django.contrib.auth.models import Group, User
from knox.models import AuthToken

from claims import models as claims
from reviews.audit.triggers import NEVER_TRUNCATED, Insertions, RowChanges

_CHANGED = pgtrigger.Update | pgtrigger.Delete
# Of rows that never change too: should that trigger be gone one day, this one is still there.
_CHANGES = RowChanges(name="changes_are_audited", operation=_CHANGED)


class _Proxy:
    proxy = True
    default_permissions = ()
    triggers: tuple[pgtrigger.Trigger, ...]


class ProtectedSnapshot(claims.Snapshot):
    class Meta(_Proxy):
        # What the bytes are is verified against `sha256`, which is of what they unpack to.
        triggers = (
            Insertions(name="insertions_are_audited", without=("content",)),
            RowChanges(name="changes_are_audited", operation=_CHANGED, without=("content",)),
            NEVER_TRUNCATED,
        )


class ProtectedRevision(claims.Revision):
    class Meta(_Proxy):
        triggers = (
            Insertions(
                name="insertions_are_audited",
                about="article_id",
            ),
            _CHANGES,
            NEVER_TRUNCATED,
        )


class ProtectedClaim(claims.Claim):
    class Meta(_Proxy):
        triggers = (
            Insertions(name="insertions_are_audited", about="revision_id", without=("search",)),
            RowChanges(name="changes_are_audited", operation=_CHANGED, without=("search",)),
            NEVER_TRUNCATED,
        )


class ProtectedSuccession(claims.ClaimSuccession):
    class Meta(_Proxy):
        triggers = (
            Insertions(name="insertions_are_audited", about="switch_id"),
            _CHANGES,
            NEVER_TRUNCATED,
        )


class ProtectedSwitch(claims.EngineSwitch):
    class Meta(_Proxy):
        triggers = (Insertions(name="insertions_are_audited"), _CHANGES, NEVER_TRUNCATED)


class ProtectedRun(claims.EngineRun):
    class Meta(_Proxy):
        triggers = (
            Insertions(name="insertions_are_audited", about="revision_id"),
            _CHANGES,
            NEVER_TRUNCATED,
        )


class ProtectedArticle(claims.Article):
    class Meta(_Proxy):
        triggers = (
            Insertions(name="insertions_are_audited", without=("search",)),
            RowChanges(name="changes_are_audited", operation=_CHANGED, without=("search",)),
            NEVER_TRUNCATED,
        )


class ProtectedOutlet(claims.Outlet):
    class Meta(_Proxy):
        triggers = (
            Insertions(name="insertions_are_audited"),
            _CHANGES,
            NEVER_TRUNCATED,
        )


class ProtectedSpeaker(claims.Speaker):
    class Meta(_Proxy):
        triggers = (
            Insertions(name="insertions_are_audited"),
            _CHANGES,
            NEVER_TRUNCATED,
        )


class ProtectedHeldClaim(claims.HeldClaim):
    class Meta(_Proxy):
        triggers = (
            Insertions(name="insertions_are_audited", key="claim_id"),
            RowChanges(name="changes_are_audited", operation=_CHANGED, key="claim_id"),
            NEVER_TRUNCATED,
        )


# How far a worker has come is not written down: that changes often, and says nothing once it is over.
_PROGRESS = ("stage", "due_at", "attempts", "token", "lease_until", "worker", "started_at")


class ProtectedJob(claims.Job):
    class Meta(_Proxy):
        triggers = (
            Insertions(
                name="insertions_are_audited",
                without=_PROGRESS,
                settled="t.finished_at IS NOT NULL",
            ),
            RowChanges(
                name="outcomes_are_audited",
                operation=pgtrigger.UpdateOf("finished_at") | pgtrigger.Delete,
                without=_PROGRESS,
                settled="t.finished_at IS NOT NULL",
            ),
            NEVER_TRUNCATED,
        )


# Django and its commands write accounts too, and know nothing of actors.


class ProtectedUser(User):
    class Meta(_Proxy):
        triggers = (
            RowChanges(
                name="changes_are_audited",
                without=("last_login",),
                hashed=("password",),
                needs_actor=False,
            ),
            NEVER_TRUNCATED,
        )


class ProtectedMembership(User.groups.through):  # type: ignore[name-defined]
    class Meta(_Proxy):
        triggers = (RowChanges(name="changes_are_audited", needs_actor=False), NEVER_TRUNCATED)


class ProtectedUserPermission(User.user_permissions.through):  # type: ignore[name-defined]
    class Meta(_Proxy):
        triggers = (RowChanges(name="changes_are_audited", needs_actor=False), NEVER_TRUNCATED)


class ProtectedGroup(Group):
    class Meta(_Proxy):
        triggers = (RowChanges(name="changes_are_audited", needs_actor=False), NEVER_TRUNCATED)


class ProtectedGroupPermission(Group.permissions.through):  # type: ignore[name-defined]
    class Meta(_Proxy):
        triggers = (RowChanges(name="changes_are_audited", needs_actor=False), NEVER_TRUNCATED)


class ProtectedToken(AuthToken):
    class Meta(_Proxy):
        triggers = (
            RowChanges(name="changes_are_audited", hashed=("digest",), key="digest", needs_actor=False),
            NEVER_TRUNCATED,
        )


class ProtectedTokenScopes(claims.TokenScopes):
    class Meta(_Proxy):
        triggers = (
            RowChanges(name="changes_are_audited", hashed=("token_id",), needs_actor=False),
            NEVER_TRUNCATED,
        )
