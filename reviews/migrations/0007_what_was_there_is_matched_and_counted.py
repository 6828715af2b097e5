"""What is there already: its claims are to be matched, and its questions get their counts."""

from collections import defaultdict
from itertools import combinations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def offer_current_runs(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    due = apps.get_model("reviews", "MatchingDue")
    runs = apps.get_model("claims", "EngineRun").objects.filter(is_current=True).order_by("pk")
    rows = (due(engine_run_id=pk) for pk in runs.values_list("pk", flat=True).iterator())
    due.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def count_questions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As `reviews.tallies` does, for questions that have neither origins nor compatible positions yet."""
    placements = apps.get_model("reviews", "Placement")
    tallies = apps.get_model("reviews", "QuestionTally")
    counted = set(tallies.objects.values_list("pk", flat=True))
    for question in apps.get_model("reviews", "Question").objects.exclude(pk__in=counted).iterator():
        standing = placements.objects.filter(question=question, state="confirmed") | placements.objects.filter(
            question=question, state="suggested", claim__engine_run__is_current=True
        )
        claims, suggested, dates = set(), set(), []
        outlets, articles = defaultdict(set), defaultdict(set)
        for row in standing.select_related("claim__revision__article").defer("claim__revision__text"):
            claims.add(row.claim_id)
            if row.state == "suggested":
                suggested.add(row.claim_id)
            revision = row.claim.revision
            outlets[row.position_id] |= {revision.article.outlet_id} - {None}
            articles[row.position_id].add(revision.article_id)
            if revision.published_at:
                dates.append(revision.published_at)
        pairs = list(combinations(articles, 2))
        tallies.objects.create(
            question=question,
            claims=len(claims),
            suggested=len(suggested),
            outlets=len(set().union(*outlets.values())),
            origins=len(set().union(*articles.values())),
            answered=len(articles),
            opposed_outlets=max((min(len(outlets[a]), len(outlets[b])) for a, b in pairs), default=0),
            opposed_origins=max((min(len(articles[a]), len(articles[b])) for a, b in pairs), default=0),
            newest_at=max(dates, default=None),
        )


class Migration(migrations.Migration):
    dependencies = [("reviews", "0006_matching_is_kept_in_the_database")]

    operations = [
        # Back: the rows go with their tables.
        migrations.RunPython(offer_current_runs, migrations.RunPython.noop),
        migrations.RunPython(count_questions, migrations.RunPython.noop),
    ]
