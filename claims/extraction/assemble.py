"""Facts in a sentence -> claims: who asserts which proposition, and whether it can be read alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from claims.extraction import check_worthiness, lexicon
from claims.extraction.attribution.attributions import Attributed, kind_of, read_attributions
from claims.extraction.context.coreference import Coreference
from claims.extraction.context.speakers import Named, SpeakerNames
from claims.extraction.context.statement import Standing, alone, with_cue
from claims.extraction.frames.frame import read_frame, speech_frame
from claims.extraction.parse.document import Document, Range, ReadSentence, read_document
from claims.extraction.parse.language import looks_english, unread
from claims.extraction.parse.pipeline import DEFAULT
from claims.extraction.propositions import splitting
from claims.extraction.propositions.splitting import Piece
from claims.extraction.types import ClaimKind, Cue, ExtractedClaim, Frame, SpeakerMention

ENGINE_NAME: Final = "default"
ENGINE_VERSION: Final = "0.6.0"

_FEWEST_WORDS: Final = 2
_LONGEST_ADDRESS: Final = 8
# What is said is a statement in these; in the other forms it is a thing that somebody has an attitude to ...
_STATING: Final = frozenset({"clause", "quotation", "around", "according", "label", "reputed", "continued"})
# ... unless the verb makes it one: who promises or expects "to leave" says that they will.
_COMMITTING: Final = lexicon.word_set(
    "promise pledge vow swear threaten undertake guarantee warn expect forecast predict project anticipate "
    "estimate believe consider call accuse blame describe brand label dub claim count"
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """The claims of an article in reading order; `note` says in one sentence what was not read, or is ""."""

    claims: list[ExtractedClaim]
    note: str


def extract_claims(
    text: str,
    *,
    title: str = "",
    outlet: str = "",
    published_at: date | None = None,
    pipeline: str = DEFAULT,
) -> list[ExtractedClaim]:
    """Return the claims of an article in reading order; [] when it asserts nothing. See `extract`."""
    return extract(text, title=title, outlet=outlet, published_at=published_at, pipeline=pipeline).claims


def extract(
    text: str,
    *,
    title: str = "",
    outlet: str = "",
    published_at: date | None = None,
    pipeline: str = DEFAULT,
) -> Extracted:
    """Find the claims of an article.

    Lines that repeat the `title` or an earlier line are not claimed again. `outlet` keeps the outlet's own
    name at the end of a headline from being taken for a speaker; `published_at` dates "on Sunday"; `pipeline`
    names another spaCy pipeline for the parse. Raises UnknownPipeline.
    """
    document = read_document(text, pipeline=pipeline)
    note = unread(document)
    if not looks_english(document):
        return Extracted([], note)
    attributed = read_attributions(document)
    repeated = _repeated_paragraphs(document, title)
    names = SpeakerNames(document)
    article = _Article(
        document,
        attributed,
        _speakers(document, attributed, names, outlet),
        published_at,
        _voiced(document, attributed),
        names.coreference,
    )
    found = [
        claim
        for claim in (*_attributed_claims(article), *_own_claims(article))
        if document.sentences[document.sentence_index(claim.spans[0].start)].paragraph not in repeated
    ]
    unique = {(claim.spans, claim.statement): claim for claim in found}
    claims = sorted(unique.values(), key=lambda claim: (claim.spans[-1], claim.spans, claim.statement))
    return Extracted(claims, note)


@dataclass(frozen=True, slots=True)
class _Article:
    document: Document
    attributed: list[Attributed]
    speakers: list[Named | None]
    published_at: date | None
    voiced: list[bool]
    coreference: Coreference


def _repeated_paragraphs(document: Document, title: str) -> set[int]:
    seen = {" ".join(title.split())} if title.strip() else set()
    repeated = set()
    for number, paragraph in enumerate(document.paragraphs):
        line = " ".join(paragraph.of(document.text).split())
        if line in seen:
            repeated.add(number)
        seen.add(line)
    return repeated


def _speakers(
    document: Document, attributed: list[Attributed], names: SpeakerNames, outlet: str
) -> list[Named | None]:
    found: list[Named | None] = []
    for item in attributed:
        source = item.reading.source
        if source is None:
            found.append(None)
            continue
        reading = item.reading
        until = max(reading.cue[1], reading.content[-1][1])
        named = names.resolve(source, cue_at=reading.cue[0], until=until, paragraph=item.paragraph)
        found.append(None if outlet and named.name.lower() == outlet.lower() else named)
    return found


def _voiced(document: Document, attributed: list[Attributed]) -> list[bool]:
    """Tell of each attribution whether somebody asserts or denies its content; else it goes with the rest.

    Nobody asserts what Roe "did not say", "could not confirm" or "wants", nor what others say in what Roe
    denies.
    """
    return [_is_voiced(document, item) and not _is_inside_denial(attributed, item) for item in attributed]


def _is_voiced(document: Document, item: Attributed) -> bool:
    reading = item.reading
    if reading.negated or item.stance in {"doubts", "wants"}:
        return item.value.kind == "direct" and not reading.negated and reading.form in _STATING
    if reading.form in _STATING or item.stance == "denies":
        return True
    if reading.form in {"noun", "adjective"}:
        return document.tokens[reading.content[0][0]].lower == "that"
    return reading.base in _COMMITTING


def _is_inside_denial(attributed: list[Attributed], item: Attributed) -> bool:
    at = item.value.parent
    while at is not None:
        outer = attributed[at]
        if outer.reading.negated or outer.stance != "asserts":
            return True
        at = outer.value.parent
    return False


def _attributed_claims(article: _Article) -> Iterator[ExtractedClaim]:
    children: dict[int, list[Range]] = {}
    for item, is_voiced in zip(article.attributed, article.voiced, strict=True):
        if is_voiced and item.value.parent is not None:
            children.setdefault(item.value.parent, []).append(item.reading.cue)
    for number, item in enumerate(article.attributed):
        if not article.voiced[number]:
            continue
        for piece in _pieces(article.document, item):
            if any(first <= cue[0] < last for cue in children.get(number, ()) for first, last in piece):
                continue
            claim = _attributed_claim(article, number, piece)
            if claim is not None:
                yield claim


def _pieces(document: Document, item: Attributed) -> Iterator[Piece]:
    """Give the propositions of a content: per sentence, an interrupted sentence being put together again."""
    parts = [part for content in item.reading.content for part in _by_sentence(document, content)]
    at = 0
    while at < len(parts):
        joined = [parts[at]]
        while at + 1 < len(parts) and _goes_on(document, parts[at], parts[at + 1]):
            at += 1
            joined.append(parts[at])
        at += 1
        if len(joined) == 1 and item.stance == "denies":
            yield from splitting.split_denied(document, *joined[0])
        elif len(joined) == 1:
            yield from splitting.split(document, *joined[0])
        else:
            yield tuple(part for given in joined if (part := splitting.trim(document, *given)) is not None)


def _by_sentence(document: Document, content: Range) -> Iterator[Range]:
    first, last = content
    while first < last:
        sentence = document.sentences[document.sentence_index(document.tokens[first].start)]
        end = min(last, sentence.last)
        yield first, end
        first = end


def _goes_on(document: Document, before: Range, after: Range) -> bool:
    """Whether the second part goes on with the sentence of the first: “It fell,” she said, “at noon.”"""
    inside = range(after[0], after[1])
    opening = next((document.tokens[i] for i in inside if document.tokens[i].lower[0].isalnum()), None)
    closing = document.tokens[before[1] - 1].lower, document.tokens[max(before[0], before[1] - 2)].lower
    return opening is not None and not opening.capital and not {".", "!", "?"} & set(closing)


def _attributed_claim(article: _Article, number: int, piece: Piece) -> ExtractedClaim | None:
    document, item, named = article.document, article.attributed[number], article.speakers[number]
    if not piece or _is_question(document, piece) or _count_words(document, piece) < _FEWEST_WORDS:
        return None
    asserts = _is_assertion(document, item, piece)
    denied = item.stance == "denies"
    if not asserts and (item.value.kind == "direct" or named is None):
        return None
    dated = article.published_at
    if named is not None and not asserts:
        frame = speech_frame(document, piece, item.reading.cue, named.name, published_at=dated, denied=denied)
    else:
        frame = read_frame(document, piece, published_at=dated, denied=denied)
    if named is not None and (denied or not asserts):
        standing = with_cue(document, item.reading, piece, named, dated, coreference=article.coreference)
    else:
        standing = alone(
            document,
            piece,
            named,
            dated,
            follows_cue=_follows_cue(item, piece),
            coreference=article.coreference,
        )
    if asserts and not splitting.has_subject(document, piece):
        standing = Standing(standing.statement, (*standing.unresolved, "subject"))
    if named is None and item.reading.form != "label":
        standing = Standing(standing.statement, (*standing.unresolved, "speaker"))
    chain = _chain(article, number)
    return _claim(
        document, piece, standing, frame, chain=chain, cue=_cue(document, item), kind=kind_of(document, piece)
    )


def _is_assertion(document: Document, item: Attributed, piece: Piece) -> bool:
    """Whether the piece can be a sentence: "the road is closed", but not (they called) "it a scandal"."""
    if not splitting.has_clause(document, piece) or document.tokens[piece[0][0]].tag == "TO":
        return False
    if item.reading.form not in {"object", "as"} or item.value.kind == "direct" or len(piece) > 1:
        return True
    return splitting.starts_clause(document, *piece[0])


def _follows_cue(item: Attributed, piece: Piece) -> bool:
    """Whether the piece opens the indirect speech right after its cue, where "he" is the speaker."""
    opening = piece[0][0] - item.reading.content[0][0]
    return item.value.kind != "direct" and not item.reading.encloses and 0 <= opening <= 1


def _chain(article: _Article, number: int) -> tuple[SpeakerMention, ...]:
    """Return the speakers from the outermost to the one of attribution `number`."""
    found: list[SpeakerMention] = []
    at: int | None = number
    while at is not None:
        item, named = article.attributed[at], article.speakers[at]
        if named is not None:
            found.append(SpeakerMention(named.name, item.value.source))
        at = item.value.parent
    return tuple(reversed(found))


def _cue(document: Document, item: Attributed) -> Cue | None:
    if not item.value.cue:
        return None
    span = item.value.cue[0]
    return Cue(span.of(document.text), span)


def _claim(
    document: Document,
    piece: Piece,
    standing: Standing,
    frame: Frame,
    *,
    chain: tuple[SpeakerMention, ...] = (),
    cue: Cue | None = None,
    kind: ClaimKind = "own_voice",
) -> ExtractedClaim:
    spans = splitting.piece_spans(document, piece)
    first, last = max(piece, key=lambda part: part[1] - part[0])
    return ExtractedClaim(
        statement=standing.statement,
        spans=spans,
        sentence=document.sentences[document.sentence_index(spans[-1].start)].span,
        speaker=chain[-1] if chain and "speaker" not in standing.unresolved else None,
        chain=chain,
        cue=cue,
        kind=kind,
        frame=frame,
        check_worthiness=check_worthiness.score(document, first, last),
        unresolved=standing.unresolved,
    )


def _own_claims(article: _Article) -> Iterator[ExtractedClaim]:
    """Give what the outlet says itself: sentences, and the parts of sentences, that are nobody's content."""
    document = article.document
    taken = bytearray(len(document.tokens))
    for item, is_voiced in zip(article.attributed, article.voiced, strict=True):
        for first, last in _extent(document, item) if is_voiced else ():
            taken[first:last] = b"\x01" * (last - first)
    for sentence in document.sentences:
        if not sentence.is_prose:
            continue
        for first, last in _free_runs(sentence, taken):
            whole = (first, last) == (sentence.first, sentence.last)
            if not whole and not _is_clause(document, first, last):
                continue
            for piece in splitting.split(document, first, last):
                if (
                    splitting.has_clause(document, piece)
                    and _count_words(document, piece) >= _FEWEST_WORDS + (not whole)
                    and not _is_question(document, piece)
                    and not _is_all_quoted(document, piece)
                ):
                    standing = alone(
                        document, piece, None, article.published_at, coreference=article.coreference
                    )
                    frame = read_frame(document, piece, published_at=article.published_at, denied=False)
                    yield _claim(document, piece, standing, frame)


