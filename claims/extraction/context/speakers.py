"""Who a source is: "he", "Roe" or "the ministry" by the fullest name the text gives.

Names and apposed descriptions are known from the referents of the text (`coreference.py`). For the rest
whoever spoke just before comes first, then the referent ranked highest if that is sure; else it stays as it
is written.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from typing import Final, Protocol

from claims.extraction import lexicon
from claims.extraction.context.bodies import BodyNames
from claims.extraction.context.coreference import Coreference, Resolved
from claims.extraction.context.coreference_model import PERSON, PLACE
from claims.extraction.context.mentions import DEFINITE, NAME_TAGS, PRONOUNS
from claims.extraction.context.referents import Referent
from claims.extraction.context.watchers import Watchers
from claims.extraction.names.entities import is_body
from claims.extraction.parse.document import Document, Range, ReadSentence

_FIRST_PERSONS: Final = frozenset({"i", "we", "you"})
_PERSONAL: Final = frozenset({"he", "she"})
_ISSUED: Final = frozenset({"statement", "claim"})
_ISSUING: Final = frozenset({"issue", "release", "publish", "post"})
_WRITTEN: Final = lexicon.word_set(
    "report reports study data figures statistics survey poll analysis research estimates paper statement"
)
# How many paragraphs, and turns of speech, back "he" and "the spokesman" are looked for.
_REACH: Final = 2
_MOST_TURNS: Final = 16
# More likely than all else: whether "he" is whom a description without a name brought up.
_LIKELY: Final = 0.5


class Source(Protocol):
    """Tokens [first, last); `head_last` ends the source before its apposition ("Jane Roe|, a baker")."""

    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...
    @property
    def head_last(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Named:
    """A speaker's name as resolved; `unresolved` is what could not be ("he"), or ""."""

    name: str
    is_person: bool
    unresolved: str = ""


@dataclass(frozen=True, slots=True)
class _Turn:
    """Who spoke, in which paragraph, from which token up to which."""

    named: Named
    referent: Referent | None
    paragraph: int
    begins: int
    until: int


