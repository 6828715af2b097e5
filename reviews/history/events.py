"""Which events of the audit trail somebody reads: narrowed down, of one object, and none they may not see.

What is blind is not in the trail at all: submitting an assessment writes no event before its round is over,
and comments and drafts are not audited. So the numbers that are missing in what somebody sees tell them of
assignments of others and of accounts, never of whether anybody has assessed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import JSONField, Model, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from claims.models import Article, Claim, EngineRun, Revision, Speaker
from reviews import policies
from reviews.history.tables import ACCOUNT_TABLES
from reviews.models import (
    AssessedPosition,
    Assignment,
    AuditEvent,
    Change,
    Compatibility,
    Evidence,
    PositionVerdict,
    Question,
)

ASSIGNMENTS = Assignment._meta.db_table
COMPATIBILITIES = Compatibility._meta.db_table
# What a row may say of what it belongs to: an index on each finds the events, also of rows that are gone.
OWNERS = ("question_id", "claim_id", "user_id", "speaker_id", "article_id", "revision_id")

BY_NUMBER = ("-id",)
BY_TIME = ("-at", "-id")


@dataclass(frozen=True)
class Narrowing:
    """What of the trail is wanted, everything without any. `since` is in the period, `until` is not."""

    actor: str = ""
    action: str = ""
    table: str = ""
    row: int | None = None
    question: int | None = None
    request: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """Newest first; over a period by time, whose index then gives the order too."""
        return BY_TIME if self.since or self.until else BY_NUMBER


def visible_events(user: User) -> QuerySet[AuditEvent]:
    """The events this person may see.

    Those of others' accounts are for who may view people, those of others' assignments for who assigns.
    """
    events = AuditEvent.objects.all()
    if not user.has_perm("reviews.view_auditevent"):
        return events.none()
    if not user.has_perm("auth.view_user"):
        of_own_account = of_row(User, user.pk) | belongs_to("user_id", user.pk)
        events = events.filter(~Q(table_name__in=ACCOUNT_TABLES) | of_own_account)
    if not policies.allows(policies.check_may_assign, user):
        events = events.filter(~Q(table_name=ASSIGNMENTS) | belongs_to("reviewer_id", user.pk))
    return events


def narrowed(events: QuerySet[AuditEvent], to: Narrowing) -> QuerySet[AuditEvent]:
    """Those of the events that are wanted, in no order yet."""
    wanted = Q()
    if to.actor:
        # By the account's number, which an index knows, for names may change; of nobody else there is none.
        found = User.objects.filter(username=to.actor).values_list("pk", flat=True).first()
        wanted &= Q(actor_id=found) if found else Q(actor=to.actor, actor_id=0)
    if to.action:
        wanted &= Q(action=to.action)
    if to.table:
        wanted &= Q(table_name=to.table)
    if to.row is not None:
        wanted &= Q(row_id=to.row)
    if to.request:
        wanted &= Q(request_id=to.request) & ~Q(request_id="")
    if to.since:
        wanted &= Q(at__gte=to.since)
    if to.until:
        wanted &= Q(at__lt=to.until)
    if to.question is not None:
        wanted &= of_question(to.question)
    return events.filter(wanted)


def of_object(row: Model) -> Q:
    """The events of a row and of what belongs to it."""
    pk = row.pk
    if not isinstance(pk, int):
        return _of_owner(row)
    match row:
        case Question():
            return of_question(pk)
        case Claim():
            return of_row(Claim, pk) | belongs_to("claim_id", pk) | _found_with(row)
        case Speaker():
            return of_row(Speaker, pk) | belongs_to("speaker_id", pk)
        case User():
            return of_row(User, pk) | belongs_to("user_id", pk)
        case Article():
            return of_row(Article, pk) | belongs_to("article_id", pk) | _of_revisions(row)
        case _:
            return of_row(type(row), pk)


def _of_owner(row: Model) -> Q:
    """Of a row the trail knows by no number, such as a token: what happened to all such of its owner."""
    owner = getattr(row, "user_id", None)
    if owner is None:
        return Q(pk__in=())
    return belongs_to("user_id", owner) & Q(table_name=row._meta.db_table)


def _found_with(claim: Claim) -> Q:
    """The event that tells of all the claims which were stored together with this one."""
    return belongs_to("revision_id", claim.revision_id) & Q(table_name=Claim._meta.db_table)


def _of_revisions(article: Article) -> Q:
    revisions = _ids(Revision, article=article.pk)
    wanted = of_row(Revision, *revisions) | of_row(EngineRun, *_ids(EngineRun, revision__article=article.pk))
    for revision in revisions:
        wanted |= belongs_to("revision_id", revision)
    return wanted


def of_question(pk: int) -> Q:
    """What happened to a question, to what names it, and to what names that in turn."""
    changes = Change.objects.filter(question=pk).values_list("pk", flat=True)
    now_compatible = Compatibility.objects.filter(Q(first__question=pk) | Q(second__question=pk))
    once_compatible = AuditEvent.objects.filter(table_name=COMPATIBILITIES, change_id__in=list(changes))
    compatible = {
        *now_compatible.values_list("pk", flat=True),
        *once_compatible.values_list("row_id", flat=True),
    }
    rests_on = Q(verdict__question=pk) | Q(assessment__question=pk)
    return (
        of_row(Question, pk)
        | belongs_to("question_id", pk)
        | of_row(Compatibility, *compatible)
        | of_row(PositionVerdict, *_ids(PositionVerdict, verdict__question=pk))
        | of_row(AssessedPosition, *_ids(AssessedPosition, assessment__question=pk))
        | of_row(Evidence, *Evidence.objects.filter(rests_on).values_list("pk", flat=True))
    )


def of_row(model: type[Model], *pks: int) -> Q:
    return Q(table_name=model._meta.db_table, row_id__in=sorted(pks)) if pks else Q(pk__in=())


def belongs_to(owner: str, pk: int) -> Q:
    """Events of rows that name this one, `owner` being the column, as their last image has it."""
    image = Coalesce("new", "old", output_field=JSONField())
    return Q(Exact(KeyTextTransform(owner, image), str(pk)))


def _ids(model: type[Model], **of: int) -> list[int]:
    return list(model._default_manager.filter(**of).values_list("pk", flat=True))
