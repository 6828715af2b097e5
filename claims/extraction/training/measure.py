"""How good and how fast the engine is on the corpora beside the checkout: every figure of the model card.

Sets that may not train what ships (PolNeAR, PropSegmEnt, PoliClaim) are only ever read here. Percentages
are micro-averages unless it says otherwise.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from claims.extraction.attribution.attributions import find_attributions
from claims.extraction.check_worthiness import score_sentences
from claims.extraction.parse.document import read_document
from claims.extraction.parse.sentences import find_paragraphs, sentences_of
from claims.extraction.propositions.splitting import find_propositions
from claims.extraction.types import Span

Row = dict[str, Any]
Places = Iterable[Sequence[int]]
Figures = dict[str, float]

_A = TypeVar("_A")
_B = TypeVar("_B")

_HALF: Final = 0.5
_PROPOSITION_OVERLAP: Final = 0.8
_RUNNING_TEXT: Final = frozenset({"news", "interview", "academic", "bio"})
_OUTER_MARKS: Final = "\"'“”‘’,.:;"
_BEFORE_CONTENT: Final = re.compile(rf"[\s{_OUTER_MARKS}]*(?:that\s+)?")


def read_rows(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def f1(hits_of_mine: float, mine: float, hits_of_gold: float, gold: float) -> Figures:
    """Return precision, recall and F1 in percent; 0 where there is nothing to divide by.

    >>> f1(1, 2, 1, 1)
    {'p': 50.0, 'r': 100.0, 'f1': 66.7}
    """
    precision = hits_of_mine / mine if mine else 0.0
    recall = hits_of_gold / gold if gold else 0.0
    both = precision + recall
    return {
        "p": round(100 * precision, 1),
        "r": round(100 * recall, 1),
        "f1": round(200 * precision * recall / both, 1) if both else 0.0,
    }


def measure_sentences(data: Path, split: str) -> Figures:
    """Exact spans of sentences in running text of GUM, against its annotators' sentences."""
    right = mine = gold = 0
    for row in read_rows(data / "gum" / f"{split}.jsonl.gz"):
        if row["genre"] in _RUNNING_TEXT:
            text = row["text"]
            wanted = {tuple(sentence[:2]) for sentence in row["sentences"]}
            found = {
                (span.start, span.end)
                for paragraph in find_paragraphs(text)
                for span in sentences_of(text, paragraph)
            }
            right, mine, gold = right + len(found & wanted), mine + len(found), gold + len(wanted)
    return f1(right, mine, right, gold)


def measure_attribution(path: Path, *, trimmed: bool) -> dict[str, Figures]:
    """F1 by role: a span is right that overlaps one of the other side by Jaccard >= 0.5 of characters.

    `trimmed` takes quotation marks, outer punctuation and a leading "that" off both sides first.
    """
    count: Counter[tuple[str, str]] = Counter()
    for row in read_rows(path):
        text = row["text"]
        mine = [attribution.as_json() for attribution in find_attributions(read_document(text))]
        for role in ("source", "cue", "content"):
            sides = [_distinct(text, side, role, trimmed=trimmed) for side in (mine, row["attributions"])]
            found, wanted = sides
            count[role, "mine"] += len(found)
            count[role, "gold"] += len(wanted)
            count[role, "p"] += sum(any(_jaccard(a, b) >= _HALF for b in wanted) for a in found)
            count[role, "r"] += sum(any(_jaccard(a, b) >= _HALF for b in found) for a in wanted)
    return {
        role: f1(count[role, "p"], count[role, "mine"], count[role, "r"], count[role, "gold"])
        for role in ("source", "cue", "content")
    }


def _distinct(text: str, side: list[Row], role: str, *, trimmed: bool) -> list[set[int]]:
    places = {tuple(tuple(place) for place in item[role]) for item in side if item.get(role)}
    if trimmed:
        places = {tuple(_trim(text, place)) for place in places} - {()}
    return [_characters(place) for place in sorted(places)]


def _trim(text: str, places: Places) -> Iterator[tuple[int, int]]:
    for start, end in places:
        before = _BEFORE_CONTENT.match(text, start, end)
        start = before.end() if before else start
        while end > start and text[end - 1] in f" \n!?{_OUTER_MARKS}":
            end -= 1
        if end > start:
            yield start, end


def _characters(places: Places) -> set[int]:
    return {at for start, end in places for at in range(start, end)}


def _jaccard(a: set[Any] | frozenset[Any], b: set[Any] | frozenset[Any]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def measure_propositions(data: Path, split: str) -> Figures:
    """Mean precision and recall per sentence against the reference rater; Jaccard of tokens from 0.8."""
    precision = recall = sentences = 0.0
    for row in read_rows(data / f"propsegment-{split}" / "propsegment.jsonl.gz"):
        rater = next((rater for rater in row["raters"] if rater["reference"]), row["raters"][0])
        gold = [frozenset(tokens) for tokens in rater["propositions"]]
        if row["split"] != split or not gold:
            continue
        found = find_propositions(read_document(row["text"]))
        mine = [_covered_tokens(row, proposition.spans) for proposition in found]
        hits = match_one_to_one(mine, gold, lambda a, b: _jaccard(a, b) >= _PROPOSITION_OVERLAP)
        precision += hits / len(mine) if mine else 0
        recall += hits / len(gold)
        sentences += 1
    return f1(precision, sentences, recall, sentences)


def _covered_tokens(row: Row, spans: Sequence[Span]) -> frozenset[int]:
    covered = _characters((span.start, span.end) for span in spans)
    return frozenset(
        at
        for at, (start, end) in enumerate(row["tokens"])
        if 2 * len(covered.intersection(range(start, end))) > end - start
        and re.search(r"\w", row["text"][start:end])
    )


def match_one_to_one(mine: Sequence[_A], gold: Sequence[_B], equal: Callable[[_A, _B], bool]) -> int:
    """Return the size of the largest pairing of equal items, each in one pair at most."""
    partners = [[at for at, wanted in enumerate(gold) if equal(item, wanted)] for item in mine]
    owner: dict[int, int] = {}

    def seat(item: int, tried: set[int]) -> bool:
        for partner in partners[item]:
            if partner not in tried:
                tried.add(partner)
                if partner not in owner or seat(owner[partner], tried):
                    owner[partner] = item
                    return True
        return False

    return sum(seat(item, set()) for item in range(len(mine)))


def measure_check_worthiness(data: Path, split: str) -> Figures:
    """F1 of "holds a verifiable claim", a sentence counting from a score of 0.5, and the accuracy."""
    count: Counter[tuple[bool, bool]] = Counter()
    for row in read_rows(data / f"policlaim-{split}" / "policlaim.jsonl.gz"):
        if row["gold"] is not None:
            best = max(
                (s.check_worthiness for s in score_sentences(read_document(row["sentence"]))), default=0.0
            )
            count[best >= _HALF, row["gold"] == 1] += 1
    hits = count[True, True]
    figures = f1(hits, hits + count[True, False], hits, hits + count[False, True])
    return figures | {"accuracy": round(100 * (hits + count[False, False]) / max(1, count.total()), 1)}
