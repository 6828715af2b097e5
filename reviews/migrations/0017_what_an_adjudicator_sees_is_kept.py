"""Keep with each round what its adjudicator sees, as its number of assessments is kept.

Rounds under way, and those put aside with their question, keep what their project's rule is now.
"""

from django.db import migrations, models

from reviews.audit.migrating import WriteDownAnew

_KEEP = """
    SELECT set_config('crossclaim.actor_id', '0', true), set_config('crossclaim.actor', '', true),
        set_config('crossclaim.action', 'keep_review_rules', true),
        set_config('crossclaim.reason', 'a round under way keeps what its adjudicator sees', true);
    UPDATE reviews_question q SET adjudicator_sees =
        coalesce((SELECT p.adjudicator_sees FROM reviews_project p WHERE p.id = q.project_id), 'unnamed')
    WHERE q.state IN ('in_review', 'adjudication', 'dismissed', 'merged') AND q.assessments_required IS NOT NULL;
    SELECT set_config('crossclaim.actor_id', '', true), set_config('crossclaim.action', '', true),
        set_config('crossclaim.reason', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0016_review_that_is_kept_whole")]

    operations = [
        WriteDownAnew(
            "reviews_question",
            [
                migrations.AddField(
                    model_name="question",
                    name="adjudicator_sees",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("unnamed", "The assessments, without names"),
                            ("named", "The assessments with their names"),
                            ("names_only", "Who assessed, not how"),
                        ],
                        default="",
                        editable=False,
                        help_text="of this round's assessments; fixed when its review begins",
                        max_length=10,
                    ),
                    preserve_default=False,
                )
            ],
            reason="Rounds keep what their adjudicator sees.",
        ),
        migrations.RunSQL(_KEEP, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("in_review", "adjudication")), _negated=True),
                    models.Q(("adjudicator_sees", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_question_in_review_says_what_its_adjudicator_sees",
            ),
        ),
        migrations.AlterField(
            model_name="keyedrequest",
            name="made_id",
            field=models.BigIntegerField(help_text="of the row it made"),
        ),
        migrations.AddIndex(
            model_name="keyedrequest",
            index=models.Index(fields=["asked_at"], name="keyed_requests_by_age"),
        ),
    ]
