"""What every start of web, worker and migration refuses in the settings of `claims`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from claims.engines import UnknownEngine, check_engine_name


def check_engine(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse an ENGINE that is not here, for else every job would fail by and by."""
    try:
        check_engine_name(settings.ENGINE)
    except UnknownEngine as error:
        return [Error(str(error), hint="Set ENGINE to an engine that is here.", id="claims.E001")]
    return []
