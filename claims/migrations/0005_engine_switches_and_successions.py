import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('claims', '0004_one_current_run_per_revision'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimSuccession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('kept', 'Kept'), ('reworded', 'Reworded'), ('dropped', 'Dropped'), ('added', 'Added')], max_length=10)),
            ],
            options={
                'ordering': ('switch_id', 'id'),
            },
        ),
        migrations.CreateModel(
            name='EngineSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('switched_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='HeldClaim',
            fields=[
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='held', serialize=False, to='claims.claim')),
                ('held_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='claimsuccession',
            name='new_claim',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='precessions', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='claimsuccession',
            name='old_claim',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='engineswitch',
            name='new_run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='switches', to='claims.enginerun'),
        ),
        migrations.AddField(
            model_name='engineswitch',
            name='old_run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.enginerun'),
        ),
        migrations.AddField(
            model_name='engineswitch',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claimsuccession',
            name='switch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='claims.engineswitch'),
        ),
        migrations.AddConstraint(
            model_name='engineswitch',
            constraint=models.CheckConstraint(condition=models.Q(('old_run', models.F('new_run')), _negated=True), name='a_switch_is_between_two_engine_runs'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='engineswitch',
            trigger=pgtrigger.compiler.Trigger(name='engine_switch_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ff17f64664eb65a7254a4e560aea2196436b6d33', operation='UPDATE OR DELETE', pgid='pgtrigger_engine_switch_never_changes_712ae', table='claims_engineswitch', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='claimsuccession',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('kept', 'reworded')), ('new_claim__isnull', False), ('old_claim__isnull', False)), models.Q(('kind', 'dropped'), ('new_claim__isnull', True), ('old_claim__isnull', False)), models.Q(('kind', 'added'), ('new_claim__isnull', False), ('old_claim__isnull', True)), _connector='OR'), name='a_succession_has_the_claims_its_kind_says'),
        ),
        migrations.AddConstraint(
            model_name='claimsuccession',
            constraint=models.UniqueConstraint(fields=('switch', 'old_claim'), name='a_claim_is_succeeded_once_in_a_switch'),
        ),
        migrations.AddConstraint(
            model_name='claimsuccession',
            constraint=models.UniqueConstraint(fields=('switch', 'new_claim'), name='a_claim_succeeds_once_in_a_switch'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimsuccession',
            trigger=pgtrigger.compiler.Trigger(name='claim_succession_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e5e500efae477f8db979e14519ea5518f09d2f8d', operation='UPDATE OR DELETE', pgid='pgtrigger_claim_succession_never_changes_358f8', table='claims_claimsuccession', when='BEFORE')),
        ),
    ]
