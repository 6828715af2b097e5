"""A second factor in somebody's hands: their browser, and the codes of their application."""

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

from django.test import Client

from reviews.models import AuditEvent

PASSWORD = "nine-green-bottles"
LOGIN, CODE, SET_UP = "/admin/login/", "/admin/two-factor/code/", "/admin/two-factor/set-up/"
REMOVE, RECOVERY = "/admin/two-factor/remove/", "/admin/two-factor/recovery-codes/"
WRONG, CLOSED = "This code is wrong, or was used already.", "Too many wrong codes. Wait a quarter of an hour."


def code_of(secret: str, *, step: int = 0) -> str:
    """The code of RFC 6238 at this step of 30 seconds, or so many after it."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0xF
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def not_of(secret: str) -> str:
    right = {code_of(secret, step=step) for step in (-1, 0, 1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444") if code not in right)


def with_password(*, address: str = "192.0.2.1", **given: str) -> Client:
    browser = Client(REMOTE_ADDR=address)
    browser.post(LOGIN, {"username": "vera", "password": PASSWORD} | given)
    return browser


def enrol(browser: Client) -> tuple[str, list[str]]:
    """The secret of the new factor, and the recovery codes that are shown with it."""
    secret = browser.get(SET_UP).context["form"].secret
    answer = browser.post(SET_UP, {"code": code_of(secret), "password": PASSWORD})
    assert answer.headers["Location"] == RECOVERY
    return secret, re.findall(r"<code>(\d{8})</code>", browser.get(RECOVERY).text)


def is_in(browser: Client) -> bool:
    return browser.get("/admin/").status_code == 200


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["form"].errors)


def told() -> list[tuple[str, str]]:
    notes = AuditEvent.objects.filter(operation=AuditEvent.Operation.NOTE).order_by("pk")
    return list(notes.values_list("action", "actor"))
