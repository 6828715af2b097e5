"""Who "he", "Roe" or "the ministry" is: every source of a text by the fullest name given before it.

A description is only resolved when one candidate is left; else it stays as written, listed as unresolved.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.document import Document, ReadSentence
from claims.extraction.entities import is_body
from claims.extraction.mentions import clean_name, find_mentions, name_key, names_person
from claims.extraction.noun_phrases import Phrase, phrase_after

_PERSONAL: Final = frozenset({"he", "she"})
_UNCLEAR: Final = frozenset({"he", "she", "it", "they", "i", "we", "you"})
_ISSUING: Final = frozenset({"issue", "release", "publish", "post"})
# How many paragraphs back "he" and "the spokesman" are looked for.
_REACH: Final = 2
# Of how many bodies of one kind ("ministry") a short name is looked up; a text with more is a directory.
_MOST_CANDIDATES: Final = 8
# How many turns of speech back "the official" is looked for.
_MOST_TURNS: Final = 16


@dataclass(frozen=True, slots=True)
class Named:
    """A speaker's name as resolved; `unresolved` is what could not be ("he"), or ""."""

    name: str
    is_person: bool
    unresolved: str = ""


@dataclass(frozen=True, slots=True)
class _Speaking:
    """Who spoke, in which paragraph, and the token where what they said ends."""

    name: str
    paragraph: int
    until: int
    is_person: bool


@dataclass(slots=True)
class _Known:
    """What has been named so far, in reading order. Who spoke last is None when that is not known."""

    surnames: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    bodies: dict[str, dict[frozenset[str], str]] = field(default_factory=lambda: defaultdict(dict))
    acronyms: dict[str, str] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    persons: deque[_Speaking] = field(default_factory=lambda: deque(maxlen=_MOST_TURNS))
    last: _Speaking | None = None
    last_person: _Speaking | None = None
    last_body: _Speaking | None = None
    statement_at: int = -1
    statement_of: _Speaking | None = None


