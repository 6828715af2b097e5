from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('claims', '0005_engine_switches_and_successions'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='article',
            options={'ordering': ('-created_at', '-id'), 'permissions': (('submit_article', 'Can submit an article for ingestion'), ('reextract_article', 'Can have the engine read an article again'))},
        ),
        migrations.AddField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('ingest', 'Take in a document'), ('reextract', 'Run the engine again')], default='ingest', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'reextract'), ('state__in', ('queued', 'running'))), fields=('revision',), name='one_unfinished_reextraction_per_revision'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reextract'), _negated=True), models.Q(('article__isnull', False), ('revision__isnull', False)), _connector='OR'), name='a_reextraction_names_article_and_revision'),
        ),
    ]
