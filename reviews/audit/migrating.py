"""For migrations that change the columns of a protected table."""

from collections.abc import Sequence
from typing import Any, Final

import pgtrigger
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import SeparateDatabaseAndState
from django.db.migrations.state import ProjectState

from reviews.audit.triggers import Insertions, WritesDown

WRITTEN_ANEW: Final = "write_down_anew"  # the action of what it writes
_ROWS_AT_ONCE: Final = 1000
_WRITE: Final = """
    INSERT INTO reviews_auditevent
        (at, actor_id, actor, action, reason, request_id, table_name, row_id, operation, new)
    SELECT clock_timestamp(), 0, session_user, %s, %s, '', %s, {row_id}, 'base', {new}
      FROM {table} t {order}
"""


class WriteDownAnew(SeparateDatabaseAndState):
    """Operations that change the columns of a protected table, with all its rows written down after them.

    Without that verify_audit would miss the change in what was last written down of each row, and report it.
    Forwards and backwards, in the transaction of the migration, before which no row is to be written with
    the new columns. `reason` is for readers of the trail. Each row has an event; in tables that are written
    many rows at a time, a thousand rows have one with their hashes.
    """

    def __init__(self, table: str, operations: Sequence[Operation], *, reason: str) -> None:
        self.table, self.operations, self.reason = table, list(operations), reason
        super().__init__(database_operations=self.operations, state_operations=self.operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table, self.operations], {"reason": self.reason}

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        self._write_down(schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        self._write_down(schema_editor)

    def describe(self) -> str:
        changes = "; ".join(operation.describe() for operation in self.operations)
        return f"{changes}; write {self.table} down anew"

    def _write_down(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        triggers = [
            trigger
            for model, trigger in pgtrigger.registered()
            if model._meta.db_table == self.table and isinstance(trigger, WritesDown)
        ]
        if not triggers:
            raise ValueError(f"Nothing is written down of {self.table}.")
        written = triggers[0]
        image, key = written.image("t"), f"t.{written.key}"
        row_id, new, order = key if written.has_numbers else "0", image, f"ORDER BY {key}"
        if any(isinstance(trigger, Insertions) for trigger in triggers):
            digest = f"encode(sha256(convert_to({image}::text, 'UTF8')), 'hex')"
            row_id, new = "0", f"jsonb_build_object('rows', jsonb_object_agg({key}::text, {digest}))"
            order = f"GROUP BY {key} / {_ROWS_AT_ONCE} ORDER BY {key} / {_ROWS_AT_ONCE}"
        table = schema_editor.quote_name(self.table)
        write = _WRITE.format(row_id=row_id, new=new, table=table, order=order)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('TimeZone', 'UTC', true)")
            cursor.execute(write, [WRITTEN_ANEW, self.reason, self.table])
