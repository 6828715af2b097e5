"""What a reader is shown as a claim of its own about a noun: "Roe, a baker, left", "the tug that sank".

Precision goes before completeness. Such a part is made only when marks set it off right behind the one
noun it can speak of, so that it and the rest of the sentence both read well; otherwise it stays in its place.
"""

from typing import Final

from claims.extraction import lexicon
from claims.extraction.propositions.assertion import is_conditional
from claims.extraction.propositions.clauses import Asserted, Start
from claims.extraction.propositions.view import (
    AUXILIARIES,
    DASHES,
    RELATIVE_TAGS,
    SUBJECTS,
    View,
    Words,
    has_subject,
    is_clause,
    is_finite,
    relative_words,
    verb_lemma,
)

_ON_NOUNS: Final = frozenset({"appos", "acl", "acl:relcl"})
_IN_PHRASE: Final = frozenset(
    {"det", "det:predet", "amod", "nummod", "nmod:poss", "nmod:desc", "nmod", "compound", "flat", "goeswith"}
    | {"fixed", "appos"}
)
_CALENDAR: Final = lexicon.TIME_WORDS | frozenset(lexicon.MONTHS)
_EVENTS: Final = lexicon.word_set(
    "attack bombing blast explosion strike airstrike raid shelling shooting assault ambush clash fire crash "
    "collision accident storm flood earthquake quake protest march rally riot massacre bombardment bomb"
)
_DEFINITE: Final = frozenset({"the", "this", "that", "its", "his", "her", "their"})


def find_set_off(view: View) -> tuple[list[Start], list[Asserted]]:
    """Return the clauses and the facts to be told apart, and detach them from the view."""
    starts: list[Start] = []
    facts: list[Asserted] = []
    for at in range(view.first, view.last):
        if view.tokens[at].relation not in _ON_NOUNS or not view.shows(at) or not view.shows_head(at):
            continue
        words = sorted(view.subtree(at))
        if view.tokens[at].relation == "appos":
            subject = _subject(view, at, words[0]) if _is_set_off(view, words) else None
            if subject is not None and _says_what(view, at, words[0]):
                view.detached.add(at)
                facts.append(Asserted((*subject, *words), "apposition", words[0]))
            continue
        start = _clause(view, at, words) or _where(view, at, words)
        if start is not None:
            view.detached.add(at)
            starts.append(start)
    return starts, facts


def _is_set_off(view: View, words: list[int]) -> bool:
    """Whether a comma or dash stands before the words, a mark after them, and nothing else among them."""
    before, last = words[0] - 1, words[-1]
    if before < view.first or view.tokens[before].lower not in {",", *DASHES} or view.is_hyphen(before):
        return False
    if last + 1 < view.last and view.tokens[last + 1].relation != "punct":
        return False
    held = set(words)
    return all(at in held or not view.shows(at) for at in range(words[0], last))


def _says_what(view: View, at: int, opening: int) -> bool:
    """Whether an apposition says what its noun is: no name, office, age, day, example or list."""
    noun_at = view.tokens[at].head
    token, noun = view.tokens[at], view.tokens[noun_at]
    kind = view.tokens[opening].lower in {"a", "an", "one"} or token.tag == "JJS"
    if (token.pos != "NOUN" and not kind) or noun.pos not in {"NOUN", "PROPN"} or token.lower in _CALENDAR:
        return False
    if view.tokens[opening].relation in {"advmod", "case", "cc", "mark"} or _is_listed(view, at):
        return False
    if any(
        view.tokens[child].lower in {"no", *_CALENDAR} for child in (*view.below(at), *view.below(noun_at))
    ):
        return False
    return noun.lower not in _CALENDAR and token.lower not in lexicon.ROLES and not view.is_coordinated(at)


def _is_listed(view: View, at: int) -> bool:
    """Whether other appositions hang beside or on this one: "the land, the resources, the markets"."""
    near = (*view.below(view.tokens[at].head), *view.below(at))
    return any(
        other != at and view.tokens[other].relation == "appos" and view.is_after_comma(other)
        for other in near
    )