class SpeakerNames:
    """Resolves the sources of one document, which have to be asked for in reading order."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.coreference = Coreference(document)
        self._bodies_named = BodyNames(
            document, (resolved.mention for resolved in self.coreference.resolved.values())
        )
        self._watchers = Watchers(document, self.coreference)
        self._turns: deque[_Turn] = deque(maxlen=_MOST_TURNS)
        self._by_head: dict[str, list[int]] = defaultdict(list)
        for head, resolved in self.coreference.resolved.items():
            if resolved.mention.kind == "name" and not resolved.mention.bare:
                self._by_head[_sort_of(resolved.referent)].append(head)
        self._bodies = [
            at for at, token in enumerate(document.tokens) if token.lower in lexicon.COLLECTIVE_HEADS
        ]
        self._statements = [at for at, token in enumerate(document.tokens) if token.lower == "statement"]

    def resolve(self, source: Source, *, cue_at: int, until: int, paragraph: int) -> Named:
        """Return the name of the source with its cue at token `cue_at` and its content up to `until`."""
        head = self._head_of(source)
        named, referent = self._named(source, head, paragraph)
        self._turns.append(_Turn(named, referent, paragraph, min(source.first, cue_at), until))
        return named

    def _head_of(self, source: Source) -> int:
        """Return the token of the source that all others hang on, or of the name a title there introduces."""
        inside = range(source.first, source.head_last)
        tokens = self._document.tokens
        for at in inside:
            titled = self.coreference.resolved.get(at)
            if titled is not None and titled.mention.name[1] == source.head_last and titled.mention.titles:
                return at
        tops = [at for at in inside if tokens[at].head not in inside and tokens[at].relation != "punct"]
        spoken_of = [at for at in tops if at in self.coreference.resolved]
        return (spoken_of or tops or [source.first])[0]

    def _named(self, source: Source, head: int, paragraph: int) -> tuple[Named, Referent | None]:
        word = self._document.tokens[head].lower
        if source.last - source.first == 1 and word in _FIRST_PERSONS:
            return self._as_written(source.first, source.last, unresolved=True), None
        if self._names_several(source, head):
            return self._as_written(source.first, source.last), None
        named_kind = self.coreference.resolved.get(head + 1)
        if (
            word in lexicon.NAMED_KINDS
            and head + 1 < source.last
            and named_kind is not None
            and named_kind.referent.name
        ):
            return self._by_name(named_kind.referent), named_kind.referent
        resolved = self.coreference.resolved.get(head)
        beside = self._named_beside(source, head, resolved)
        if beside is not None:
            return self._by_name(beside), beside
        watcher = self._watchers.meant(source, head)
        if watcher is not None:
            return self._by_name(watcher), watcher
        body = self._fullest_body(resolved)
        if word in PRONOUNS:
            return self._by_turn(source, head, resolved, PRONOUNS[word], paragraph)
        if self._is_bare_description(source, head):
            named, referent = self._by_turn(source, head, resolved, word, paragraph)
            if body is None or not named.unresolved:
                return named, referent
        if body is not None:
            return body, None if resolved is None else resolved.referent
        if resolved is not None and self._is_sure(resolved) and self._document.tokens[head].tag in NAME_TAGS:
            return self._by_name(resolved.referent), resolved.referent
        return self._as_written(
            source.first, source.head_last
        ), None if resolved is None else resolved.referent

    def _names_several(self, source: Source, head: int) -> bool:
        """Whether the source is a list of names: "Paris, Lyon and Nice"."""
        inside = range(source.first, source.head_last)
        others = [at for at in self._document.children[head] if at in inside]
        tokens = self._document.tokens
        return tokens[head].tag in NAME_TAGS and any(
            tokens[at].relation == "conj"
            and any(tokens[i].relation == "cc" for i in self._document.children[at])
            for at in others
        )

    def _named_beside(self, source: Source, head: int, resolved: Resolved | None) -> Referent | None:
        """Return who a source names, itself or beside its description: "the mayor, |Jane Roe|"."""
        if resolved is not None and resolved.mention.kind == "name" and not resolved.mention.bare:
            return resolved.referent
        if resolved is not None and not resolved.kind and resolved.referent.name is not None:
            return resolved.referent
        author = self._author(head) or self._called(source)
        if author is not None:
            return author
        behind_comma = False
        for at in range(source.first, source.last):
            other = self.coreference.resolved.get(at)
            behind_comma = behind_comma or self._document.tokens[at].lower == ","
            if behind_comma and other is not None and other.mention.kind == "name":
                return other.referent if other.referent.kind(PERSON) > 0.5 else None
        return None

    def _author(self, head: int) -> Referent | None:
        """Return whose report or figures a source names: "a report by |the Harbour Board|"."""
        tokens = self._document.tokens
        if tokens[head].lower not in _WRITTEN:
            return None
        for at in self._document.children[head]:
            cases = {tokens[child].lower for child in self._document.children[at] if child < at}
            named = self.coreference.resolved.get(at)
            if named is None or named.mention.kind != "name" or named.mention.bare:
                continue
            if "by" in cases or ("from" in cases and named.referent.kind(PLACE) < _LIKELY):
                return named.referent
        return None

    def _called(self, source: Source) -> Referent | None:
        """Return whom a source gives a name with a word of its own: "a witness named |Roe|"."""
        for at in range(source.first + 1, source.last - 1):
            if self._document.tokens[at].lower not in {"named", "called"}:
                continue
            behind = (self.coreference.resolved.get(i) for i in range(at + 1, source.last))
            return next((one.referent for one in behind if one and one.mention.kind == "name"), None)
        return None

    def _by_name(self, referent: Referent) -> Named:
        assert referent.name is not None  # noqa: S101 - told by the callers, for the type checker
        body = self._bodies_named.fullest(referent.named_by) if referent.named_by is not None else None
        name = self._written(body or referent.name)
        return Named(name, _sort_of(referent) == "person" and not is_body(name))

    def _written(self, name: Range) -> str:
        return " ".join(self._document.span(*name).of(self._document.text).split())

    def _fullest_body(self, resolved: Resolved | None) -> Named | None:
        """Return the fullest name of a body that the source names or describes by its kind."""
        if resolved is None or resolved.mention.kind not in {"name", "nominal"}:
            return None
        name = self._bodies_named.fullest(resolved.mention)
        return None if name is None else Named(self._written(name), is_person=False)

    def _is_bare_description(self, source: Source, head: int) -> bool:
        """Whether the source only says a kind: "the ministry", "the spokesman", "his office"."""
        tokens = self._document.tokens
        opens = tokens[source.first].lower in DEFINITE or tokens[source.first].tag == "PRP$"
        telling = {"nmod", "acl", "acl:relcl"} - ({"acl:relcl"} if tokens[head].lower in _ISSUED else set())
        tells = any(tokens[at].relation in telling for at in self._document.children[head])
        return opens and not tells and (source.head_last - source.first <= 3 or tokens[head].lower in _ISSUED)

    def _by_turn(
        self, source: Source, head: int, resolved: Resolved | None, word: str, paragraph: int
    ) -> tuple[Named, Referent | None]:
        """Return who spoke before if the source may be them, else whom it most surely speaks of."""
        if word in lexicon.SETTINGS | _ISSUED:
            owner = self._owner_of_statement(head, paragraph) if word in _ISSUED else None
            if owner is not None and owner.name is not None:
                return self._by_name(owner), owner
            return self._as_written(source.first, source.head_last, unresolved=True), None
        goes_on = self._turn_just_before(word, head)
        if goes_on is not None:
            return goes_on.named, goes_on.referent
        told_of = self._subject_before(head) if word == "it" else None
        issuer = self._subject_of_clause(head)
        if issuer is not None:
            return self._by_subject(issuer), issuer.referent
        if told_of is not None:
            return self._by_subject(told_of), told_of.referent
        turn = self._last_turn(word, paragraph, head)
        if turn is not None:
            return turn.named, turn.referent
        if resolved is not None and self._is_sure(resolved):
            return self._by_name(resolved.referent), resolved.referent
        described = self._described(resolved)
        if described is not None:
            return described
        return self._as_written(source.first, source.head_last, unresolved=True), None

    def _described(self, resolved: Resolved | None) -> tuple[Named, Referent] | None:
        """Return whom nobody names by the words they are first spoken of with: "the coach" for "he"."""
        if resolved is None or resolved.kind in {"", "the"} or resolved.referent.name is not None:
            return None
        if resolved.probability < _LIKELY:
            return None
        first = self.coreference.resolved[resolved.referent.at].mention
        if first.kind != "nominal" or first.owner >= 0:
            return None
        written = self._as_written(first.first, first.last)
        return replace(written, is_person=written.is_person or resolved.kind == "he"), resolved.referent

    def _subject_of_clause(self, at: int) -> Resolved | None:
        """Return who says in a possessive what is theirs: "|the army| stood by its statement that"."""
        noun = self._document.tokens[at].head
        if self._document.tokens[at].relation != "nmod:poss" or noun < 0:
            return None
        verb = self._document.tokens[noun].head
        below = self._document.children[verb] if verb >= 0 else []
        subject = next((i for i in below if i < at and self._document.tokens[i].relation == "nsubj"), -1)
        return self.coreference.resolved.get(subject)

    def _subject_before(self, at: int) -> Resolved | None:
        """Return the body the sentence before is about, if alone in it: "The union differs. It says"."""
        tokens, here = self._document.tokens, self._sentence_of(at)
        if here.first == 0 or self._sentence_of(here.first - 1).paragraph != here.paragraph:
            return None
        before = self._sentence_of(here.first - 1)
        if not before.is_prose or self._document.quotation_at[before.first] >= 0:
            return None
        root = next((i for i in range(before.first, before.last) if tokens[i].head < 0), before.first)
        subject = next((i for i in self._document.children[root] if tokens[i].relation == "nsubj"), -1)
        resolved = self.coreference.resolved.get(subject)
        if resolved is None or resolved.mention.kind == "pronoun":
            return None
        others = range(resolved.mention.last, before.last)
        if any(tokens[i].lower in lexicon.COLLECTIVE_HEADS or tokens[i].acronym for i in others):
            return None
        is_a_body = tokens[subject].lower in lexicon.COLLECTIVE_HEADS or _sort_of(resolved.referent) == "body"
        return (
            resolved
            if is_a_body and resolved.mention.number != "plural" and not resolved.referent.is_group
            else None
        )

    def _by_subject(self, resolved: Resolved) -> Named:
        if resolved.referent.name is not None and self._is_sure(resolved):
            return self._by_name(resolved.referent)
        written = self._as_written(resolved.mention.first, resolved.mention.head + 1)
        return self._fullest_body(resolved) or written

    def _last_turn(self, word: str, paragraph: int, at: int) -> _Turn | None:
        """Return the last turn of speech of whom the word may mean, if nobody like them was named since."""
        is_person = word in _PERSONAL or word in lexicon.ROLES
        recent = [turn for turn in self._turns if paragraph - turn.paragraph <= _REACH]
        alike = [turn for turn in recent if turn.named.is_person == is_person]
        if word in _PERSONAL or word == "it":
            fitting = alike[-1:]
            if is_person and fitting and fitting[0].referent is not None:
                wanted = "male" if word == "he" else "female"
                fitting = [turn for turn in fitting if turn.referent and turn.referent.gender in {"", wanted}]
        else:
            fitting = [
                turn
                for turn in alike
                if turn.referent is not None and word in turn.referent.heads | turn.referent.words
            ]
            if len({id(turn.referent) for turn in fitting}) > 1:
                return None
            if not fitting and is_person:
                fitting = [
                    turn
                    for turn in alike[-1:]
                    if turn.referent is not None and not turn.referent.heads & lexicon.ROLES
                ]
        if not fitting or fitting[-1].named.unresolved or fitting[-1].referent is None:
            return None
        sort = "person" if is_person else "body"
        return None if self._names_another(fitting[-1], at, sort) else fitting[-1]

    def _turn_just_before(self, word: str, at: int) -> _Turn | None:
        """Return the body that says the whole sentence before, as who says "it said" goes on to speak."""
        if not self._turns or self._turns[-1].named.is_person or self._turns[-1].named.unresolved:
            return None
        turn = self._turns[-1]
        here, spoken = self._sentence_of(at), self._sentence_of(turn.begins)
        others = [one for one in self._turns if one.begins >= spoken.first]
        if spoken.last != here.first or spoken.paragraph != here.paragraph or len(others) > 1:
            return None
        fits = word == "it" or self._watchers.may_be(turn.referent, word)
        return turn if fits and turn.referent is not None else None

    def _names_another(self, turn: _Turn, before: int, sort: str) -> bool:
        """Whether somebody else of the sort is named between what was said in the turn and token `before`."""
        heads = self._by_head[sort]
        between = heads[bisect_left(heads, turn.until) : bisect_left(heads, before)]
        if any(self.coreference.resolved[at].referent is not turn.referent for at in between):
            return True
        own = turn.referent.words | turn.referent.heads if turn.referent is not None else set()
        bodies = self._bodies[bisect_left(self._bodies, turn.until) : bisect_left(self._bodies, before)]
        return sort == "body" and any(self._document.tokens[at].lower not in own for at in bodies)

    def _owner_of_statement(self, head: int, paragraph: int) -> Referent | None:
        """Return who issued the statement mentioned before, or spoke in it."""
        sentence = self._sentence_of(head)
        number = bisect_left(self._statements, sentence.first) - 1
        if number < 0:
            turn = self._turns[-1] if self._turns else None
            near = turn is not None and paragraph - turn.paragraph <= 1 and not turn.named.is_person
            return turn.referent if turn is not None and near and not turn.named.unresolved else None
        at = self._statements[number]
        mentioned = self._sentence_of(at)
        if paragraph - mentioned.paragraph > _REACH:
            return None
        speaking = [turn for turn in self._turns if turn.begins <= at < turn.until + 2 and turn.referent]
        if speaking:
            return speaking[-1].referent if not speaking[-1].named.unresolved else None
        verb = self._document.tokens[at].head
        if verb < 0 or self._document.tokens[verb].lemma not in _ISSUING:
            return None
        subjects = [
            self.coreference.resolved[child]
            for child in self._document.children[verb]
            if self._document.tokens[child].relation == "nsubj" and child in self.coreference.resolved
        ]
        return subjects[0].referent if subjects and self._is_sure(subjects[0]) else None

    def _is_sure(self, resolved: Resolved) -> bool:
        return self.coreference.name_of(resolved.mention.head) is not None

    def _sentence_of(self, at: int) -> ReadSentence:
        return self._document.sentences[self._document.sentence_index(self._document.tokens[at].start)]

    def _as_written(self, first: int, last: int, *, unresolved: bool = False) -> Named:
        tokens = self._document.tokens
        if last - first > 1 and tokens[first].lower in {"the", "a", "an"}:
            first += 1
        written = self._document.span(first, last).of(self._document.text)
        is_person = not is_body(written) and any(
            tokens[at].lower in lexicon.ROLES | _PERSONAL for at in range(first, last)
        )
        return Named(written, is_person, unresolved=written if unresolved else "")


def _sort_of(referent: Referent) -> str:
    return (
        "person"
        if referent.kind(PERSON) > 0.5 or referent.gender or referent.heads & lexicon.ROLES
        else "body"
    )
