"""The triggers that write the audit trail and chain it; docs/audit.md describes what they write.

They are classes, so that whoever verifies the trail reads off them which tables are protected and what
the image of a row is.
"""

from typing import Any, Final

import pgtrigger
from django.db import models
from pgtrigger import compiler

from claims.triggers import AlwaysFires, OwnersGuardSql, Refused

CHAIN_LOCK: Final = 4_918_273_645  # of pg_advisory_xact_lock: who holds it appends to the chain
GENESIS: Final = "0" * 64  # what the first link has for the hash of the one before it


class NotIgnorableSql(compiler.UpsertTriggerSql):
    """How triggers were installed by the migrations before 0014, which refer to it; see GuardSql."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


NEVER_TRUNCATED = Refused(
    name="rows_are_not_truncated",
    level=pgtrigger.Statement,
    operation=pgtrigger.Truncate,
)

_WRITE = """
        INSERT INTO reviews_auditevent (at, actor_id, actor, action, reason, request_id, change_id,
                                        table_name, row_id, operation, old, new)
        VALUES (clock_timestamp(),
                coalesce(nullif(current_setting('crossclaim.actor_id', true), '')::bigint, 0),
                coalesce(nullif(current_setting('crossclaim.actor', true), ''), session_user),
                coalesce(nullif(current_setting('crossclaim.action', true), ''), 'unnamed'),
                coalesce(current_setting('crossclaim.reason', true), ''),
                coalesce(current_setting('crossclaim.request_id', true), ''),
                nullif(current_setting('crossclaim.change_id', true), '')::bigint,
                TG_TABLE_NAME, {row_id}, {operation}, {old}, {new});
        RETURN NULL;"""
_REFUSE_NOBODY = """
        IF coalesce(current_setting('crossclaim.actor_id', true), '') = '' THEN
            RAISE EXCEPTION 'a change to % needs an actor: call audit.because()', TG_TABLE_NAME
                USING ERRCODE = 'check_violation', CONSTRAINT = 'no_actor';
        END IF;"""
# Times in an image are written in the zone of the session.
_IN_UTC = """
        IF current_setting('TimeZone') <> 'UTC' THEN PERFORM set_config('TimeZone', 'UTC', true); END IF;"""


class WritesDown(AlwaysFires):
    """Writes rows to the trail as images: all columns as JSON, without those in `without`.

    Columns in `hashed` are replaced by their SHA-256. `key` is the primary key. With `needs_actor=False` a
    write of nobody is put down to the database's user rather than refused. `settled` is a condition, on the
    table as `t`, without which a row is not expected to be as it was last written down.
    """

    when = pgtrigger.After

    def __init__(
        self,
        *,
        without: tuple[str, ...] = (),
        hashed: tuple[str, ...] = (),
        key: str = "id",
        needs_actor: bool = True,
        settled: str = "true",
        **trigger: Any,
    ) -> None:
        self.without, self.hashed, self.key = without, hashed, key
        self.needs_actor, self.settled = needs_actor, settled
        super().__init__(**trigger)

    @property
    def has_numbers(self) -> bool:
        """Whether the primary key is a number, and so stands in the event's `row_id`."""
        return self.key not in self.hashed

    def image(self, row: str) -> str:
        """SQL for the image of a row, given its name in the statement."""
        written = f"to_jsonb({row})"
        if self.without:
            written += f" - '{{{','.join(self.without)}}}'::text[]"
        for column in self.hashed:
            digest = f"encode(sha256(convert_to({row}.{column}, 'UTF8')), 'hex')"
            written += f" || jsonb_build_object('{column}', {digest})"
        return f"({written})"

    @property
    def _guards(self) -> str:
        return (_REFUSE_NOBODY if self.needs_actor else "") + _IN_UTC


