"""What a change of engine changed in an article, for showing."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from claims.models import Article, Claim, ClaimSuccession, EngineRun, EngineSwitch, Revision
from claims.presentation import Pieces, differing_words

Kind = ClaimSuccession.Kind
LOOKS = {Kind.KEPT: "", Kind.REWORDED: "is-info", Kind.DROPPED: "is-bad", Kind.ADDED: "is-ok"}


@dataclass(frozen=True)
class Change:
    """A switch of a revision from one engine run to another, and how many claims met each fate."""

    switch: EngineSwitch
    counts: dict[str, int]  # of every kind, in the order of ClaimSuccession.Kind

    @property
    def name(self) -> str:
        """ "Engine default 0.4.1 → 0.5.0"; both names in full where they differ in more than the version."""
        old, new = self.switch.old_run, self.switch.new_run
        return f"Engine {old.name} → {new.engine_version if old.engine == new.engine else new.name}"

    @property
    def sentence(self) -> str:
        """ "Engine default 0.4.1 → 0.5.0: 12 kept, 3 reworded, 1 dropped, 4 added"."""
        return f"{self.name}: " + ", ".join(f"{count} {kind}" for kind, count in self.counts.items())


class Row:
    """One claim before and after; `old` is None for one that was added, `new` for one that was dropped."""

    def __init__(self, succession: ClaimSuccession) -> None:
        self.kind = Kind(succession.kind)
        self.old, self.new = succession.old_claim, succession.new_claim
        self.switch_id = succession.switch_id

    @cached_property
    def words(self) -> tuple[Pieces, Pieces]:
        """Both statements in pieces, True where they differ; one that stands alone differs nowhere."""
        if self.old is None or self.new is None:
            alone = [[(claim.statement, False)] if claim else [] for claim in (self.old, self.new)]
            return alone[0], alone[1]
        return differing_words(self.old.statement, self.new.statement)

    @property
    def place(self) -> tuple[Any, ...]:
        """Where it stands in the text, for sorting."""
        claim = self.new or self.old
        return (claim.spans, claim.pk) if claim else ()

    @property
    def is_other_speaker(self) -> bool:
        return bool(self.old and self.new and self.old.asserted_by != self.new.asserted_by)

    @property
    def look(self) -> str:
        """The class that gives its badge a colour."""
        return LOOKS[self.kind]


def switches_of(article: Article) -> list[Change]:
    """All changes of engine in an article, the latest first; two queries."""
    return _with_counts(_switches().filter(new_run__revision__article=article))


def with_rows(article: Article) -> list[dict[str, Any]]:
    """All changes of engine in an article, each with the claims that were not kept; three queries."""
    found = switches_of(article)
    rows = rows_of(change.switch for change in found)
    return [
        {
            "switch": change.switch,
            "counts": change.counts,
            "changed": [row for row in rows if row.switch_id == change.switch.pk and row.kind != Kind.KEPT],
        }
        for change in found
    ]


def latest_of(revision: Revision) -> Change | None:
    """How the current run of a revision became so; None where it had no other."""
    found = _with_counts(_switches().filter(new_run__revision=revision)[:1])
    return found[0] if found else None


def runs_of(article: Article) -> QuerySet[EngineRun]:
    """All engine runs over an article with their `claim_count`; the newest text and latest run first."""
    counted = Claim.objects.filter(engine_run=OuterRef("pk")).order_by().values("engine_run")
    return (
        EngineRun.objects.filter(revision__article=article)
        .select_related("revision")
        .defer("revision__text")
        .annotate(claim_count=Coalesce(Subquery(counted.values(n=Count("pk"))), 0))
        .order_by("-revision__number", "-pk")
    )


def rows_of(switches: Iterable[EngineSwitch]) -> list[Row]:
    """What became of each claim in these changes, in the order of the text; one query."""
    steps = ClaimSuccession.objects.filter(switch__in=[switch.pk for switch in switches])
    both = ("old_claim", "new_claim")
    shown = steps.select_related(
        *(f"{claim}__{what}" for claim in both for what in ("speaker", "revision__article__outlet"))
    )
    unread = ("search", "revision__text", "revision__article__search")
    rows = [Row(step) for step in shown.defer(*(f"{claim}__{what}" for claim in both for what in unread))]
    return sorted(rows, key=lambda row: row.place)


def _switches() -> QuerySet[EngineSwitch]:
    return (
        EngineSwitch.objects.select_related("old_run", "new_run__revision", "requested_by")
        .defer("new_run__revision__text")
        .order_by("-pk")
    )


def _with_counts(switches: Iterable[EngineSwitch]) -> list[Change]:
    switches = list(switches)
    counted = ClaimSuccession.objects.filter(switch__in=switches).order_by().values_list("switch", "kind")
    counts = {(switch, kind): count for switch, kind, count in counted.annotate(count=Count("pk"))}
    return [
        Change(switch, {kind.value: counts.get((switch.pk, kind.value), 0) for kind in Kind})
        for switch in switches
    ]
