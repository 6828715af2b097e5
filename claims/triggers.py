"""What the database itself sees to, whoever writes: ORM, raw SQL or psql."""

from typing import ClassVar

import pgtrigger
from django.db import models
from pgtrigger import compiler


class GuardSql(compiler.UpsertTriggerSql):
    """As pgtrigger installs triggers, but without what a session could use to get round them.

    There is no setting by which it ignores them, no table of its own in the place of one that they name,
    and no way to hang their functions on such a table. Migrations refer to this class: a change of what it
    writes is another class.
    """

    function_options: ClassVar = "SET search_path = pg_catalog, public, pg_temp"

    def get_template(self) -> str:
        return f"""
            CREATE OR REPLACE FUNCTION {{pgid}}()
            RETURNS TRIGGER AS $$
                {{declare}}
                BEGIN
                    {{func}}
                END;
            $$ LANGUAGE plpgsql {self.function_options};
            REVOKE ALL ON FUNCTION {{pgid}}() FROM PUBLIC;

            DROP TRIGGER IF EXISTS {{pgid}} ON {{table}};
            CREATE {{constraint}} TRIGGER {{pgid}}
                {{when}} {{operation}} ON {{table}}
                {{timing}}
                {{referencing}}
                FOR EACH {{level}} {{condition}}
                EXECUTE PROCEDURE {{execute}};

            COMMENT ON TRIGGER {{pgid}} ON {{table}} IS '{{hash}}';
        """


class OwnersGuardSql(GuardSql):
    """One that writes with the rights of who migrated, where who sets it off has none."""

    function_options: ClassVar = f"SECURITY DEFINER {GuardSql.function_options}"


class AlwaysFires(pgtrigger.Trigger):
    """A trigger that no session gets round; every trigger of ours is one."""

    sql_class: ClassVar[type[GuardSql]] = GuardSql

    def compile(self, model: models.Model) -> compiler.Trigger:
        compiled = super().compile(model)
        given = {name: value for name, value in compiled.sql.kwargs.items() if name != "ignore_func_name"}
        return compiler.Trigger(name=compiled.name, sql=self.sql_class(**given))


class Refused(AlwaysFires):
    """Operations that never happen to a table, whoever asks for them."""

    when = pgtrigger.Before

    def get_func(self, model: models.Model) -> str:
        what = str(self.operation).lower()
        return f"RAISE EXCEPTION 'pgtrigger: Cannot {what} rows from % table', TG_TABLE_NAME;"


def never_changes(what: str) -> Refused:
    """Rows of this model are facts about a moment: neither changed nor deleted."""
    return Refused(name=f"{what}_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)


def only_changes(what: str, field: str) -> AlwaysFires:
    """Rows of this model are facts but for one field, and are never deleted."""
    return AlwaysFires(
        name=f"only_{field}_of_{what}_changes",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE' THEN
                IF to_jsonb(OLD) - '{field}' = to_jsonb(NEW) - '{field}' THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION 'Cannot update or delete rows from % table', TG_TABLE_NAME;
        """,
    )


# Checked when the transaction ends, for a switch unmarks one run before it marks another.
A_REVISION_WITH_RUNS_HAS_A_CURRENT_ONE = AlwaysFires(
    name="a_revision_with_runs_has_a_current_one",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    func="""
        IF NOT EXISTS (SELECT FROM claims_enginerun WHERE revision_id = NEW.revision_id AND is_current) THEN
            RAISE EXCEPTION 'a revision with engine runs has no current one'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_revision_with_runs_has_a_current_one';
        END IF;
        RETURN NULL;
    """,
)

CONTENT_IS_THE_TEXT_AT_ITS_SPANS = AlwaysFires(
    name="claim_content_is_the_text_at_its_spans",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    level=pgtrigger.Statement,
    referencing=pgtrigger.Referencing(new="inserted"),
    declare=[("revision", "record"), ("wrong", "bigint")],
    # The text is cut into blocks once, for substr() in UTF-8 walks from the start each time;
    # 255 is the most a regular expression of PostgreSQL repeats.
    func="""
        FOR revision IN
            SELECT id, length(text) AS size, ARRAY(
                SELECT block[1] FROM regexp_matches(text, '.{1,250}', 'g')
                    WITH ORDINALITY AS cut(block, place) ORDER BY place
            ) AS blocks
            FROM claims_revision WHERE id IN (SELECT revision_id FROM inserted)
        LOOP
            SELECT claim.id INTO wrong FROM inserted AS claim
             WHERE claim.revision_id = revision.id AND (
                SELECT coalesce(bool_or(start < 0 OR stop <= start OR stop > revision.size), true)
                       OR string_agg(
                            substr(array_to_string(
                                revision.blocks[start / 250 + 1 : (stop - 1) / 250 + 1], ''),
                                start % 250 + 1, greatest(stop - start, 0)),
                            ' … ' ORDER BY place
                       ) IS DISTINCT FROM claim.content
                  FROM (SELECT (span->>0)::int AS start, (span->>1)::int AS stop, place
                          FROM jsonb_array_elements(claim.spans)
                               WITH ORDINALITY AS each(span, place)) AS spans
             ) LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'claim content is not the text at its spans'
                    USING ERRCODE = 'check_violation',
                          CONSTRAINT = 'claim_content_is_the_text_at_its_spans';
            END IF;
        END LOOP;
        RETURN NULL;
    """,
)