class RowChanges(WritesDown):
    """One event for each row that is inserted, updated or deleted, with its old and new image."""

    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    declare = [("before", "jsonb"), ("after", "jsonb")]

    def get_func(self, model: models.Model) -> str:
        row_id = f"(coalesce(after, before)->>'{self.key}')::bigint" if self.has_numbers else "0"
        write = _WRITE.format(row_id=row_id, operation="lower(TG_OP)", old="before", new="after")
        return f"""
        IF TG_OP <> 'INSERT' THEN before := {self.image("OLD")}; END IF;
        IF TG_OP <> 'DELETE' THEN after := {self.image("NEW")}; END IF;
        IF before IS NOT DISTINCT FROM after THEN RETURN NULL; END IF;{self._guards}{write}
        """


class Insertions(WritesDown):
    """One event for each statement that inserts, with the SHA-256 of each row's image.

    For tables that are written many rows at a time. `about` is a column that the event names where all rows
    agree on it.
    """

    operation = pgtrigger.Insert
    level = pgtrigger.Statement
    referencing = pgtrigger.Referencing(new="inserted")
    declare = [("digests", "jsonb"), ("about", "jsonb"), ("only_id", "bigint")]

    def __init__(self, *, about: str = "", **options: Any) -> None:
        self.about = about
        super().__init__(**options)

    def get_func(self, model: models.Model) -> str:
        about = "NULL"
        if self.about:
            same = f"min({self.about}) = max({self.about})"
            about = f"CASE WHEN {same} THEN jsonb_build_object('{self.about}', min({self.about})) END"
        new = "jsonb_build_object('rows', digests) || coalesce(about, '{}')"
        write = _WRITE.format(row_id="only_id", operation="'bulk'", old="NULL", new=new)
        return f"""{_IN_UTC}
        SELECT jsonb_object_agg(t.{self.key}::text,
                   encode(sha256(convert_to({self.image("t")}::text, 'UTF8')), 'hex')),
               CASE count(*) WHEN 1 THEN min(t.{self.key}) ELSE 0 END, {about}
          INTO digests, only_id, about FROM inserted t;
        IF digests IS NULL THEN RETURN NULL; END IF;{self._guards}{write}
        """  # noqa: S608  what is put in are names in models


class IsChained(AlwaysFires):
    """Links each event to the one before it when the transaction ends: the only part that waits in line.

    As the owner, for nobody else may write a link.
    """

    sql_class = OwnersGuardSql
    when = pgtrigger.After
    operation = pgtrigger.Insert
    timing = pgtrigger.Deferred
    declare = [
        ("last", "record"),
        ("salt", "text"),
        ("committed", "text"),
        ("place", "bigint"),
        ("previous", "text"),
    ]

    def get_func(self, model: models.Model) -> str:
        # Each part is its length in bytes, a colon, itself and a comma; a minus is one that is missing.
        framed = """(SELECT encode(sha256(convert_to(string_agg(
            coalesce(octet_length(part) || ':' || part || ',', '-'), '' ORDER BY n), 'UTF8')), 'hex')
            FROM unnest(ARRAY[{parts}]) WITH ORDINALITY AS parts(part, n))"""
        content = framed.format(parts="salt, NEW.reason, NEW.old::text, NEW.new::text")
        header = framed.format(
            parts="previous, place::text, NEW.id::text, (extract(epoch FROM NEW.at) * 1000000)::bigint::text,"
            " NEW.actor_id::text, NEW.actor, NEW.action, NEW.table_name, NEW.row_id::text, NEW.operation,"
            " NEW.change_id::text, NEW.request_id, committed"
        )
        return f"""
        PERFORM pg_advisory_xact_lock({CHAIN_LOCK});
        SELECT position, hash INTO last FROM reviews_auditlink ORDER BY position DESC LIMIT 1;
        place := coalesce(last.position, 0) + 1;
        previous := coalesce(last.hash, '{GENESIS}');
        salt := gen_random_uuid()::text;
        committed := {content};
        INSERT INTO reviews_auditlink (position, event_id, previous_hash, salt, commitment, hash)
        VALUES (place, NEW.id, previous, salt::uuid, committed, {header});
        RETURN NULL;
        """  # noqa: S608  what is put in are constants of this module