def _clause(view: View, at: int, words: list[int]) -> Start | None:
    """Return the start of the relative clause or participle of token `at`; None when it stays on its noun."""
    token, noun = view.tokens[at], view.tokens[at].head
    if not is_clause(view, at) or is_conditional(view, at) or view.tokens[noun].tag in RELATIVE_TAGS:
        return None
    linking = relative_words(view, at)
    if token.relation == "acl":
        told = token.tag == "VBN" and len(words) > 1 and not has_subject(view, at)
        told = (told and _is_set_off(view, words) and _is_subject(view, noun)) or _tells_event(view, at)
        subject = _subject(view, at, words[0]) if told else None
        return None if subject is None else Start(at, (subject,), kind="participle")
    own = {child for child in view.below(at) if view.tokens[child].relation in SUBJECTS}
    tied = bool(linking & own) or any(view.tokens[at].tag == "WP$" for at in words)
    particular = _is_set_off(view, words) or _is_particular(view, at) or _tells_event(view, at)
    if not tied or not is_finite(view, at) or not particular:
        return None
    subject = _subject(view, at, words[0])
    if subject is None or (linking & own and not _agrees(view, noun, at)):
        return None
    carried = () if linking & own else subject
    return Start(at, (subject,), carried, drop=linking, kind="relative clause")


def _agrees(view: View, noun: int, at: int) -> bool:
    """Whether the verb goes with the noun in number: what "has" is not said of the "problems at the port"."""
    plural = view.tokens[noun].tag in {"NNS", "NNPS"}
    group = [at, *(child for child in view.below(at) if view.tokens[child].relation in AUXILIARIES | {"cop"})]
    wrong = "VBZ" if plural else "VBP"
    return not any(view.tokens[part].tag == wrong for part in group)


def _is_particular(view: View, at: int) -> bool:
    """Whether a clause without comma tells what became of one definite thing: "the tug that sank"."""
    token, noun = view.tokens[at], view.tokens[at].head
    definite = any(view.tokens[child].lower in _DEFINITE for child in view.below(noun))
    return definite and token.tag == "VBD" and view.tokens[noun].tag == "NN" and _is_subject(view, noun)


def _where(view: View, at: int, words: list[int]) -> Start | None:
    """Return the start of what happened in a place: "in the village of Ost, |where a clerk was married|"."""
    token, noun = view.tokens[at], view.tokens[at].head
    linking = view.tokens[words[0]]
    if token.relation != "acl:relcl" or linking.lower != "where" or linking.tag != "WRB":
        return None
    named_place = view.tokens[noun].pos == "PROPN" or any(
        view.tokens[child].lower in _DEFINITE or view.tokens[child].pos == "PROPN"
        for child in view.below(noun)
    )
    past = "VBD" in {view.tokens[part].tag for part in (at, *view.below(at))}
    if not (named_place and past and has_subject(view, at)) or is_conditional(view, at):
        return None
    return Start(at, drop=frozenset({words[0]}))


def _tells_event(view: View, at: int) -> bool:
    """Whether a clause without comma tells who did something, or to whom: "a raid |carried out by rebels|".

    Of an event that nobody has named yet it picks out none of many; it is a fact of its own.
    """
    token, noun = view.tokens[at], view.tokens[at].head
    if view.tokens[noun].lemma not in _EVENTS or at < noun:
        return False
    determiners = {
        view.tokens[child].lower for child in view.below(noun) if view.tokens[child].relation == "det"
    }
    below = {view.tokens[child].relation for child in view.below(at)}
    if not determiners <= {"a", "an", "another", "one"}:
        return False
    if token.relation == "acl":
        says = verb_lemma(token) in lexicon.SPEECH
        return (token.tag == "VBG" and "obj" in below) or ("obl:agent" in below and not says)
    return token.tag == "VBD"


def _is_subject(view: View, noun: int) -> bool:
    return view.tokens[noun].relation in SUBJECTS


def _subject(view: View, at: int, opening: int) -> Words | None:
    """Return the whole phrase of the noun that ends right before `opening`.

    None when other words come between, or when another noun may be meant: one it is joined to, or, by what
    has no "who", one inside its phrase.
    """
    noun = view.tokens[at].head
    if noun >= opening or not view.is_nominal(noun) or view.tokens[noun].pos == "PRON":
        return None
    if view.is_coordinated(noun) or view.tokens[noun].relation == "conj":
        return None
    phrase = {word for word in view.phrase(noun, _IN_PHRASE) if word < opening}
    within = range(noun + 1, opening)
    if any(view.shows(word) and word not in phrase and not view.is_detached(word) for word in within):
        return None
    other = any(word > noun and view.tokens[word].relation == "nmod" for word in phrase)
    if other and view.tokens[at].relation == "appos":
        return None
    first = noun
    while first - 1 in phrase or (first - 2 in phrase and not view.shows(first - 1)):
        first -= 1
    return tuple(word for word in range(first, opening) if word in phrase and view.shows(word))
