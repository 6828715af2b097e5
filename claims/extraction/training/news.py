"""Sentences of conflict news with their trees, put together from our own word lists.

The treebanks hold web text and few wars: in them "shot" is a photograph and "down" a preposition. A few
hundred plain sentences teach the parser the verbs that the readers of this engine live with. They are about
form only; what they tell never happened and need make no sense.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from claims.extraction.training.treebanks import TreebankSentence


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a phrase; `head` counts from this word, 0 for the head of the phrase itself."""

    text: str
    tag: str
    pos: str
    lemma: str
    relation: str
    head: int = 0


_Phrase = list[_Word]

_PARTICLE_VERBS: Final = (
    ("shot", "shoot", "down"), ("shot", "shoot", "down"), ("brought", "bring", "down"),
    ("took", "take", "down"), ("gunned", "gun", "down"),
    ("blew", "blow", "up"), ("carried", "carry", "out"), ("set", "set", "off"), ("took", "take", "over"),
    ("drove", "drive", "out"),
)  # fmt: skip
_VERBS: Final = (
    ("downed", "down"), ("struck", "strike"), ("hit", "hit"), ("shelled", "shell"), ("bombed", "bomb"),
    ("targeted", "target"),
    ("shot", "shoot"), ("seized", "seize"), ("retook", "retake"), ("stormed", "storm"),
    ("besieged", "besiege"),
    ("ambushed", "ambush"), ("intercepted", "intercept"), ("evacuated", "evacuate"), ("raided", "raid"),
    ("jammed", "jam"),
)  # fmt: skip
_ACTORS: Final = (
    ("the", "coalition", "NN"), ("the", "army", "NN"), ("the", "navy", "NN"), ("the", "militia", "NN"),
    ("", "rebels", "NNS"),
    ("", "troops", "NNS"), ("government", "forces", "NNS"), ("the", "air force", "NN"),
    ("Russian", "warplanes", "NNS"),
    ("Turkish", "artillery", "NN"), ("border", "guards", "NNS"), ("a", "drone", "NN"),
    ("the", "US-led coalition", "NN"),
    ("Kurdish", "fighters", "NNS"), ("the", "SDF", "NNP"), ("the", "Pentagon", "NNP"), ("", "Moscow", "NNP"),
)  # fmt: skip
_TARGETS: Final = (
    ("the", "jet", "NN"), ("the", "Su-22", "NNP"), ("a", "MiG-29", "NNP"), ("a Syrian", "warplane", "NN"),
    ("the", "helicopter", "NN"),
    ("two", "drones", "NNS"), ("the", "convoy", "NN"), ("a", "hospital", "NN"), ("an air", "base", "NN"),
    ("the", "bridge", "NN"),
    ("three", "tanks", "NNS"), ("an Iranian-made", "drone", "NN"), ("the military", "airport", "NN"),
    ("the", "village", "NN"),
)  # fmt: skip
_PLACES: Final = (
    "Tabqa",
    "Raqqa",
    "Idlib",
    "Mosul",
    "Kherson",
    "Bakhmut",
    "Rafah",
    "Mekelle",
    "Khartoum",
    "Goma",
)
_DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_OUTCOMES: Final = (
    ("the", "pilot", "ejected", "eject"), ("the", "crew", "survived", "survive"),
    ("the", "aircraft", "crashed", "crash"),
    ("the", "building", "collapsed", "collapse"), ("the", "pilot", "died", "die"),
)  # fmt: skip
_SPEAKERS: Final = (
    ("the", "ministry", "NN"), ("the", "army", "NN"), ("", "officials", "NNS"),
    ("the Defense", "Ministry", "NNP"),
    ("a", "spokesman", "NN"), ("", "witnesses", "NNS"), ("the US", "military", "NN"),
    ("state", "media", "NN"),
)  # fmt: skip
_DETERMINERS: Final = frozenset({"the", "a", "an"})
_NUMBERS: Final = frozenset({"two", "three"})


def news_sentences(count: int, chance: random.Random) -> Iterator[TreebankSentence]:
    """Give `count` sentences: who struck what, where and when, what came of it, and who says so."""
    for _ in range(count):
        clause = _clause(chance)
        kind = chance.random()
        if kind < 0.25:
            words = _and_outcome(clause, chance)
        elif kind < 0.45:
            words = _said_after(clause, chance)
        elif kind < 0.65:
            words = _said_before(clause, chance)
        else:
            words = clause
        yield _as_sentence(words)


def _noun_phrase(given: Sequence[str], relation: str) -> _Phrase:
    before, noun, tag = given
    words = [*before.split(), *noun.replace("-led", " - led").split()]
    last = len(words) - 1
    found = []
    for at, word in enumerate(words):
        to_head = last - at
        if at == last:
            pos = "PROPN" if tag == "NNP" else "NOUN"
            lemma = word[:-1] if tag == "NNS" and word.endswith("s") else word
            found.append(_Word(word, tag, pos, lemma, relation))
        elif word in _DETERMINERS:
            found.append(_Word(word, "DT", "DET", "a" if word == "an" else word, "det", to_head))
        elif word in _NUMBERS:
            found.append(_Word(word, "CD", "NUM", word, "nummod", to_head))
        elif word == "-":
            found.append(_Word(word, "HYPH", "PUNCT", word, "punct", -1))
        elif word == "led":
            found.append(_Word(word, "VBN", "VERB", "lead", "amod", to_head))
        elif at + 1 < last and words[at + 1] == "-":
            found.append(_Word(word, "NNP", "PROPN", word, "compound", 2))
        elif word == "military" or (word[0].isupper() and word not in {"US", "Defense"}):
            found.append(_Word(word, "JJ", "ADJ", word, "amod", to_head))
        else:
            proper = word[0].isupper()
            found.append(
                _Word(
                    word, "NNP" if proper else "NN", "PROPN" if proper else "NOUN", word, "compound", to_head
                )
            )
    return found


