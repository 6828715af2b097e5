import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('claims', '0003_mark_current_runs'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='enginerun',
            trigger=pgtrigger.compiler.Trigger(name='only_is_current_of_engine_run_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'UPDATE' THEN\n                IF to_jsonb(OLD) - 'is_current' = to_jsonb(NEW) - 'is_current' THEN RETURN NEW; END IF;\n            END IF;\n            RAISE EXCEPTION 'Cannot update or delete rows from % table', TG_TABLE_NAME;\n        ", hash='a1074d2a1ce6b0b4e5b86c8144ebdfecfd38f00c', operation='UPDATE OR DELETE', pgid='pgtrigger_only_is_current_of_engine_run_changes_9aef6', table='claims_enginerun', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enginerun',
            trigger=pgtrigger.compiler.Trigger(name='a_revision_with_runs_has_a_current_one', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n        IF NOT EXISTS (SELECT FROM claims_enginerun WHERE revision_id = NEW.revision_id AND is_current) THEN\n            RAISE EXCEPTION 'a revision with engine runs has no current one'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_revision_with_runs_has_a_current_one';\n        END IF;\n        RETURN NULL;\n    ", hash='51c7c619d9bf29dbde26fcbf7b699336ea0cbaf1', operation='INSERT OR UPDATE', pgid='pgtrigger_a_revision_with_runs_has_a_current_one_2a5d4', table='claims_enginerun', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='enginerun',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('revision',), name='a_revision_has_one_current_run'),
        ),
    ]
