"""Generated stories as rows, by COPY: what so many claims have in the database once they are matched."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, time

from django.contrib.auth.models import User
from django.db import connection

from claims.extraction import ENGINE_NAME, ENGINE_VERSION
from claims.models import Outlet, Snapshot, Speaker, folded
from reviews.matching import MATCHER_VERSION, MatchClaim, keys_of
from tests.benchmarks.generated_stories import OUTLETS, Story, article
from tests.factories import SnapshotFactory, UserFactory

# Triggers and foreign keys are not asked while copying, and what only searching needs is left out.
_BEFORE = (
    "SET session_replication_role = replica",
    "DROP INDEX IF EXISTS claim_search, article_search, matched_claim_keys",
)
_AFTER = (
    "SET session_replication_role = origin",
    "SET maintenance_work_mem = '256MB'",
    "CREATE INDEX matched_claim_keys ON reviews_matchedclaim USING gin (keys) WITH (fastupdate = off)",
)
_COPIED = {
    "claims_article": (
        "id",
        "outlet_id",
        "canonical_url",
        "title",
        "published_at",
        "current_revision_id",
        "created_at",
    ),
    "claims_revision": (
        *("id", "article_id", "number", "snapshot_id", "text", "text_sha256", "title", "byline", "credit"),
        *("language", "published_at", "published_text", "published_zone_assumed", "seen_at"),
    ),
    "claims_enginerun": (
        *("id", "revision_id", "engine", "engine_version", "settings_sha256", "is_current", "note"),
        *("prompt_version", "model", "ran_at"),
    ),
    "claims_claim": (
        *("id", "revision_id", "engine_run_id", "spans", "content", "sentence_start", "sentence_end"),
        *("statement", "speaker_id", "speaker_spans", "chain", "cue", "kind", "frame", "check_worthiness"),
        *("unresolved", "created_at"),
    ),
    "reviews_matchedclaim": ("claim_id", "keys", "story", "credits", "matcher_version"),
}
_EARLIER = "- %(n)s * interval '1 year'"
# What differs in a repetition; all other columns are the same.
_REPEATED = {
    ("claims_article", "id"): "id + %(a)s",
    ("claims_article", "canonical_url"): "canonical_url || '/' || %(n)s",
    ("claims_article", "published_at"): f"published_at {_EARLIER}",
    ("claims_article", "current_revision_id"): "current_revision_id + %(a)s",
    ("claims_revision", "id"): "id + %(a)s",
    ("claims_revision", "article_id"): "article_id + %(a)s",
    ("claims_revision", "published_at"): f"published_at {_EARLIER}",
    ("claims_enginerun", "id"): "id + %(a)s",
    ("claims_enginerun", "revision_id"): "revision_id + %(a)s",
    ("claims_claim", "id"): "id + %(c)s",
    ("claims_claim", "revision_id"): "revision_id + %(a)s",
    ("claims_claim", "engine_run_id"): "engine_run_id + %(a)s",
    ("reviews_matchedclaim", "claim_id"): "claim_id + %(c)s",
    ("reviews_matchedclaim", "keys"): "ARRAY(SELECT key # (%(n)s::bigint << 40) FROM unnest(keys) key)",
    ("reviews_matchedclaim", "story"): "story + %(c)s",
}
_AT_ONCE = 400  # articles

Rows = dict[str, list[tuple[object, ...]]]


class Base:
    """Fills the database; `claims` counts what it stored, `first_article` one of each story by number."""

    def __init__(self) -> None:
        self.claims = self.last_article = self.last_claim = 0
        with connection.cursor() as cursor:  # for as long as it is connected
            cursor.execute("SELECT set_config('crossclaim.actor_id', '1', false)")
        self.first_article: dict[int, int] = {}
        self.outlets = {name: Outlet.objects.create(name=name, key=folded(name)).pk for name in OUTLETS}
        self.snapshot: Snapshot = SnapshotFactory()
        self.by: User = UserFactory()
        self.speakers: dict[str, int] = {}

    def add(self, stories: Iterator[Story]) -> list[Story]:
        """Store these stories as matched; return them."""
        added, rows = [], _empty()
        self._begin()
        for story in stories:
            added.append(story)
            label = self.last_claim + 1
            self.first_article[story.number] = self.last_article + 1
            for number in range(story.articles):
                self._article(story, number, label, rows)
            if len(rows["claims_article"]) >= _AT_ONCE:
                _copy(rows)
                rows = _empty()
        _copy(rows)
        _finish()
        return added

    def multiply(self, times: int) -> None:
        """Repeat all that is stored, so that there is so many times as much, in earlier years.

        What the keys stand for is another in each repetition, as it is in another year.
        """
        self._begin()
        articles, claims = self.last_article, self.last_claim
        with connection.cursor() as cursor:
            for number in range(1, times):
                more = {"a": articles * number, "c": claims * number, "n": number}
                for table, columns in _COPIED.items():
                    chosen = ", ".join(_REPEATED.get((table, name), name) for name in columns)
                    bound = "claim_id <= %(last)s" if table == "reviews_matchedclaim" else "id <= %(last)s"
                    last = claims if table in ("claims_claim", "reviews_matchedclaim") else articles
                    into = f"INSERT INTO {table} ({', '.join(columns)})"
                    repeat = f"{into} SELECT {chosen} FROM {table} WHERE {bound}"
                    cursor.execute(repeat, more | {"last": last})
            cursor.execute("SELECT count(*) FROM claims_claim")
            (self.claims,) = cursor.fetchone()
        _finish()

    def _begin(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT greatest((SELECT max(id) FROM claims_article), (SELECT max(id) FROM claims_revision),"
                " (SELECT max(id) FROM claims_enginerun), 0), (SELECT coalesce(max(id), 0) FROM claims_claim)"
            )
            self.last_article, self.last_claim = cursor.fetchone()
            for statement in _BEFORE:
                cursor.execute(statement)

    def _article(self, story: Story, number: int, label: int, rows: Rows) -> None:
        self.last_article += 1
        pk = self.last_article
        outlet = OUTLETS[(story.number * 7 + number) % len(OUTLETS)]
        moment = datetime.combine(story.day, time(number % 24), UTC)
        _, claims = article(story, seed=story.number * 1000 + number)
        url = f"https://bench.example/{pk}"
        sha256 = hashlib.sha256(url.encode()).hexdigest()
        rows["claims_article"].append((pk, self.outlets[outlet], url, f"Report {pk}", moment, pk, moment))
        rows["claims_revision"].append(
            (pk, pk, 1, self.snapshot.pk, "-", sha256, "-", "", "", "en", moment, "", False, moment)
        )
        rows["claims_enginerun"].append(
            (pk, pk, ENGINE_NAME, ENGINE_VERSION, "0" * 64, True, "", "", "", moment)
        )
        for claim in claims:
            self.claims += 1
            self.last_claim += 1
            found = claim.as_json()
            value = MatchClaim(str(self.last_claim), url, outlet, story.day, claim)
            speaker = self._speaker(claim.speaker.name) if claim.speaker else None
            rows["claims_claim"].append(
                (
                    *(self.last_claim, pk, pk, json.dumps(found["spans"]), claim.statement),
                    *(claim.sentence.start, claim.sentence.end, claim.statement, speaker, "[]"),
                    *(json.dumps(found["chain"]), None, claim.kind, json.dumps(found["frame"])),
                    *(claim.check_worthiness, [], moment),
                )
            )
            keys = sorted(keys_of(value))
            rows["reviews_matchedclaim"].append((self.last_claim, keys, label, [], MATCHER_VERSION))

    def _speaker(self, name: str) -> int:
        if name not in self.speakers:
            self.speakers[name] = Speaker.objects.get_or_create(key=folded(name), defaults={"name": name})[
                0
            ].pk
        return self.speakers[name]


def _empty() -> Rows:
    return {table: [] for table in _COPIED}


def _copy(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, columns in _COPIED.items():
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows[table]:
                    copy.write_row(row)


def _finish() -> None:
    with connection.cursor() as cursor:
        for statement in _AFTER:
            cursor.execute(statement)
        for table in _COPIED:
            cursor.execute(f"ANALYZE {table}")  # the names are ours
            if table != "reviews_matchedclaim":
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