class SpeakerNames:
    """Resolves the sources of one document, which have to be asked for in reading order."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known = _Known()
        self._mentions = find_mentions(document)
        self._starts = [mention.at for mention in self._mentions]
        self._heads = [
            at for at, token in enumerate(document.tokens) if token.lower in lexicon.COLLECTIVE_HEADS
        ]
        self._statements = [at for at, token in enumerate(document.tokens) if token.lower == "statement"]
        self._seen = 0

    def resolve(self, source: Phrase, *, cue_at: int, until: int, paragraph: int) -> Named:
        """Return the name of the source with its cue at token `cue_at` and its content up to `until`."""
        self._learn(max(cue_at, source.last))
        named = self._named(source, paragraph)
        speaking = None if named.unresolved else _Speaking(named.name, paragraph, until, named.is_person)
        self._note(source, named, speaking)
        mentioned = bisect_left(self._statements, max(until, source.last))
        if mentioned and self._statements[mentioned - 1] >= self._sentence_of(cue_at).first:
            self._known.statement_at = self._statements[mentioned - 1]
            self._known.statement_of = speaking
        return named

    def _note(self, source: Phrase, named: Named, speaking: _Speaking | None) -> None:
        """Remember who spoke; after somebody unknown, "he" or "it" may be them and is left open."""
        self._known.last = speaking
        if named.is_person:
            self._known.last_person = speaking
            if speaking is not None:
                self._known.persons.append(speaking)
            return
        if not _is_body_like(named.name):
            speaking = None
        self._known.last_body = speaking
        if speaking is None:
            return
        kinds = lexicon.COLLECTIVE_HEADS & set(named.name.lower().split())
        for kind in kinds | self._kinds_in_apposition(source):
            self._known.bodies[kind].setdefault(name_key(named.name), named.name)

    def _kinds_in_apposition(self, source: Phrase) -> set[str]:
        """Return "channel" for the source "Ritz TV, a television channel in Oslo"."""
        found: set[str] = set()
        for at in range(source.head_last + 1, source.last):
            if self._document.classes[at] in {words.PREPOSITION, words.PARTICIPLE, words.PRONOUN}:
                break
            found |= {self._document.tokens[at].lower} & lexicon.COLLECTIVE_HEADS
        return found

    def _learn(self, until: int) -> None:
        end = bisect_left(self._starts, until)
        for mention in self._mentions[self._seen : end]:
            if mention.kind == "acronym":
                self._known.acronyms.setdefault(mention.role, mention.name)
            elif mention.kind == "person":
                full = self._known.surnames[mention.name.split()[-1].lower()]
                if len(mention.name.split()) > 1 and mention.name not in full:
                    full.append(mention.name)
                if mention.role:
                    self._known.roles[mention.name].add(mention.role)
            else:
                self._known.bodies[mention.role].setdefault(name_key(mention.name), mention.name)
        self._seen = max(self._seen, end)

    def _named(self, source: Phrase, paragraph: int) -> Named:
        tokens = self._document.tokens
        first_word = tokens[source.first].lower
        if source.last - source.first == 1 and first_word in _UNCLEAR:
            return self._pronoun(source, first_word, paragraph)
        described = self._description(source, paragraph)
        if described is not None:
            return described
        clean = clean_name(self._document, source)
        if clean.is_person and clean.role:
            self._known.roles[clean.name].add(clean.role)
        if " " not in clean.name:
            return self._single_word(clean.name, clean.is_person)
        return Named(clean.name if clean.is_person else self._full_body_name(clean.name), clean.is_person)

    def _full_body_name(self, name: str) -> str:
        """Return the first name given to a body: "Observatory" -> "Coastal Observatory", if only one fits."""
        key = name_key(name)
        for head in sorted(lexicon.COLLECTIVE_HEADS & key):
            known = self._known.bodies.get(head, {})
            fitting = [known_key for known_key in islice(known, _MOST_CANDIDATES + 1) if key < known_key]
            fullest = max(fitting, key=len, default=frozenset())
            if fitting and len(known) <= _MOST_CANDIDATES and all(other <= fullest for other in fitting):
                return known[fullest]
            if key in known:
                return known[key]
        return name

    def _pronoun(self, source: Phrase, word: str, paragraph: int) -> Named:
        if word == "it":
            told_of = self._subject_before(source, paragraph)
            if told_of is not None:
                return told_of
        known = (
            self._known.last_person if word in _PERSONAL else self._known.last_body if word == "it" else None
        )
        if (
            known is not None
            and paragraph - known.paragraph <= _REACH
            and not self._names_another(known, source.first)
        ):
            return Named(known.name, is_person=word in _PERSONAL)
        return self._open(source.first, source.last)

    def _subject_before(self, source: Phrase, paragraph: int) -> Named | None:
        """Return the body the sentence before is about, if alone in it: "The union differs. It says"."""
        number = self._document.sentence_index(self._document.tokens[source.first].start) - 1
        if number < 0 or self._document.sentences[number].paragraph != paragraph:
            return None
        sentence = self._document.sentences[number]
        subject = self._subject(sentence)
        if subject is None or self._document.tokens[subject.first].lower in _UNCLEAR:
            return None
        others = range(subject.last, sentence.last)
        if any(self._document.tokens[at].lower in lexicon.COLLECTIVE_HEADS for at in others):
            return None
        if any(self._document.tokens[at].acronym for at in others):
            return None
        named = self._named(subject, paragraph)
        return named if is_body(named.name) and not named.is_person else None

    def _subject(self, sentence: ReadSentence) -> Phrase | None:
        """Return what a sentence opens with, if its verb follows at once."""
        if not sentence.is_prose or self._document.quotation_at[sentence.first] >= 0:
            return None
        subject = phrase_after(self._document, sentence.first, sentence.last)
        if subject is None or subject.last >= sentence.last:
            return None
        verb = self._document.classes[subject.last]
        return subject if verb in words.CLAUSE_MAKING else None

    def _names_another(self, known: _Speaking, before: int) -> bool:
        """Whether another person or body is named between what `known` said and token `before`."""
        if known.is_person:
            between = self._mentions[
                bisect_left(self._starts, known.until) : bisect_left(self._starts, before)
            ]
            return any(mention.kind == "person" and mention.name not in known.name for mention in between)
        words_of_name = set(known.name.lower().split())
        heads = self._heads[bisect_left(self._heads, known.until) : bisect_left(self._heads, before)]
        return any(self._document.tokens[at].lower not in words_of_name for at in heads)

    def _single_word(self, name: str, is_person: bool) -> Named:
        if name in self._known.acronyms:
            return Named(self._known.acronyms[name], is_person=False)
        full = self._known.surnames.get(name.lower(), [])
        if len(full) == 1:
            return Named(full[0], is_person=True)
        if len(full) > 1:
            last = self._known.last_person
            if last is not None and last.name in full:
                return Named(last.name, is_person=True)
            return Named(name, is_person=True, unresolved=name)
        return Named(name if is_person else self._full_body_name(name), is_person)

    def _description(self, source: Phrase, paragraph: int) -> Named | None:
        """Resolve "the ministry" and "the spokesman"; None when the source is no bare description."""
        document = self._document
        inside = range(source.first, source.head_last)
        is_named = any(document.classes[i] == words.NAME for i in inside) or names_person(document, source)
        if document.tokens[source.first].lower != "the" or is_named:
            return None
        first, last = source.first + 1, source.head_last
        head = document.tokens[source.head_last - 1].lower
        if head in lexicon.ROLES:
            return self._by_role(head, paragraph) or self._open(first, last, is_person=True)
        if head in lexicon.COLLECTIVE_HEADS:
            return self._by_kind(head, paragraph) or self._open(first, last)
        if head in lexicon.SETTINGS:
            owner = self._owner_of_statement(source, paragraph) if head == "statement" else None
            return self._open(first, last) if owner is None else Named(owner.name, owner.is_person)
        return None

    def _by_role(self, role: str, paragraph: int) -> Named | None:
        """Return the one speaker with this role, else the last person who spoke if theirs is not known."""
        recent = [turn for turn in self._known.persons if paragraph - turn.paragraph <= _REACH]
        fitting = {turn.name for turn in recent if role in self._known.roles.get(turn.name, set())}
        if len(fitting) == 1:
            return Named(fitting.pop(), is_person=True)
        last = self._known.last_person
        if fitting or last is None or paragraph - last.paragraph > _REACH or self._known.roles.get(last.name):
            return None
        return Named(last.name, is_person=True)

    def _by_kind(self, head: str, paragraph: int) -> Named | None:
        candidates = self._known.bodies.get(head, {})
        if len(candidates) == 1:
            return Named(next(iter(candidates.values())), is_person=False)
        last = self._known.last_body
        if last is not None and paragraph - last.paragraph <= _REACH and name_key(last.name) in candidates:
            return Named(last.name, is_person=False)
        return None

    def _owner_of_statement(self, source: Phrase, paragraph: int) -> _Speaking | Named | None:
        """Return who spoke in "the statement", or issued it; if none was mentioned, who spoke just before."""
        sentence = self._sentence_of(source.first)
        number = bisect_left(self._statements, sentence.first) - 1
        at = self._statements[number] if number >= 0 else -1
        mentioned = self._sentence_of(at) if at >= 0 else None
        if mentioned is None or paragraph - mentioned.paragraph > _REACH:
            last = self._known.last_body if self._known.last == self._known.last_body else None
            if last is None or paragraph - last.paragraph > 1 or self._names_another(last, sentence.first):
                return None
            return last
        if at == self._known.statement_at:
            return self._known.statement_of
        issuer = self._subject(mentioned)
        if issuer is None:
            return None
        verb = words.verb_base(self._document.tokens[issuer.last].lower)
        named = self._named(issuer, paragraph)
        return named if verb in _ISSUING and not named.unresolved else None

    def _sentence_of(self, at: int) -> ReadSentence:
        return self._document.sentences[self._document.sentence_index(self._document.tokens[at].start)]

    def _open(self, first: int, last: int, *, is_person: bool = False) -> Named:
        """Return a source as it is written, unresolved."""
        written = self._document.span(first, last).of(self._document.text)
        return Named(written, is_person, unresolved=written)


def _is_body_like(name: str) -> bool:
    """Whether "it" can be this speaker: a kind of body, or a name like "Oslo"; not "two witnesses"."""
    written = name.split()
    return is_body(name) or (written[0][:1].isupper() and written[-1][:1].isupper())
