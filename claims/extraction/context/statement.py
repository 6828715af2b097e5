"""A proposition as a sentence that can be read alone, and what still keeps it from that.

What is not the text's own wording there stands in square brackets: a name in the place of a pronoun ("[Roe]
left"), a name or day that explains the words before it ("the ministry [Ministry of Trade]", "on Sunday
[18 June 2017]"), a verb that the sentence lacks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from claims.extraction import lexicon
from claims.extraction.attribution.cues import Reading
from claims.extraction.context.coreference import Coreference, Resolved
from claims.extraction.context.dates import find_moments, is_relative
from claims.extraction.context.mentions import PRONOUNS, REFLEXIVES, Mention
from claims.extraction.context.referents import Referent
from claims.extraction.context.speakers import Named
from claims.extraction.parse.document import Document, Range
from claims.extraction.propositions.splitting import Piece, supplied_verb
from claims.extraction.types import Moment

_SINGULAR_FIRST: Final = frozenset({"i", "me", "my", "mine", "myself"})
_PLURAL_FIRST: Final = frozenset({"we", "us", "our", "ours", "ourselves"})
_EMPHATIC: Final = REFLEXIVES | {"myself", "ourselves"}
_BODY_PRONOUNS: Final = frozenset({"it", "they"})
_POINTING: Final = lexicon.word_set("this these those that here")
_ARGUMENTS: Final = frozenset({"nsubj", "nsubj:pass", "obj"})
_AHEAD: Final = frozenset({"will", "'ll", "shall", "would", "due"})
_FINITE_PLURAL: Final = frozenset({"VBP"})


@dataclass(frozen=True, slots=True)
class Standing:
    """A statement and the words in it that only its surroundings explain."""

    statement: str
    unresolved: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    """What becomes of the tokens of a piece: `instead` of one, or `after` it; and the words left unclear."""

    instead: dict[int, str] = field(default_factory=dict)
    after: dict[int, str] = field(default_factory=dict)
    unclear: list[tuple[int, str]] = field(default_factory=list)


def alone(
    document: Document,
    piece: Piece,
    speaker: Named | None,
    published_at: date | None,
    *,
    follows_cue: bool = False,
    coreference: Coreference | None = None,
) -> Standing:
    """Return the piece as a sentence.

    "I" is the `speaker`, and so is, in indirect speech that `follows_cue`, a leading "he" or "it" of which
    nothing else is known. Other pronouns and descriptions are named by the `coreference`, if it is sure.
    """
    draft = _Draft()
    leading = piece[0][0] if follows_cue else -1
    _Naming(document, piece, speaker, coreference).write(draft, leading=leading)
    _date_moments(document, piece, published_at, draft)
    unresolved = [word for _, word in sorted(draft.unclear)]
    if speaker is not None and speaker.unresolved:
        unresolved.insert(0, speaker.unresolved)
    return Standing(_sentence(_rendered(document, piece, draft)), tuple(dict.fromkeys(unresolved)))


def with_cue(
    document: Document,
    reading: Reading,
    piece: Piece,
    speaker: Named,
    published_at: date | None,
    *,
    coreference: Coreference | None = None,
) -> Standing:
    """Return "Roe denied that ...": for denials, and for contents that are no sentence by themselves."""
    first = piece[0][0]
    if first > reading.content[0][0] and document.tokens[first - 1].lower == "that":
        first -= 1
    said = ((first, piece[0][1]), *piece[1:])
    draft = _Draft()
    _Naming(document, said, speaker, coreference).write(draft, leading=-1)
    _date_moments(document, said, published_at, draft)
    unresolved = [word for _, word in sorted(draft.unclear)]
    if speaker.unresolved:
        unresolved.insert(0, speaker.unresolved)
    cue = document.span(*reading.cue).of(document.text)
    text = f"{speaker.name} {cue} {_rendered(document, said, draft)}"
    if (
        reading.form == "object"
        and reading.source is not None
        and said[-1][1] <= reading.cue[0] < reading.source.first
    ):
        was = "were" if document.tokens[said[-1][1] - 1].tag in {"NNS", "NNPS"} else "was"
        told = cue if reading.cue[1] - reading.cue[0] > 1 else f"[{was}] {cue}"
        text = f"{_rendered(document, said, draft)} {told} by {speaker.name}"
    return Standing(_sentence(" ".join(text.split())), tuple(dict.fromkeys(unresolved)))


class _Naming:
    """Names the pronouns and descriptions of one piece, each referent once, in the order of the text."""

    def __init__(
        self, document: Document, piece: Piece, speaker: Named | None, coreference: Coreference | None
    ) -> None:
        self._document = document
        self._tokens = [at for part in piece for at in range(*part)]
        self._speaker = speaker
        self._coreference = coreference
        self._named: set[int] = set()
        # The pronouns that mean the speaker once their name was given: "he" after a leading "he".
        self._speakers: set[str] = set()

    def write(self, draft: _Draft, *, leading: int) -> None:
        """Note in the draft what becomes of each; a pronoun at token `leading` may be the speaker."""
        for at in self._tokens:
            token = self._document.tokens[at]
            base = PRONOUNS.get(token.lower)
            if token.tag in {"PRP", "PRP$"} and base is None:
                self._first_person(at, token.lower, draft)
            elif token.tag in {"PRP", "PRP$"} and base is not None:
                if not _is_empty(self._document, at):
                    self._pronoun(at, base, draft, leading=leading)
            elif self._coreference is not None and at in self._coreference.resolved:
                self._phrase(at, self._coreference.resolved[at], draft)
            elif token.lower in _POINTING and token.tag == "DT" and token.relation in _ARGUMENTS:
                draft.unclear.append((at, token.lower))

    def _first_person(self, at: int, word: str, draft: _Draft) -> None:
        if self._speaker is None or not _is_speaker(word, self._speaker):
            draft.unclear.append((at, word))
        else:
            _replace(self._document, at, self._speaker.name, draft)

    def _pronoun(self, at: int, base: str, draft: _Draft, *, leading: int) -> None:
        referent = self._known(at)
        if base in self._speakers or (referent is not None and id(referent) in self._named):
            return
        name = _name(self._document, referent)
        if referent is not None:
            self._named.add(id(referent))
        elif at == leading and self._speaker is not None and _may_be(base, self._speaker):
            name = self._speaker.name
            self._speakers.add(base)
        if name is not None:
            _replace(self._document, at, name, draft)
        elif not self._is_bound(at):
            draft.unclear.append((at, self._document.tokens[at].lower))

    def _known(self, at: int) -> Referent | None:
        """Return of whom a mention speaks, if that is sure."""
        if self._coreference is None or self._coreference.name_of(at) is None:
            return None
        return self._coreference.resolved[at].referent

    def _is_bound(self, at: int) -> bool:
        """Whether the piece itself says whom a pronoun means: "the crew left its ship"."""
        if self._document.tokens[at].lower in REFLEXIVES:
            return True
        if self._coreference is None or at not in self._coreference.resolved:
            return False
        resolved = self._coreference.resolved
        return any(
            other in resolved
            and resolved[other].referent is resolved[at].referent
            and resolved[other].mention.kind != "pronoun"
            for other in self._tokens
            if other < at
        )

    def _phrase(self, at: int, resolved: Resolved, draft: _Draft) -> None:
        """Put the name behind "the ministry"; what the piece names itself needs no name later on."""
        mention, referent = resolved.mention, resolved.referent
        if mention.kind == "name" and not mention.bare:
            self._named.add(id(referent))
            return
        if not resolved.kind or mention.first == at:
            return
        name = _name(self._document, self._known(at))
        if name is None:
            opening = self._document.tokens[mention.first].lower
            if opening in _POINTING and mention.last - mention.first == 2:
                draft.unclear.append((at, f"{opening} {self._document.tokens[at].lower}"))
            return
        if id(referent) not in self._named and not _says_name(self._document, mention, referent):
            end = mention.last if mention.last - 1 in self._tokens else at + 1
            draft.after[end - 1] = f" [{name}]"
        self._named.add(id(referent))


def _says_name(document: Document, mention: Mention, referent: Referent) -> bool:
    """Whether a description says as much as the name: "the Oslo ministry" for "Ministry"."""
    said = {document.tokens[at].lower for at in range(mention.first, mention.last)}
    return set(referent.key) <= said


def _name(document: Document, referent: Referent | None) -> str | None:
    if referent is None or referent.name is None:
        return None
    return " ".join(document.span(*referent.name).of(document.text).split())


def _is_speaker(word: str, speaker: Named) -> bool:
    """Whether a first person is the speaker: "I" a person, "we" a body."""
    if speaker.unresolved:
        return False
    return word in _SINGULAR_FIRST if speaker.is_person else word in _PLURAL_FIRST


def _may_be(base: str, speaker: Named) -> bool:
    if speaker.unresolved:
        return False
    return base in {"he", "she"} if speaker.is_person else base in _BODY_PRONOUNS


def _is_empty(document: Document, at: int) -> bool:
    """Whether "it" points to nothing: "it is clear that ...", "it rained"."""
    token = document.tokens[at]
    if token.lower != "it":
        return False
    if token.relation == "expl":
        return True
    below = document.children[token.head] if token.head >= 0 else []
    relations = {document.tokens[child].relation for child in below if child > at}
    has_be = any(document.tokens[child].relation in {"cop", "aux:pass"} for child in below)
    return "csubj" in relations or (has_be and bool(relations & {"ccomp", "csubj:pass", "xcomp"}))


def _replace(document: Document, at: int, name: str, draft: _Draft) -> None:
    """Put the name for the pronoun, or behind it where the verb would not agree ("I [Jane Roe] am")."""
    token = document.tokens[at]
    if token.tag == "PRP$":
        draft.instead[at] = f"[{_possessive(name)}]"
    elif token.lower in _EMPHATIC or _has_plural_verb(document, at):
        draft.after[at] = f" [{name}]"
    else:
        draft.instead[at] = f"[{name}]"


def _has_plural_verb(document: Document, at: int) -> bool:
    """Whether the pronoun is the subject of a form that goes with "I" or "they" only."""
    token = document.tokens[at]
    if token.relation not in {"nsubj", "nsubj:pass"} or token.lower in {"he", "she", "it"}:
        return False
    verbs = [token.head, *document.children[token.head]]
    return any(
        document.tokens[verb].tag in _FINITE_PLURAL or document.tokens[verb].lower == "were" for verb in verbs
    )


def _date_moments(document: Document, piece: Piece, published_at: date | None, draft: _Draft) -> None:
    """Put the days behind "Sunday" and "last week", or note that they are not known."""
    ahead = any(document.tokens[at].lower in _AHEAD for part in piece for at in range(*part))
    for first, last in piece:
        start, end = document.tokens[first].start, document.tokens[last - 1].end
        for moment in find_moments(document.text, start, end, published_at=published_at, ahead=ahead):
            if not is_relative(moment):
                continue
            at = next(at for at in range(first, last) if document.tokens[at].end >= moment.span.end)
            if moment.earliest is None or moment.latest is None:
                draft.unclear.append((at, moment.text))
            else:
                draft.after[at] = f" [{_days(moment)}]"


def _days(moment: Moment) -> str:
    """Return "18 June 2017", "June 2017", "2017", or the first and last day of anything else."""
    first, last = moment.earliest, moment.latest
    assert first is not None  # noqa: S101 - told by the caller, for the type checker
    assert last is not None  # noqa: S101
    if first == last:
        return _day(first)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    whole_month = first.day == 1 and (first.year, first.month) == (last.year, last.month) and last.day > 27
    if whole_month:
        return f"{lexicon.MONTHS[first.month - 1].capitalize()} {first.year}"
    return f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {lexicon.MONTHS[day.month - 1].capitalize()} {day.year}"


def _rendered(document: Document, piece: Piece, draft: _Draft) -> str:
    verb = supplied_verb(document, piece)
    parts = [_part(document, part, draft) for part in piece]
    if verb:
        parts.insert(1, f"[{verb}]")
    elif len(parts) > 1 and document.tokens[piece[1][0]].lower == "whose":
        owner = _possessive(parts.pop(0).strip("[]"))
        parts[0] = (
            f"[{owner}]{parts[0].removeprefix(document.span(piece[1][0], piece[1][0] + 1).of(document.text))}"
        )
    return " ".join(parts)


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _part(document: Document, part: Range, draft: _Draft) -> str:
    return " ".join("".join(_written(document, part, draft)).split())


def _written(document: Document, part: Range, draft: _Draft) -> Iterator[str]:
    first, last = part
    for at in range(first, last):
        token = document.tokens[at]
        if at > first:
            yield document.text[document.tokens[at - 1].end : token.start]
        yield draft.instead.get(at, document.text[token.start : token.end])
        yield draft.after.get(at, "")


def _sentence(text: str) -> str:
    at = 1 if text.startswith("[") else 0
    raised = text[at : at + 1].upper()
    text = text[:at] + raised + text[at + 1 :] if len(raised) == 1 else text
    return text if text.endswith((".", "!", "?", "…")) else text + "."
