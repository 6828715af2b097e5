from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('claims', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='enginerun',
            name='is_current',
            field=models.BooleanField(default=False, help_text='whether its claims are those that are shown'),
        ),
        migrations.AddField(
            model_name='enginerun',
            name='model',
            field=models.CharField(blank=True, help_text='the language model, if one was asked', max_length=200),
        ),
        migrations.AddField(
            model_name='enginerun',
            name='note',
            field=models.TextField(blank=True, help_text='what a reader must know of it, such as why it fell back'),
        ),
        migrations.AddField(
            model_name='enginerun',
            name='prompt_version',
            field=models.CharField(blank=True, help_text="of a language model's prompt", max_length=50),
        ),
        migrations.AlterField(
            model_name='enginerun',
            name='settings_sha256',
            field=models.CharField(help_text="of what else the engine's result depends on", max_length=64),
        ),
    ]
