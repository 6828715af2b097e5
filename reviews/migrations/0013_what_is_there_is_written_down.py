"""Chain the events there are, and write down every row that they do not show as it is now.

Without a way back but to leave it: events and their links never go.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_ROWS_AT_ONCE = 1000
_DIGESTED = {
    # table: (key, columns that are not in the image)
    "claims_snapshot": ("id", ("content",)),
    "claims_revision": ("id", ()),
    "claims_claim": ("id", ("search",)),
    "claims_claimsuccession": ("id", ()),
    "claims_engineswitch": ("id", ()),
    "claims_enginerun": ("id", ()),
    "claims_article": ("id", ("search",)),
    "claims_outlet": ("id", ()),
    "claims_speaker": ("id", ()),
    "claims_heldclaim": ("claim_id", ()),
    "claims_job": (
        "id",
        ("stage", "due_at", "attempts", "token", "lease_until", "worker", "started_at"),
    ),
}
_WHOLE = (
    "reviews_assessedposition",
    "reviews_assessment",
    "reviews_assignment",
    "reviews_compatibility",
    "reviews_evidence",
    "reviews_origin",
    "reviews_originclaim",
    "reviews_placement",
    "reviews_position",
    "reviews_positionverdict",
    "reviews_project",
    "reviews_question",
    "reviews_sourcingmark",
    "reviews_speakerreliability",
    "reviews_verdict",
    "auth_group",
    "auth_group_permissions",
    "auth_user_groups",
    "auth_user_user_permissions",
)
_SECRET = {
    # table: (row id, image)
    "auth_user": (
        "t.id",
        "(to_jsonb(t) - '{last_login}'::text[]"
        " || jsonb_build_object('password', encode(sha256(convert_to(t.password, 'UTF8')), 'hex')))",
    ),
    "claims_tokenscopes": (
        "t.id",
        "(to_jsonb(t)"
        " || jsonb_build_object('token_id', encode(sha256(convert_to(t.token_id, 'UTF8')), 'hex')))",
    ),
    "knox_authtoken": (
        "0",
        "(to_jsonb(t)"
        " || jsonb_build_object('digest', encode(sha256(convert_to(t.digest, 'UTF8')), 'hex')))",
    ),
}
_FRAMED = """(SELECT encode(sha256(convert_to(string_agg(
    coalesce(octet_length(part) || ':' || part || ',', '-'), '' ORDER BY n), 'UTF8')), 'hex')
    FROM unnest(ARRAY[{parts}]) WITH ORDINALITY AS parts(part, n))"""
_CONTENT = _FRAMED.format(parts="salt, event.reason, event.old::text, event.new::text")
_HEADER = _FRAMED.format(
    parts="previous, place::text, event.id::text, (extract(epoch FROM event.at) * 1000000)::bigint::text,"
    " event.actor_id::text, event.actor, event.action, event.table_name, event.row_id::text, event.operation,"
    " event.change_id::text, event.request_id, committed"
)
_CHAIN = f"""
    DO $$
    DECLARE
        event record; salt text; committed text; own text;
        place bigint := 0; previous text := repeat('0', 64);
    BEGIN
        FOR event IN SELECT * FROM reviews_auditevent ORDER BY id LOOP
            place := place + 1;
            salt := gen_random_uuid()::text;
            committed := {_CONTENT};
            own := {_HEADER};
            INSERT INTO reviews_auditlink (position, event_id, previous_hash, salt, commitment, hash)
            VALUES (place, event.id, previous, salt::uuid, committed, own);
            previous := own;
        END LOOP;
    END $$
"""
_BASELINE = """
    INSERT INTO reviews_auditevent
        (at, actor_id, actor, action, reason, request_id, table_name, row_id, operation, new)
    SELECT clock_timestamp(), 0, session_user, 'baseline', 'as it was when the trail began to be chained', '',
"""


def chain_and_write_down(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(_CHAIN)
    for table, (key, without) in _DIGESTED.items():
        image = f"to_jsonb(t) - '{{{','.join(without)}}}'::text[]"
        schema_editor.execute(
            f"{_BASELINE} '{table}', 0, 'bulk', jsonb_build_object('rows', jsonb_object_agg(t.{key}::text,"
            f" encode(sha256(convert_to(({image})::text, 'UTF8')), 'hex')))"
            f" FROM {table} t GROUP BY t.{key} / {_ROWS_AT_ONCE} ORDER BY t.{key} / {_ROWS_AT_ONCE}"
        )
    for table in _WHOLE:
        schema_editor.execute(
            f"{_BASELINE} '{table}', t.id, 'base', to_jsonb(t) FROM {table} t WHERE to_jsonb(t) IS DISTINCT FROM"
            f" (SELECT new FROM reviews_auditevent WHERE table_name = '{table}' AND row_id = t.id"
            "   ORDER BY id DESC LIMIT 1) ORDER BY t.id"
        )
    for table, (row_id, image) in _SECRET.items():
        schema_editor.execute(f"{_BASELINE} '{table}', {row_id}, 'base', {image} FROM {table} t")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0012_changes_show_in_a_chain")]

    operations = [migrations.RunPython(chain_and_write_down, migrations.RunPython.noop)]
