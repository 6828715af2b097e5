import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db.utils import IntegrityError
from factory.django import DjangoModelFactory

from reviews.models import AuditEvent, AuditLink
from tests import factories

FACTORIES = {
    factory._meta.model: factory
    for factory in vars(factories).values()
    if isinstance(factory, type) and issubclass(factory, DjangoModelFactory) and factory._meta.model
}


def test_factories_exist_for_every_model() -> None:
    models = {model for app in ("claims", "reviews") for model in apps.get_app_config(app).get_models()}
    tables = {model for model in models if not model._meta.proxy}

    # Audit events and their links are written by triggers, never by code.
    assert set(FACTORIES) == tables - {AuditEvent, AuditLink} | {User}


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES.values(), ids=lambda factory: factory.__name__)
def test_factory_makes_two_rows_by_default(factory: type[DjangoModelFactory]) -> None:
    first, second = factory(), factory()

    assert factory._meta.model.objects.filter(pk__in=[first.pk, second.pk]).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("trait", ["running", "done", "duplicate", "failed", "quarantined"])
def test_job_factory_makes_every_state(trait: str) -> None:
    job = factories.JobFactory(**{trait: True})

    assert job.state == trait


@pytest.mark.django_db
def test_factory_leaves_no_actor_behind() -> None:
    question = factories.QuestionFactory()
    question.event = "Another event"

    with pytest.raises(IntegrityError, match="needs an actor"):
        question.save()
