"""Which predicates tell of the same kind of event: "shoot down", "destroy" and "raid" are all attacks.

The families are ours, made for comparing news reports. A predicate is a lemma, with its particle if it has one.
"""

from typing import Final

_FAMILIES: Final[dict[str, str]] = {
    "attack": (
        "attack, assault, bomb, bombard, shell, strike, hit, raid, ambush, target, shoot, shoot down, shoot at, "
        "gun down, down, destroy, blow up, fire, open fire, torpedo, sink, ram, burn, burn down, torch, storm, "
        "blast, pound, set fire, bring down, take down, demolish, wreck, wipe out, invade, overrun, clash, fight, "
        "hack, sabotage, vandalise, vandalize, counter-attack, retaliate, stab, loot, detonate"
    ),
    "kill": "kill, murder, assassinate, execute, slay, massacre, poison, behead, lynch, shoot dead, claim life",
    "die": "die, perish, drown, succumb, pass away, lose life, starve",
    "injure": "injure, wound, hurt, maim, burn, harm, sicken, infect",
    "damage": "damage, harm, crack, flood, ruin, scorch, contaminate, pollute, leak, spill, cut off, disrupt",
    "crash": "crash, collide, derail, collapse, capsize, run aground, sink, explode, burst, rupture, overturn, topple",
    "capture": "capture, seize, occupy, take over, take control, retake, recapture, liberate, annex, hijack, besiege",
    "detain": "detain, arrest, jail, imprison, hold, round up, take into custody, intern, kidnap, abduct, take hostage",
    "release": "release, free, let go, liberate, pardon, bail, acquit, hand over, parole",
    "charge": "charge, indict, accuse, prosecute, arraign, book",
    "convict": "convict, find guilty, plead guilty",
    "acquit": "acquit, clear, exonerate, find innocent, overturn, quash",
    "sentence": "sentence, fine, condemn, order to pay",
    "sue": "sue, file suit, litigate, take to court, appeal",
    "rule": "rule, uphold, strike down, dismiss, overrule, adjudge, decide",
    "investigate": "investigate, probe, inspect, examine, search, audit, look into, review, inquire",
    "launch": "launch, start, begin, open, kick off, set up, found, establish, create, initiate, introduce, roll out",
    "end": "end, stop, halt, cease, finish, conclude, cancel, scrap, call off, abandon, suspend, terminate, freeze",
    "close": "close, shut, shut down, close down, seal, seal off, block, blockade",
    "open": "open, reopen, inaugurate, unveil",
    "delay": "delay, postpone, put off, defer, adjourn",
    "deploy": "deploy, send, dispatch, station, move in, mobilise, mobilize, reinforce, position",
    "withdraw": "withdraw, pull out, retreat, leave, evacuate, pull back, vacate, quit",
    "displace": "displace, flee, evacuate, expel, deport, evict, escape, uproot",
    "travel": "travel, go, fly, sail, drive, visit, arrive, depart, return, come, head, land, enter, cross, tour, reach",
    "meet": "meet, talk, negotiate, confer, hold talks, convene, gather, sit down, host, receive",
    "agree": "agree, sign, ratify, approve, endorse, accept, back, support, adopt, strike deal, reach agreement, seal",
    "refuse": "refuse, reject, turn down, veto, oppose, decline, block, rebuff, vote down, boycott",
    "violate": "violate, breach, break, infringe, flout, defy",
    "ban": "ban, prohibit, outlaw, bar, forbid, restrict, sanction, censor, embargo, revoke, blacklist",
    "allow": "allow, permit, authorise, authorize, legalise, legalize, let, license, lift, grant, approve",
    "demand": "demand, call for, urge, ask, request, appeal, order, press, require, seek",
    "promise": "promise, pledge, vow, commit, guarantee, undertake",
    "threaten": "threaten, warn",
    "deny": "deny, refute, dispute, contradict, rebut, disavow",
    "speech": (
        "say, tell, state, claim, announce, report, add, declare, confirm, explain, note, insist, argue, stress, "
        "allege, assert, comment, reply, respond, reveal, disclose, mention, testify, admit, acknowledge, concede, "
        "tweet, write, publish, describe, call, name, point out, suggest, repeat"
    ),
    "criticise": "criticise, criticize, condemn, denounce, blame, slam, attack, decry, deplore, rebuke, blast, protest",
    "praise": "praise, welcome, hail, thank, applaud, congratulate, commend, celebrate",
    "believe": "believe, think, suspect, expect, assume, fear, hope, consider, doubt, estimate, predict, forecast",
    "elect": "elect, vote, re-elect, vote in, choose, nominate, select",
    "appoint": "appoint, name, nominate, hire, install, swear in, promote, take office, recruit, sign up, succeed",
    "resign": "resign, step down, quit, retire, stand down, abdicate, leave office",
    "dismiss": "dismiss, sack, fire, oust, remove, suspend, lay off, topple, overthrow, impeach, depose, strip",
    "win": "win, beat, defeat, triumph, prevail, top, outscore, clinch, secure, earn, take gold, score, qualify",
    "lose": "lose, concede, fall to, bow out, miss out, forfeit",
    "draw": "draw, tie",
    "rise": "rise, increase, grow, climb, surge, soar, gain, double, triple, go up, raise, expand, accelerate, boost",
    "fall": "fall, drop, decrease, decline, plunge, shrink, slump, tumble, sink, slip, halve, go down, cut, lower, reduce, ease",
    "cost": "cost, total, amount, be worth, be priced, value, exceed",
    "buy": "buy, purchase, acquire, take over, order, import, procure, rent, lease",
    "sell": "sell, auction, export, dispose, divest, supply, ship",
    "pay": "pay, spend, invest, fund, finance, donate, compensate, subsidise, subsidize, lend, owe, refund",
    "steal": "steal, rob, embezzle, defraud, launder, smuggle, bribe, forge, extort",
    "build": "build, construct, make, produce, manufacture, develop, design, assemble, erect, install",
    "find": "find, discover, detect, identify, uncover, spot, locate, unearth, observe, recover, trace",
    "show": "show, indicate, demonstrate, prove, suggest, establish",
    "test": "test, trial, try out, measure, experiment",
    "cause": "cause, trigger, lead to, result in, spark, provoke, bring about, prompt, contribute",
    "help": "help, assist, aid, rescue, save, protect, treat, cure, relieve, vaccinate",
    "use": "use, employ, apply, exploit, wield",
    "possess": "have, own, hold, possess, contain, include, carry, store",
    "protest": "protest, demonstrate, march, strike, rally, riot, picket, walk out",
    "lead": "lead, head, chair, run, command, direct, oversee, govern",
    "join": "join, enter, merge, unite, enlist, ally",
    "share": "share, provide, give, deliver, hand, distribute, offer, supply, transfer, issue",
}

