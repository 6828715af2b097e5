from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0008_a_claim_may_have_no_origin"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="rematch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)),
                fields=("matcher_version",),
                name="one_unfinished_rematch_of_a_version",
            ),
        ),
    ]
