"""Speech across sentences: quotations that run on, are announced or signed; captions with their credits."""

from typing import Final

from claims.extraction.attribution.readings import Reading
from claims.extraction.parse.document import Document, Range, ReadSentence
from claims.extraction.parse.trees import Phrase

_PICTURES: Final = frozenset({"image", "photo", "photograph", "picture", "credit", "photos", "video"})
_DASHES: Final = frozenset({"―", "—", "–", "--", "-"})
_LONGEST_SIGNATURE: Final = 6


def take_whole_quotations(document: Document, per_sentence: list[list[Reading]]) -> None:
    """Let a content that ends a quotation of several sentences begin where the quotation does."""
    quoted = document.quotation_at
    for reading in (reading for readings in per_sentence for reading in readings):
        if not reading.content or not reading.encloses:
            continue
        first, last = reading.content[0]
        quotation = quoted[last - 1]
        if quotation < 0 or quoted[first] != quotation or quoted[reading.cue[0]] == quotation:
            continue
        while first > 0 and quoted[first - 1] == quotation:
            first -= 1
        reading.content[0] = (first, last)


def read_signatures(document: Document, per_sentence: list[list[Reading]]) -> None:
    """Give a quotation to whom the dash behind it names: "“It closed.” ― Jane Roe"."""
    quoted = document.quotation_at
    for dash in range(1, len(document.tokens)):
        if quoted[dash - 1] < 0 or quoted[dash] >= 0 or document.tokens[dash].lower not in _DASHES:
            continue
        last = dash + 1
        while (
            last < len(document.tokens) and last - dash <= _LONGEST_SIGNATURE and _signs(document, dash, last)
        ):
            last += 1
        if last == dash + 1:
            continue
        first = dash
        while first > 0 and quoted[first - 1] == quoted[dash - 1]:
            first -= 1
        number = document.sentence_index(document.tokens[first].start)
        source = Phrase(dash + 1, last, last)
        per_sentence[number].append(
            Reading(
                (dash, dash + 1), source, [(first, dash)], dash, "label", encloses=True, form="label", at=dash
            )
        )


def _signs(document: Document, dash: int, at: int) -> bool:
    """Whether the token belongs to the name that follows a dash, on the same line."""
    token = document.tokens[at]
    between = document.text[document.tokens[dash].start : token.start]
    return token.pos == "PROPN" and document.quotation_at[at] < 0 and len(between.splitlines()) <= 1


class _Cover:
    """Which tokens are somebody's content already."""

    def __init__(self, document: Document, per_sentence: list[list[Reading]]) -> None:
        self._taken = bytearray(len(document.tokens))
        for readings in per_sentence:
            for reading in readings:
                for part in reading.content:
                    self.take(part)

    def take(self, part: Range) -> None:
        first, last = part
        self._taken[first:last] = b"\x01" * (last - first)

    def holds(self, at: int) -> bool:
        return self._taken[at] == 1


def continue_quotations(document: Document, per_sentence: list[list[Reading]]) -> None:
    """Give sentences that are nobody's yet to who speaks before them.

    A sentence that is all quotation goes on with the speaker of the quotation before it, in the same
    paragraph or the one before; when there is none, it is an attribution of its own, without source and
    cue. What follows "The mayor said:" is the mayor's, quoted or not.
    """
    covered = _Cover(document, per_sentence)
    speaking: Reading | None = None
    announced: Reading | None = None
    spoken_in = -2
    for number, sentence in enumerate(document.sentences):
        readings = [reading for reading in per_sentence[number] if document.quotation_at[reading.cue[0]] < 0]
        is_free = sentence.is_prose and not covered.holds(sentence.first)
        if is_free and (announced is not None or (not readings and _is_all_quoted(document, sentence))):
            if announced is not None:
                speaking = announced
            elif speaking is None or sentence.paragraph - spoken_in > 1:
                speaking = _unattributed(sentence)
                per_sentence[number].insert(0, speaking)
            _extend(document, speaking, (sentence.first, sentence.last))
            covered.take((sentence.first, sentence.last))
            spoken_in = sentence.paragraph
        announced = next((reading for reading in readings if not reading.content), None)
        for reading in readings:
            if reading.content and _is_quoted(document, reading.content):
                speaking, spoken_in = reading, sentence.paragraph
                _finish_quotation(document, reading, covered)


def _unattributed(sentence: ReadSentence) -> Reading:
    return Reading((sentence.first, sentence.first), None, [], sentence.first, form="continued")


def _finish_quotation(document: Document, reading: Reading, covered: _Cover) -> None:
    """Let a content that ends inside a quotation go on to where the quotation closes."""
    quoted = document.quotation_at
    first, last = reading.content[-1]
    if quoted[last - 1] < 0:
        return
    end = last
    while end < len(document.tokens) and quoted[end] == quoted[last - 1]:
        end += 1
    if end > last and not covered.holds(last):
        reading.content[-1] = (first, end)
        covered.take((last, end))


def credit_pictures(document: Document, per_sentence: list[list[Reading]]) -> None:
    """Give a caption to whom "Image: Jane Roe." credits, which follows it or is a sentence of its own."""
    for number, sentence in enumerate(document.sentences):
        if per_sentence[number] or not sentence.is_prose:
            continue
        credit = _credit_at(document, sentence)
        if credit is None:
            continue
        caption = (sentence.first, credit)
        if credit == sentence.first:
            before = document.sentences[number - 1]
            if number == 0 or per_sentence[number - 1] or before.paragraph != sentence.paragraph:
                continue
            caption = (before.first, before.last)
        ends = document.tokens[sentence.last - 1].lower == "."
        last = sentence.last - 1 if ends else sentence.last
        if last > credit + 2:
            source = Phrase(credit + 2, last, last)
            per_sentence[number] = [Reading((credit, credit), source, [caption], credit, form="credit")]


def _credit_at(document: Document, sentence: ReadSentence) -> int | None:
    """Return where "Image:" stands near the end of a sentence, with no verb behind it."""
    for at in range(sentence.first, sentence.last - 2):
        token = document.tokens[at]
        if token.lower in _PICTURES and token.capital and document.tokens[at + 1].lower == ":":
            is_name = all(document.tokens[i].pos not in {"VERB", "AUX"} for i in range(at + 2, sentence.last))
            return at if is_name else None
    return None


def _extend(document: Document, reading: Reading, added: Range) -> None:
    """Add to the content; sentences of one quotation become one range."""
    if reading.content:
        first, last = reading.content[-1]
        if last == added[0] and document.quotation_at[last - 1] == document.quotation_at[added[0]]:
            reading.content[-1] = (first, added[1])
            return
    reading.content.append(added)


def _is_all_quoted(document: Document, sentence: ReadSentence) -> bool:
    words_at = [at for at in range(sentence.first, sentence.last) if document.tokens[at].lower[0].isalnum()]
    return len(words_at) > 1 and all(document.quotation_at[at] >= 0 for at in words_at)


def _is_quoted(document: Document, content: list[Range]) -> bool:
    """Whether the content ends in a quotation that somebody may go on with."""
    last = content[-1][1]
    return document.quotation_at[last - 1] >= 0 or (
        len(content) > 1 or document.quotation_at[content[0][0]] >= 0
    )
