"""What the database itself sees to in reviews, whoever writes: ORM, raw SQL or psql."""

import pgtrigger

from claims.triggers import AlwaysFires
from reviews import workflow


def _steps() -> str:
    """The table of states as rows for SQL: from, to, and by how much the round moves on."""
    return ", ".join(
        f"('{before}', '{after}', {int(begins_round)})"
        for before, after, begins_round in workflow.transitions()
    )


def _first() -> str:
    return ", ".join(f"'{state}'" for state in sorted(workflow.FIRST))


STATES_FOLLOW_THE_TABLE = AlwaysFires(
    name="states_follow_the_table",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "round"),
    # All that is put in are constants of the table of states.
    func=f"""
        IF TG_OP = 'INSERT' THEN
            IF NEW.state NOT IN ({_first()}) OR NEW.round <> 1 THEN
                RAISE EXCEPTION 'a question does not begin as %', NEW.state
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'states_follow_the_table';
            END IF;
            RETURN NEW;
        END IF;
        IF (NEW.state <> OLD.state OR NEW.round <> OLD.round)
            AND (OLD.state, NEW.state, NEW.round - OLD.round) NOT IN (VALUES {_steps()}) THEN
            RAISE EXCEPTION 'a question does not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'states_follow_the_table';
        END IF;
        IF NEW.state = 'decided' AND OLD.state <> 'decided' AND (
            NOT EXISTS (SELECT FROM reviews_verdict
                WHERE question_id = NEW.id AND round = NEW.round AND stale_at IS NULL)
            OR (SELECT count(*) FROM reviews_assessment
                WHERE question_id = NEW.id AND round = NEW.round) < coalesce(OLD.assessments_required, 1)) THEN
            RAISE EXCEPTION 'question % is decided without its assessments and verdict', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_decision_has_its_assessments';
        END IF;
        RETURN NEW;
    """,  # noqa: E501, S608 - the migration has the same text
)

_IS_AUTHOR = """
        EXISTS (SELECT FROM reviews_question WHERE id = NEW.question_id AND opened_by_id = {person})
        OR EXISTS (SELECT FROM reviews_position WHERE question_id = NEW.question_id
            AND added_by_id = {person} AND merged_into_id IS NULL)"""
_REFUSE = """
            RAISE EXCEPTION '{why}'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"""

ASSESSED_BY_OTHERS = AlwaysFires(
    name="nobody_assesses_what_they_wrote",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=f"""
        IF {_IS_AUTHOR.format(person="NEW.reviewer_id")} THEN
            {_REFUSE.format(why="nobody assesses what they wrote", name="nobody_assesses_what_they_wrote")}
        END IF;
        RETURN NEW;
    """,
)
VERDICT_BY_OTHERS = AlwaysFires(
    name="nobody_decides_what_they_wrote",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=f"""
        IF {_IS_AUTHOR.format(person="NEW.decided_by_id")} THEN
            {_REFUSE.format(why="nobody decides what they wrote", name="nobody_decides_what_they_wrote")}
        END IF;
        IF NEW.manner = 'adjudicated' AND EXISTS (SELECT FROM reviews_assessment
            WHERE question_id = NEW.question_id AND round = NEW.round
                AND reviewer_id = NEW.decided_by_id) THEN
            {_REFUSE.format(why="who assessed does not adjudicate", name="nobody_decides_what_they_wrote")}
        END IF;
        RETURN NEW;
    """,
)

# It says who took a step, and with it who wrote what. Once undone it may move to the question that its own
# was split off from, for undoing that takes its own away.
A_CHANGE_IS_ONLY_UNDONE = AlwaysFires(
    name="a_change_is_only_undone",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func="""
        IF TG_OP = 'UPDATE' THEN
            IF OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL
                AND to_jsonb(OLD) - '{undone_by_id,undone_at}'::text[]
                    = to_jsonb(NEW) - '{undone_by_id,undone_at}'::text[] THEN
                RETURN NEW;
            END IF;
            IF OLD.undone_at IS NOT NULL AND to_jsonb(OLD) - 'question_id' = to_jsonb(NEW) - 'question_id'
                AND EXISTS (SELECT FROM reviews_question
                    WHERE id = OLD.question_id AND split_from_id = NEW.question_id) THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'Cannot update or delete rows from % table', TG_TABLE_NAME;
    """,
)
