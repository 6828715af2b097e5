"""A text -> parts short enough for one question each, cut between sentences, best between paragraphs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from claims.extraction.parse.document import Document, ReadSentence
from claims.extraction.types import Span

# About a thousand tokens: models overlook claims in longer ones, and their answers get cut off.
LONGEST_PART: Final = 4_000
_LONGEST_BEFORE: Final = 600


@dataclass(frozen=True, slots=True)
class Part:
    """The sentences [first, last) of a document, all of them one after the other."""

    first: int
    last: int

    def span(self, document: Document) -> Span:
        return Span(document.sentences[self.first].span.start, document.sentences[self.last - 1].span.end)

    def numbered(self, document: Document) -> list[tuple[int, str]]:
        """Return the sentences with their numbers in the document."""
        inside = range(self.first, self.last)
        return [(number, document.sentences[number].span.of(document.text)) for number in inside]

    def before(self, document: Document) -> str:
        """Return the whole sentences that stand before the part, as many as are short enough."""
        found: list[str] = []
        room = _LONGEST_BEFORE
        for number in range(self.first - 1, -1, -1):
            span = document.sentences[number].span
            room -= span.end - span.start + 1
            if room < 0:
                break
            found.append(span.of(document.text))
        return " ".join(reversed(found))


def split_into_parts(document: Document, title: str) -> list[Part]:
    """Return the parts in reading order; [] when nothing is left to be read.

    Left out are lines that repeat the `title` or an earlier line, and "sentences" that are no prose.
    """
    parts: list[Part] = []
    for first, last in _readable_runs(document, title):
        while first < last:
            cut = _cut(document, first, last)
            parts.append(Part(first, cut))
            first = cut
    return parts


def _readable_runs(document: Document, title: str) -> Iterator[tuple[int, int]]:
    repeated = _repeated_paragraphs(document, title)
    first = 0
    for number, sentence in enumerate(document.sentences):
        if sentence.paragraph in repeated or not _is_readable(sentence):
            if first < number:
                yield first, number
            first = number + 1
    if first < len(document.sentences):
        yield first, len(document.sentences)


def _is_readable(sentence: ReadSentence) -> bool:
    return sentence.is_prose and sentence.span.end - sentence.span.start <= LONGEST_PART


def _repeated_paragraphs(document: Document, title: str) -> set[int]:
    seen = {" ".join(title.split())}
    repeated = set()
    for number, paragraph in enumerate(document.paragraphs):
        line = " ".join(paragraph.of(document.text).split())
        if line in seen:
            repeated.add(number)
        seen.add(line)
    return repeated


def _cut(document: Document, first: int, last: int) -> int:
    """Return where the part that starts at `first` ends: with a paragraph, if one ends in it."""
    sentences = document.sentences
    end = first + 1
    while end < last and sentences[end].span.end - sentences[first].span.start <= LONGEST_PART:
        end += 1
    if end == last:
        return end
    whole = end
    while whole > first and sentences[whole - 1].paragraph == sentences[end].paragraph:
        whole -= 1
    return whole if whole > first else end
