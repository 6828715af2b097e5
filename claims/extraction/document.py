"""A text, read once: paragraphs, sentences, tokens with their classes, quotations."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from claims.extraction.quotations import Quotation, find_quotations
from claims.extraction.sentences import find_paragraphs, sentences_of
from claims.extraction.types import Span
from claims.extraction.words import Token, classify, find_tokens, is_headline

# Longer "sentences" are tables, minified code or unpunctuated dumps. They are sentences of the text, but
# nothing is read out of them; the bound also keeps the work per sentence constant.
LONGEST_PROSE: Final = 600

_DATELINE: Final = re.compile(
    r"[A-Z][A-Z.'’/ -]{2,30}(?:, [^\W\d_][\w. ]{0,20}){0,2}(?: ?\([^()]{1,40}\))? ?(?:—|–|--|-) (?=\S)"
)

# Tokens [first, last) of a document.
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence and the half-open range [first, last) of its tokens in the document."""

    span: Span
    first: int
    last: int
    paragraph: int
    headline: bool

    @property
    def is_prose(self) -> bool:
        return self.last - self.first <= LONGEST_PROSE


@dataclass(frozen=True, slots=True)
class Document:
    """`quotation_at[i]` is the index of the quotation token i stands in (its marks included), or -1."""

    text: str
    paragraphs: list[Span]
    sentences: list[ReadSentence]
    tokens: list[Token]
    classes: list[str]
    quotations: list[Quotation]
    quotation_at: list[int]

    def sentence_index(self, at: int) -> int:
        """Return the index of the sentence that character `at` stands in, or of the last before it."""
        return max(0, bisect_right(self.sentences, at, key=lambda sentence: sentence.span.start) - 1)

    def span(self, first: int, last: int) -> Span:
        """Return the place of the tokens [first, last)."""
        return Span(self.tokens[first].start, self.tokens[last - 1].end)


def read_document(text: str) -> Document:
    """Read `text`; everything later works on the result."""
    paragraphs = find_paragraphs(text)
    sentences: list[ReadSentence] = []
    tokens: list[Token] = []
    classes: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        for span in sentences_of(text, paragraph):
            found = find_tokens(text, _after_dateline(text, span, paragraph), span.end)
            headline = text[span.end - 1] not in '.!?”"' and is_headline(found)
            first = len(tokens)
            tokens += found
            classes += classify(found, headline=headline)
            sentences.append(ReadSentence(span, first, len(tokens), number, headline))
    quotations = find_quotations(text, paragraphs)
    return Document(
        text, paragraphs, sentences, tokens, classes, quotations, _quotation_of_each(tokens, quotations)
    )


def _after_dateline(text: str, sentence: Span, paragraph: Span) -> int:
    """Return where a paragraph's first sentence starts behind "BERGEN, May 3 (Baltic News) — "."""
    if sentence.start != paragraph.start:
        return sentence.start
    dateline = _DATELINE.match(text, sentence.start, sentence.end)
    return sentence.start if dateline is None else dateline.end()


def _quotation_of_each(tokens: list[Token], quotations: list[Quotation]) -> list[int]:
    found, current = [], 0
    for token in tokens:
        while current < len(quotations) and quotations[current].span.end <= token.start:
            current += 1
        inside = current < len(quotations) and quotations[current].span.start <= token.start
        found.append(current if inside else -1)
    return found