def _extent(document: Document, item: Attributed) -> Iterator[Range]:
    """Give the token ranges an attribution takes up, without a source that is another clause's subject."""
    reading = item.reading
    if reading.form == "object" and document.tokens[reading.at].relation == "acl":
        # "The blast |claimed by the rebels| tore ...": the main clause needs the words.
        return
    yield from reading.content
    yield reading.cue
    source = reading.source
    # Whom they told, and "that".
    told = (reading.cue[1], reading.content[0][0])
    if told[0] < told[1] <= told[0] + _LONGEST_ADDRESS:
        yield told
    if reading.form == "noun":
        sentence = document.sentences[document.sentence_index(document.tokens[reading.cue[0]].start)]
        yield sentence.first, reading.cue[0]
    if source is None or reading.inherits:
        return
    between = range(source.last, reading.cue[0])
    relative = next((i for i in between if document.tokens[i].lower in {"who", "which", "that"}), None)
    if relative is not None:
        yield relative, reading.cue[0]
    else:
        yield min(source.first, reading.cue[0]), max(source.last, reading.cue[1])


def _free_runs(sentence: ReadSentence, taken: bytearray) -> Iterator[Range]:
    at = sentence.first
    while at < sentence.last:
        if taken[at]:
            at += 1
            continue
        end = taken.find(1, at, sentence.last)
        end = sentence.last if end < 0 else end
        yield at, end
        at = end


def _is_clause(document: Document, first: int, last: int) -> bool:
    """Whether a left-over part of a sentence is a main clause that can stand without the rest."""
    part = splitting.trim(document, first, last)
    return part is not None and splitting.starts_clause(document, *part)


def _is_question(document: Document, piece: Piece) -> bool:
    """Whether the sentence of the piece asks: a question mark stands at its end."""
    last = piece[-1][1]
    after = (document.tokens[i].lower for i in range(last, min(last + 3, len(document.tokens))))
    return next((word for word in after if word in {"?", ".", "!", ","} or word[0].isalnum()), "") == "?"


def _is_all_quoted(document: Document, piece: Piece) -> bool:
    return all(document.quotation_at[i] >= 0 for first, last in piece for i in range(first, last))


def _count_words(document: Document, piece: Piece) -> int:
    return sum(
        document.tokens[i].lower[0].isalnum() and document.tokens[i].pos != "PUNCT"
        for first, last in piece
        for i in range(first, last)
    )