# What "carried out an attack on" and "paid a visit to" are about: the noun's own verb.
_NOUNS_OF_DEEDS: Final[dict[str, str]] = {
    noun: verb
    for entry in (
        "attack:attack strike raid assault offensive bombing shelling airstrike ambush bombardment operation;"
        "kill:killing murder assassination execution massacre;arrest:arrest;visit:visit trip tour;"
        "withdraw:withdrawal retreat;announce:announcement;state:statement;decide:decision;meet:meeting talk;"
        "investigate:investigation inquiry probe;search:search;test:test trial;inspect:inspection;sell:sale;"
        "buy:purchase;promise:promise pledge;threaten:threat;accuse:accusation allegation;crack:crackdown;"
        "protest:protest demonstration rally;rescue:rescue;deploy:deployment;evacuate:evacuation;sign:signature;"
        "violate:violation breach;launch:launch;appeal:appeal;vote:vote;offer:offer;increase:increase;cut:cut"
    ).split(";")
    for verb, nouns in [entry.split(":")]
    for noun in nouns.split()
}
_LIGHT_VERBS: Final = frozenset(
    {
        "carry out",
        "conduct",
        "launch",
        "stage",
        "mount",
        "make",
        "pay",
        "perform",
        "undertake",
        "hold",
        "commit",
        "take",
        "issue",
        "execute",
    }
)

# Where the other party of an event stands when it is no object: "fired on the bus", "met with the mayor".
_TARGET_PREPOSITIONS: Final[dict[str, frozenset[str]]] = {
    "attack": frozenset({"on", "at", "against", "into", "with"}),
    "crash": frozenset({"into", "with"}),
    "meet": frozenset({"with"}),
    "agree": frozenset({"on", "to", "with"}),
    "withdraw": frozenset({"from"}),
    "travel": frozenset({"to", "into"}),
    "investigate": frozenset({"into"}),
    "demand": frozenset({"for"}),
    "lose": frozenset({"to", "against"}),
    "win": frozenset({"against"}),
    "join": frozenset({"with"}),
    "cause": frozenset({"to", "in"}),
    "protest": frozenset({"against"}),
}


def _by_predicate() -> dict[str, str]:
    found: dict[str, str] = {}
    for family, listed in _FAMILIES.items():
        for predicate in listed.split(", "):
            # A predicate of two families belongs to the one whose event it names first, as written above.
            found.setdefault(predicate, family)
    return found


_FAMILY_OF: Final = _by_predicate()


def family_of(predicate: str) -> str:
    """Return the family of a predicate, "" when it is in none.

    >>> family_of("shoot down"), family_of("withdraw"), family_of("hum")
    ('attack', 'withdraw', '')
    """
    return _FAMILY_OF.get(predicate, "")


def deed_of(verb: str, noun: str) -> str:
    """Return the verb a light verb and its object stand for, "" when the verb is to be taken literally.

    >>> deed_of("carry out", "raid"), deed_of("launch", "rocket")
    ('attack', '')
    """
    return _NOUNS_OF_DEEDS.get(noun, "") if verb in _LIGHT_VERBS else ""


def target_prepositions(predicate: str) -> frozenset[str]:
    """Return the prepositions before the target of a predicate that has no object."""
    return _TARGET_PREPOSITIONS.get(family_of(predicate), frozenset())