def _prepositional(preposition: str, noun: str, relation: str) -> _Phrase:
    return [
        _Word(preposition, "IN", "ADP", preposition, "case", 1),
        _Word(noun, "NNP", "PROPN", noun, relation),
    ]


def _clause(chance: random.Random) -> _Phrase:
    subject = _noun_phrase(chance.choice(_ACTORS), "nsubj")
    target = _noun_phrase(chance.choice(_TARGETS), "obj")
    if chance.random() < 0.5:
        form, lemma, particle = chance.choice(_PARTICLE_VERBS)
        verb = [
            _Word(form, "VBD", "VERB", lemma, "root"),
            _Word(particle, "RP", "ADP", particle, "compound:prt"),
        ]
        if chance.random() < 0.25:
            verb, target = verb[:1], [*target, verb[1]]
    else:
        form, lemma = chance.choice(_VERBS)
        verb = [_Word(form, "VBD", "VERB", lemma, "root")]
    phrases = [subject, verb, target]
    if chance.random() < 0.5:
        phrases.append(
            _prepositional(chance.choice(["near", "in", "over", "outside"]), chance.choice(_PLACES), "obl")
        )
    if chance.random() < 0.4:
        phrases.append(_prepositional("on", chance.choice(_DAYS), "obl"))
    return _joined(phrases, root=1)


def _joined(phrases: Sequence[_Phrase], *, root: int) -> _Phrase:
    """Join phrases whose heads (`head` 0) hang on the first word of the phrase number `root`."""
    at_root = sum(len(phrase) for phrase in phrases[:root])
    words: _Phrase = []
    for phrase in phrases:
        for word in phrase:
            at = len(words)
            head = word.head if word.head else at_root - at
            words.append(_Word(word.text, word.tag, word.pos, word.lemma, word.relation, head))
    return words


def _shifted(words: _Phrase, relation: str, root_at: int) -> _Phrase:
    """Return a clause whose root now hangs on a word `root_at` places from its own root."""
    return [
        _Word(word.text, word.tag, word.pos, word.lemma, relation, root_at)
        if word.relation == "root"
        else word
        for word in words
    ]


def _root(words: _Phrase) -> int:
    return next(at for at, word in enumerate(words) if word.relation == "root")


def _and_outcome(clause: _Phrase, chance: random.Random) -> _Phrase:
    article, noun, verb, lemma = chance.choice(_OUTCOMES)
    root = _root(clause)
    at_verb = len(clause) + 3
    return [
        *clause,
        _Word("and", "CC", "CCONJ", "and", "cc", 3),
        _Word(article, "DT", "DET", article, "det", 1),
        _Word(noun, "NN", "NOUN", noun, "nsubj", 1),
        _Word(verb, "VBD", "VERB", lemma, "conj", root - at_verb),
    ]


def _said_after(clause: _Phrase, chance: random.Random) -> _Phrase:
    speaker = _speaker(chance)
    said_at = len(clause) + 1 + len(speaker)
    root = _root(clause)
    moved = _shifted(clause, "ccomp", said_at - root)
    comma = _Word(",", ",", "PUNCT", ",", "punct", said_at - len(clause))
    return [*moved, comma, *speaker, _Word("said", "VBD", "VERB", "say", "root")]


def _said_before(clause: _Phrase, chance: random.Random) -> _Phrase:
    speaker = _speaker(chance)
    that = [_Word("that", "IN", "SCONJ", "that", "mark", _root(clause) + 1)] if chance.random() < 0.5 else []
    moved = _shifted(clause, "ccomp", -(_root(clause) + len(that) + 1))
    return [*speaker, _Word("said", "VBD", "VERB", "say", "root"), *that, *moved]


def _speaker(chance: random.Random) -> _Phrase:
    phrase = _noun_phrase(chance.choice(_SPEAKERS), "nsubj")
    return [
        word if word.head else _Word(word.text, word.tag, word.pos, word.lemma, word.relation, 1)
        for word in phrase
    ]


def _as_sentence(words: _Phrase) -> TreebankSentence:
    root = _root(words)
    stop = _Word(".", ".", "PUNCT", ".", "punct", root - len(words))
    every = [*words, stop]
    texts = [word.text for word in every]
    texts[0] = texts[0][:1].upper() + texts[0][1:]
    glued = [at + 1 < len(every) and "-" in (every[at].text, every[at + 1].text) for at in range(len(every))]
    return TreebankSentence(
        words=texts,
        spaces=[
            not glue and at < len(every) - 1 and every[at + 1].text not in {",", "."}
            for at, glue in enumerate(glued)
        ],
        tags=[word.tag for word in every],
        parts_of_speech=[word.pos for word in every],
        lemmas=[word.lemma for word in every],
        heads=[at if word.relation == "root" else at + word.head for at, word in enumerate(every)],
        relations=[word.relation for word in every],
    )
