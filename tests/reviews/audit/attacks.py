"""What somebody with every right in the database can do to the trail; each says where it must show."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from reviews import audit
from reviews.models import Question
from reviews.trail.chain import Event, commitment_of, hash_of
from reviews.trail.findings import Finding
from tests.reviews.audit.bases import Base, flip, other_json

FAR = 1_000_000


@dataclass(frozen=True)
class Shows:
    """What the first finding must say: its place in the chain, or where a row or an event is."""

    position: int | None = None
    where: str = ""

    def by(self, finding: Finding) -> bool:
        return finding.position == self.position and self.where in finding.where


Attack = Callable[[Any, random.Random, Base], Shows]


def _any(rng: random.Random, base: Base) -> int:
    return rng.randint(1, base.end)


def _event(base: Base, position: int) -> Event:
    event = base.links[position - 1].event
    assert event is not None
    return event


def _set(cursor: Any, event: Event, column: str, value: Any) -> None:
    cursor.execute(f"UPDATE reviews_auditevent SET {column} = %s WHERE id = %s", [value, event.id])
    assert cursor.rowcount == 1


def flip_a_bit(cursor: Any, rng: random.Random, base: Base) -> Shows:
    position = _any(rng, base)
    event, link = _event(base, position), base.links[position - 1]
    column = rng.choice([*vars(event), *(f"link.{name}" for name in vars(link) if name != "event")])
    value = getattr(link, column[5:]) if column.startswith("link.") else getattr(event, column)
    other: Any
    match column, value:
        case "id" | "link.event_id" | "link.position", number:
            other = number ^ (1 << rng.randint(20, 30))
        case "at", at:
            other = at + timedelta(microseconds=1 if at.microsecond % 2 == 0 else -1)
        case "link.salt", salt:
            other = f"{salt[:-1]}{int(salt[-1], 16) ^ 1:x}"
        case "change_id", None:
            other = 1
        case "old" | "new", None:
            other = "{}"
        case "old" | "new", text:
            other = other_json(text, rng)
        case _, int(number):
            other = number ^ (1 << rng.randrange(30))
        case _, "":
            other = "x"
        case _, text:
            other = flip(text, rng)
    if column.startswith("link."):
        cursor.execute(
            f"UPDATE reviews_auditlink SET {column[5:]} = %s WHERE position = %s", [other, position]
        )
        assert cursor.rowcount == 1
    else:
        _set(cursor, event, column, other)
    return Shows(position)


def _delete(cursor: Any, base: Base, first: int, last: int) -> Shows:
    ids = [link.event_id for link in base.links[first - 1 : last]]
    cursor.execute("DELETE FROM reviews_auditlink WHERE event_id = ANY(%s)", [ids])
    cursor.execute("DELETE FROM reviews_auditevent WHERE id = ANY(%s)", [ids])
    assert cursor.rowcount == len(ids)
    return Shows(first)


def delete_first(cursor: Any, rng: random.Random, base: Base) -> Shows:
    return _delete(cursor, base, 1, 1)


def delete_middle(cursor: Any, rng: random.Random, base: Base) -> Shows:
    position = rng.randint(2, base.end - 1)
    return _delete(cursor, base, position, position)


def delete_last(cursor: Any, rng: random.Random, base: Base) -> Shows:
    return _delete(cursor, base, base.end, base.end)


def truncate_tail(cursor: Any, rng: random.Random, base: Base) -> Shows:
    return _delete(cursor, base, rng.randint(2, base.end), base.end)


def swap_two(cursor: Any, rng: random.Random, base: Base) -> Shows:
    first, second = sorted(rng.sample(range(1, base.end + 1), 2))
    if rng.random() < 0.5:  # their places
        for old, new in ((first, FAR), (second, first), (FAR, second)):
            cursor.execute("UPDATE reviews_auditlink SET position = %s WHERE position = %s", [new, old])
    else:  # what they say
        for old, new in ((first, FAR), (second, _event(base, first).id), (FAR, _event(base, second).id)):
            was = FAR if old == FAR else _event(base, old).id
            cursor.execute("UPDATE reviews_auditevent SET id = %s WHERE id = %s", [new, was])
    return Shows(first)


def _shift(cursor: Any, behind: int) -> None:
    """Make room for a link behind a position."""
    cursor.execute("UPDATE reviews_auditlink SET position = position + %s WHERE position > %s", [FAR, behind])
    cursor.execute(
        "UPDATE reviews_auditlink SET position = position - %s WHERE position > %s", [FAR - 1, FAR]
    )


def _add_event(cursor: Any, event: Event) -> None:
    cursor.execute(
        f"INSERT INTO reviews_auditevent ({', '.join(vars(event))})"
        f" VALUES ({', '.join(['%s'] * len(vars(event)))})",
        list(vars(event).values()),
    )


def _add_link(cursor: Any, position: int, previous_hash: str, event: Event) -> str:
    salt = "11111111-2222-4333-8444-555555555555"
    commitment = commitment_of(event, salt)
    own = hash_of(position, previous_hash, event, commitment)
    cursor.execute(
        "INSERT INTO reviews_auditlink (position, event_id, previous_hash, salt, commitment, hash)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [position, event.id, previous_hash, salt, commitment, own],
    )
    return own


def _put_in(cursor: Any, rng: random.Random, base: Base, forged: Event) -> Shows:
    """Without a link, or with a good one behind a link that others follow.

    That one shows at the link that follows it, or at itself where a checkpoint knows what stood there.
    """
    _add_event(cursor, forged)
    if rng.random() < 0.5:
        return Shows(None, f"event {forged.id}")
    behind = rng.randint(1, base.end - 1)
    _shift(cursor, behind)
    cursor.execute("UPDATE reviews_auditlink SET previous_hash = 'moved' WHERE position = %s", [behind + 2])
    _add_link(cursor, behind + 1, base.links[behind - 1].hash, forged)
    known = any(each.position == behind + 1 for each in base.checkpoints)
    return Shows(behind + 1 if known else behind + 2)


def insert(cursor: Any, rng: random.Random, base: Base) -> Shows:
    event = _event(base, _any(rng, base))
    return _put_in(cursor, rng, base, replace(event, id=FAR + 1, actor="nobody", reason="It was never so."))


def duplicate(cursor: Any, rng: random.Random, base: Base) -> Shows:
    return _put_in(cursor, rng, base, replace(_event(base, _any(rng, base)), id=FAR + 2))


def change_time(cursor: Any, rng: random.Random, base: Base) -> Shows:
    position = _any(rng, base)
    event = _event(base, position)
    _set(cursor, event, "at", event.at - timedelta(seconds=rng.randint(1, 10**6)))
    return Shows(position)


def change_actor(cursor: Any, rng: random.Random, base: Base) -> Shows:
    position = _any(rng, base)
    event = _event(base, position)
    if rng.random() < 0.5:
        _set(cursor, event, "actor_id", event.actor_id + rng.randint(1, 1000))
    else:
        _set(cursor, event, "actor", f"{event.actor}{rng.randint(1, 9)}")
    return Shows(position)


def _chain_anew(cursor: Any, base: Base, changed: Event, start: int) -> Shows:
    """Hash everything from a link on again, as the trigger would have."""
    previous = base.links[start - 2].hash if start > 1 else base.links[0].previous_hash
    cursor.execute("DELETE FROM reviews_auditlink WHERE position >= %s", [start])
    for position in range(start, base.end + 1):
        event = changed if position == start else _event(base, position)
        previous = _add_link(cursor, position, previous, event)
    return Shows(base.first_checkpoint_from(start))


def chain_anew(cursor: Any, rng: random.Random, base: Base) -> Shows:
    position = _any(rng, base)
    event = _event(base, position)
    _set(cursor, event, "reason", "It was always so.")
    return _chain_anew(cursor, base, replace(event, reason="It was always so."), position)


def switch_off_and_edit(cursor: Any, rng: random.Random, base: Base) -> Shows:
    table, column, value = rng.choice(
        [
            ("reviews_question", "wording", "What else?"),
            ("reviews_position", "answer", "Another answer"),
            ("claims_outlet", "name", "Another name"),
            ("auth_user", "is_superuser", True),
            ("auth_user", "password", "known to the attacker"),
            ("auth_group", "name", "leads of leads"),
        ]
    )
    cursor.execute(f"SELECT id FROM {table} ORDER BY random() LIMIT 1")
    row = cursor.fetchone()
    if row is None:
        table, column, value = "auth_group", "name", "leads of leads"
        cursor.execute("SELECT id FROM auth_group ORDER BY random() LIMIT 1")
        row = cursor.fetchone()
    if rng.random() < 0.2:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row[0]])
    else:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row[0]])
    return Shows(None, f"{table} {row[0]}")


def edit_and_cover_up(cursor: Any, rng: random.Random, base: Base) -> Shows:
    """A row is changed behind the trail's back, and then another column of it as anybody may."""
    question = Question.objects.order_by("?").first()
    assert question is not None
    cursor.execute("UPDATE reviews_question SET wording = 'Where was it?' WHERE id = %s", [question.pk])
    cursor.execute("SET LOCAL session_replication_role = origin")
    audit.because(by=question.opened_by, action="note_event")
    cursor.execute("UPDATE reviews_question SET event = %s WHERE id = %s", [str(rng.random()), question.pk])
    return Shows(None, f"reviews_question {question.pk} before event")


def edit_and_chain_anew(cursor: Any, rng: random.Random, base: Base) -> Shows:
    """A row is changed, with the last event that wrote it down, so that both agree."""
    positions = [
        link.position
        for link in base.links
        if link.event and link.event.table_name == "reviews_question" and link.event.new is not None
    ]
    position = positions[-1]
    event = _event(base, position)
    cursor.execute("UPDATE reviews_question SET wording = 'Where was it?' WHERE id = %s", [event.row_id])
    cursor.execute(
        "UPDATE reviews_auditevent SET new = (SELECT to_jsonb(t) FROM reviews_question t WHERE t.id = row_id)"
        " WHERE id = %s RETURNING new::text",
        [event.id],
    )
    changed = replace(event, new=cursor.fetchone()[0])
    return _chain_anew(cursor, base, changed, position)


ATTACKS: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (
        *(flip_a_bit, delete_first, delete_middle, delete_last, swap_two, insert, duplicate, change_time),
        *(change_actor, chain_anew, truncate_tail, switch_off_and_edit, edit_and_cover_up),
        edit_and_chain_anew,
    )
}
