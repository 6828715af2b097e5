"""Answers of a language model, kept in the database for all workers."""

from django.db.models.functions import Now

from claims.models import LanguageModelAnswer


class DatabaseCache:
    """A `claims.llm_engine.Cache`. What PostgreSQL cannot store is not kept, and asked for again."""

    def get(self, key: str) -> str | None:
        return LanguageModelAnswer.objects.filter(pk=key).values_list("answer", flat=True).first()

    def put(self, key: str, answer: str) -> None:
        if not _can_be_stored(answer):
            return
        LanguageModelAnswer.objects.update_or_create(
            key=key, defaults={"answer": answer, "answered_at": Now()}
        )


def _can_be_stored(text: str) -> bool:
    """Whether there is no NUL and no half of a surrogate pair in it."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
