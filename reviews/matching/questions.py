"""Claims of a story -> its questions."""

from collections import defaultdict
from collections.abc import Iterable

from reviews.matching.events import Event, find_events
from reviews.matching.reading import read
from reviews.matching.slots import answers_of
from reviews.matching.terms import stem, words_of
from reviews.matching.stories import stories_of
from reviews.matching.types import MatchClaim, MatchedPosition, MatchedQuestion, OriginGroup

ON = frozenset("nmatp")


def match(claims: Iterable[MatchClaim]) -> list[MatchedQuestion]:
    """Return the questions of all stories among the claims, in an order that does not depend on theirs."""
    return [question for story in stories_of(claims) for question in match_story(story)]


def match_story(claims: Iterable[MatchClaim]) -> list[MatchedQuestion]:
    """Return the questions on which several claims of one story speak."""
    readings = sorted((read(claim) for claim in claims), key=lambda r: (r.claim.article, r.at, r.id))
    out = []
    for event in find_events(readings):
        by = defaultdict(list)
        for r in event.readings:
            for g in answers_of(r, ON):
                by[g.slot, g.about].append(g)
        for (slot, about), given in sorted(by.items()):
            out += _question(event, slot, about, given)
    return out


def _clusters(slot, given):
    if slot == "how many":
        keys = {id(g): g.value.answer for g in given}
    elif slot == "how":
        keys = {id(g): (g.value.bases, g.value.traits) for g in given}
    elif slot == "where":
        keys = {id(g): (g.value.key, g.value.rank if g.value.rank == 3 else 2, g.value.is_near) for g in given}
    else:
        keys = {}
        reps = []
        def stems(g):
            if slot == "who":
                return g.value.stems
            return frozenset(stem(w) for w in words_of(g.value) if len(w) > 3)
        for g in sorted(given, key=lambda g: (-len(stems(g)), g.reading.id)):
            st = stems(g)
            stance = g.value.stance if slot == "who" else ""
            for i, (s2, stance2) in enumerate(reps):
                if stance == stance2 and ((st and (st <= s2 or len(st & s2) >= 0.5 * min(len(st), len(s2)))) or (not st and not s2)):
                    keys[id(g)] = i
                    break
            else:
                keys[id(g)] = len(reps)
                reps.append((st, stance))
    cl = defaultdict(list)
    for g in given:
        cl[keys[id(g)]].append(g)
    return list(cl.values())


def _may(slot, a, b):
    x, y = a[0].value, b[0].value
    if slot in ("how many", "how"):
        return x.may_be(y)
    if slot == "where":
        return x.rank != y.rank or x.is_near or y.is_near
    if slot == "who":
        if x.stance == y.stance == "did":
            p = {"bomber", "attacker", "gunman", "assailant"}
            return bool(x.stems & p or y.stems & p)
        return "investigated" in (x.stance, y.stance)
    return False


def _question(event, slot, about, given):
    if len({g.reading.id for g in given}) < 2:
        return []
    cl = _clusters(slot, given)
    names = [f"{c[0].words} #{i}" for i, c in enumerate(cl)]
    ps = [
        MatchedPosition(
            answer=names[i],
            claims=tuple(sorted({g.reading.id for g in c})),
            reasons={g.reading.id: g.words for g in c},
            compatible_with=tuple(names[j] for j, d in enumerate(cl) if j != i and _may(slot, c, d)),
        )
        for i, c in enumerate(cl)
    ]
    return [
        MatchedQuestion(
            question=f"{slot} {about} {list(event.days.items())[:3]} {event.places.most_common(3)}",
            slot="how many",
            event="",
            contested=True,
            evolving=False,
            positions=tuple(ps),
        )
    ]
