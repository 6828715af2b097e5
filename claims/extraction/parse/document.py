"""A text, read once: paragraphs, sentences, tokens with their classes, quotations."""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Final

from claims.extraction.parse.pipeline import DEFAULT, is_parsed, parse
from claims.extraction.parse.quotations import Quotation, find_quotations
from claims.extraction.parse.sentences import find_paragraphs, sentences_of
from claims.extraction.parse.tokens import Token
from claims.extraction.types import Span

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
    # Whether it could be parsed; see `pipeline.LONGEST_PROSE`.
    is_prose: bool


@dataclass(frozen=True, slots=True)
class Document:
    """`quotation_at[i]` is the index of the quotation token i stands in (its marks included), or -1.

    `children[i]` holds the tokens whose head is token i, in the order of the text.
    """

    text: str
    paragraphs: list[Span]
    sentences: list[ReadSentence]
    tokens: list[Token]
    children: list[list[int]]
    quotations: list[Quotation]
    quotation_at: list[int]

    def sentence_index(self, at: int) -> int:
        """Return the index of the sentence that character `at` stands in, or of the last before it."""
        return max(0, bisect_right(self.sentences, at, key=lambda sentence: sentence.span.start) - 1)

    def span(self, first: int, last: int) -> Span:
        """Return the place of the tokens [first, last)."""
        return Span(self.tokens[first].start, self.tokens[last - 1].end)

    def subtree(self, at: int) -> list[int]:
        """Return token `at` and everything below it in the tree, in the order of the text."""
        found, waiting = [], [at]
        while waiting:
            token = waiting.pop()
            found.append(token)
            waiting += self.children[token]
        return sorted(found)


def read_document(text: str, *, pipeline: str = DEFAULT) -> Document:
    """Read `text`; everything later works on the result. Raises UnknownPipeline."""
    paragraphs = find_paragraphs(text)
    spans = [
        (span, number, _after_dateline(text, span, paragraph))
        for number, paragraph in enumerate(paragraphs)
        for span in sentences_of(text, paragraph)
    ]
    parsed = parse(text, (Span(start, span.end) for span, _, start in spans), pipeline=pipeline)
    sentences: list[ReadSentence] = []
    tokens: list[Token] = []
    for (span, paragraph_number, _), found in zip(spans, parsed, strict=True):
        first = len(tokens)
        tokens += (token if token.head < 0 else replace(token, head=token.head + first) for token in found)
        sentences.append(ReadSentence(span, first, len(tokens), paragraph_number, is_parsed(found)))
    quotations = find_quotations(text, paragraphs)
    at = _quotation_of_each(tokens, quotations)
    return Document(text, paragraphs, sentences, tokens, _children(tokens), quotations, at)


def _children(tokens: list[Token]) -> list[list[int]]:
    children: list[list[int]] = [[] for _ in tokens]
    for at, token in enumerate(tokens):
        if token.head >= 0:
            children[token.head].append(at)
    return children


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
