from django.db import migrations

# Django has no foreign keys over two columns; without this one a claim could be placed under a
# position of another question than the placement says.
ADD = """
    ALTER TABLE reviews_placement
    ADD CONSTRAINT placement_position_is_of_its_question
    FOREIGN KEY (position_id, question_id) REFERENCES reviews_position (id, question_id)
    DEFERRABLE INITIALLY IMMEDIATE
"""
DROP = "ALTER TABLE reviews_placement DROP CONSTRAINT placement_position_is_of_its_question"


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [migrations.RunSQL(ADD, DROP)]
