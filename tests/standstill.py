"""Ids, chance and time that are the same whenever a world is built anew, in Python and in the database."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from knox import crypto

NOW = datetime(2017, 6, 22, 12, 0, tzinfo=UTC)
_FIRST_ID = 7_000_000


class Chance:
    """Stands in for the operating system's randomness; the same from each `begin` on."""

    def __init__(self) -> None:
        self.begin("")

    def begin(self, seed: str) -> None:
        self._random = random.Random(seed)  # on purpose

    def __call__(self, count: int) -> bytes:
        return self._random.randbytes(count)


CHANCE = Chance()


@contextmanager
def python_stands_still() -> Iterator[None]:
    """Its clock and randomness."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", CHANCE)
        patch.setattr(random, "_urandom", CHANCE)
        patch.setattr(crypto, "generate_bytes", CHANCE)
        patch.setattr(timezone, "now", lambda: NOW)
        patch.setattr(time, "time", NOW.timestamp)
        # It holds the function that was there when the model was made.
        patch.setattr(User._meta.get_field("date_joined"), "_get_default", lambda: NOW)
        yield


# The triggers' functions have a search path of their own.
_FUNCTIONS_STAND_STILL = """
    DO $$
    DECLARE own regprocedure;
    BEGIN
        FOR own IN SELECT oid FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND proconfig::text LIKE '%search_path%'
        LOOP
            EXECUTE format('ALTER FUNCTION %s SET search_path = standstill, pg_catalog, public', own);
        END LOOP;
    END $$
"""
# So have the defaults of columns, which were bound to PostgreSQL's own when the tables were made.
_DEFAULTS_STAND_STILL = """
    DO $$
    DECLARE own record;
    BEGIN
        FOR own IN SELECT adrelid::regclass AS of_table, attname FROM pg_attrdef
            JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
            WHERE pg_get_expr(adbin, adrelid) ~* '(now|timestamp)\\(\\)'
        LOOP
            EXECUTE format(
                'ALTER TABLE %s ALTER COLUMN %I SET DEFAULT standstill.now()', own.of_table, own.attname
            );
        END LOOP;
    END $$
"""


def stand_still_in_the_database() -> None:
    """Functions of the same names come before its own until the transaction ends; ids begin at one number."""
    moment = f"timestamptz '{NOW.isoformat()}'"
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA standstill")
        for name in ("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp"):
            cursor.execute(
                f"CREATE FUNCTION standstill.{name}() RETURNS timestamptz STABLE LANGUAGE sql"
                f" AS $$ SELECT {moment} $$"
            )
        cursor.execute("SET LOCAL search_path = standstill, public, pg_catalog")
        cursor.execute(_FUNCTIONS_STAND_STILL)
        cursor.execute(_DEFAULTS_STAND_STILL)
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, %s, false)"
            " FROM pg_sequences WHERE schemaname = 'public'",
            [_FIRST_ID],
        )
