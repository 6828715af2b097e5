"""Give files of evidence keys that count nothing, and the queue an index.

What rests on the files there are is written down anew.

Without a way back: files that came since have no number.
"""

import uuid

from django.db import migrations, models

# In one statement for each column, which no trigger sees: nobody may change these rows.
_KEYS_WITHOUT_NUMBERS = """
    ALTER TABLE reviews_evidence DROP CONSTRAINT reviews_evidence_file_id_ea60e631_fk_reviews_evidencefile_id;
    ALTER TABLE reviews_evidencefile ALTER COLUMN id DROP IDENTITY;
    ALTER TABLE reviews_evidencefile ALTER COLUMN id TYPE uuid USING lpad(to_hex(id), 32, '0')::uuid;
    ALTER TABLE reviews_evidence ALTER COLUMN file_id TYPE uuid USING lpad(to_hex(file_id), 32, '0')::uuid;
    ALTER TABLE reviews_evidence ADD CONSTRAINT reviews_evidence_file_id_ea60e631_fk_reviews_evidencefile_id
        FOREIGN KEY (file_id) REFERENCES reviews_evidencefile (id) DEFERRABLE INITIALLY DEFERRED;
"""
_WRITTEN_DOWN_ANEW = """
    INSERT INTO reviews_auditevent
        (at, actor_id, actor, action, reason, request_id, table_name, row_id, operation, new)
    SELECT clock_timestamp(), 0, session_user, 'baseline', 'files of evidence are no longer numbered', '',
        'reviews_evidence', t.id, 'base', to_jsonb(t)
    FROM reviews_evidence t WHERE t.file_id IS NOT NULL ORDER BY t.id
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0014_triggers_that_no_session_gets_round")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(_KEYS_WITHOUT_NUMBERS),
                migrations.RunSQL(_WRITTEN_DOWN_ANEW),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="evidencefile",
                    name="id",
                    field=models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("state__in", ("open", "reopened", "in_review", "adjudication"))),
                fields=["opened_at", "id"],
                name="questions_under_way",
            ),
        ),
    ]
