import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_speaker_search"),
        # The last one, not the first as a swappable dependency would have it: that has another key.
        ("knox", "0009_extend_authtoken_field"),
    ]

    operations = [
        migrations.CreateModel(
            name="TokenScopes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "Read what you may see"),
                                ("ingest", "Submit articles and have them read again"),
                                ("review", "Take the steps of the review"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                    ),
                ),
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scopes",
                        to=settings.KNOX_TOKEN_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "token scopes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("names__contained_by", ["ingest", "read", "review"]), ("names__len__gt", 0)
                        ),
                        name="a_token_has_scopes_that_there_are",
                    )
                ],
            },
        ),
    ]
