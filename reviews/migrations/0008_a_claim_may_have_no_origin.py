import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0007_what_was_there_is_matched_and_counted'),
    ]

    operations = [
        # Back: the database refuses while a reviewer's word that a claim is independent is stored, for it would be lost.
        migrations.AlterField(
            model_name='originclaim',
            name='origin',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='reviews.origin'),
        ),
        migrations.AddConstraint(
            model_name='originclaim',
            constraint=models.CheckConstraint(condition=models.Q(('origin__isnull', False), ('set_by__isnull', False), _connector='OR'), name='only_a_person_says_that_a_claim_has_no_origin'),
        ),
    ]
