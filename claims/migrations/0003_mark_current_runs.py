from django.db import migrations

# Before this an article showed the claims of all its runs; the latest over each revision is its current one.
MARK = """
    UPDATE claims_enginerun SET is_current = true
     WHERE id IN (SELECT DISTINCT ON (revision_id) id FROM claims_enginerun
                   ORDER BY revision_id, ran_at DESC, id DESC)
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_engine_run_says_more")]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
