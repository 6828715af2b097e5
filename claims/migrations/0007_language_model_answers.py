import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('claims', '0006_reextraction_jobs'),
    ]

    operations = [
        migrations.CreateModel(
            name='LanguageModelAnswer',
            fields=[
                ('key', models.CharField(help_text='SHA-256 of prompt, model and text', max_length=64, primary_key=True, serialize=False)),
                ('answer', models.TextField()),
                ('answered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
    ]
