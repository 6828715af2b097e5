"""Who worded an answer, also before it came to where it stands."""

from django.db.models import BooleanField, Func


class HasWordedAnAnswer(Func):
    """Whether somebody reworded an answer of a question, there or where it was before; by the ids of both.

    Answers move when questions are merged or split, and each row leads to the one that took its words. What
    was taken back does not count, and who opened a question that an answer left is not meant. The steps are
    found by the events of the rows they wrote, for a step is listed with the question of its time.
    """

    arity = 2
    output_field = BooleanField()
    template = """EXISTS (
        WITH RECURSIVE asked (question_id, person_id) AS (VALUES (%(expressions)s)),
        came (id) AS (
            SELECT answer.id FROM reviews_position AS answer JOIN asked USING (question_id)
            UNION
            SELECT earlier.id FROM came JOIN reviews_position AS earlier ON earlier.merged_into_id = came.id
        )
        SELECT FROM came
        JOIN reviews_auditevent AS event ON event.table_name = 'reviews_position' AND event.row_id = came.id
        JOIN reviews_change AS step ON step.id = event.change_id
        JOIN asked ON asked.person_id = step.made_by_id
        WHERE step.action = 'reword_position' AND step.undone_at IS NULL
    )"""
