"""GUM's mentions and chains, held against what our own pipeline reads in the same text."""

import gzip
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from claims.extraction.context.mentions import NAME_TAGS, PRONOUNS, Mention
from claims.extraction.context.referents import Referent
from claims.extraction.parse.document import Document, read_document

Split = Literal["train", "dev", "test"]


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A mention of GUM as token offsets [start, end); `kind` is that of the report, "" for none of them."""

    start: int
    end: int
    head: int
    chain: int
    kind: str
    is_name: bool
    is_named_before: bool
    entity_type: str


@dataclass(frozen=True, slots=True)
class GoldDocument:
    name: str
    genre: str
    text: str
    mentions: list[GoldMention]
    document: Document


def read_gum(data: Path, split: Split) -> list[GoldDocument]:
    """Return the documents of `data`/gum/`split`.jsonl.gz, each read by our own pipeline."""
    with gzip.open(data / "gum" / f"{split}.jsonl.gz", "rt", encoding="utf-8") as lines:
        given = [json.loads(line) for line in lines]
    return [
        GoldDocument(one["id"], one["genre"], one["text"], _gold_mentions(one), read_document(one["text"]))
        for one in given
    ]


def _gold_mentions(given: dict[str, Any]) -> list[GoldMention]:
    """Return the mentions in reading order; offsets of `head` are characters."""
    tokens, text = given["tokens"], given["text"]
    starts = [token[0] for token in tokens]
    named: set[int] = set()
    found = []
    for mention in sorted(given["mentions"], key=lambda one: (one["s"], -one["e"])):
        first, last = bisect_left(starts, mention["s"]), bisect_left(starts, mention["e"])
        head = next((at for at in range(first, last) if not first <= tokens[at][5] < last), first)
        is_name = tokens[head][4] in NAME_TAGS or _is_title(tokens, head, last)
        words = [text[token[0] : token[1]].lower() for token in tokens[first:last]]
        found.append(
            GoldMention(
                start=mention["s"],
                end=mention["e"],
                head=tokens[head][0],
                chain=mention["chain"],
                kind=_reported_kind(words, tokens[head][4], tokens[first][4]),
                is_name=is_name,
                is_named_before=mention["chain"] in named,
                entity_type=mention["etype"],
            )
        )
        if is_name:
            named.add(mention["chain"])
    return found


def _is_title(tokens: list[list[Any]], head: int, last: int) -> bool:
    """Whether a mention is headed by the title of a name: "captain Jane Roe"."""
    return any(
        tokens[at][4] in NAME_TAGS and tokens[at][5] == head and tokens[at][6] in {"flat", "nmod:desc"}
        for at in range(head + 1, last)
    )


def _reported_kind(words: list[str], head_tag: str, first_tag: str) -> str:
    if len(words) == 1 and words[0] in PRONOUNS:
        return "possessive" if first_tag == "PRP$" else PRONOUNS[words[0]]
    if words[0] in {"the", "this", "that", "these", "those"} and head_tag in {"NN", "NNS"}:
        return f"{'the' if words[0] == 'the' else 'this/that'} + noun"
    return ""


class Gold:
    """Which chain a token is the head of, in a document read by our own pipeline."""

    def __init__(self, gold: GoldDocument) -> None:
        self._tokens = gold.document.tokens
        self._chains: dict[int, int] = {}
        # The shortest mention with a head is written last: "Roe" and not "Roe and Poe".
        for mention in sorted(gold.mentions, key=lambda one: one.start - one.end):
            self._chains[mention.head] = mention.chain
        self._names: dict[int, list[GoldMention]] = defaultdict(list)
        for mention in gold.mentions:
            if mention.is_name:
                self._names[mention.head].append(mention)
        self._groups = {(one.head, one.end): one.chain for one in gold.mentions}

    def chain(self, head: int) -> int | None:
        return self._chains.get(self._tokens[head].start)

    def chain_of_referent(self, referent: Referent) -> int | None:
        """Return the chain of what was mentioned last of a referent."""
        if referent.is_group:
            mention = referent.last
            return self._groups.get((self._tokens[mention.head].start, self._tokens[mention.last - 1].end))
        return self.chain(referent.last.head)

    def chain_of_name(self, name: Mention | None) -> int | None:
        """Return the chain of the proper name in GUM that a name overlaps most."""
        if name is None:
            return None
        start, end = self._tokens[name.name[0]].start, self._tokens[name.name[1] - 1].end
        if name.kind == "group":
            return self._groups.get((self._tokens[name.head].start, end))
        best, chain = 0.0, None
        for at in range(*name.name):
            for mention in self._names.get(self._tokens[at].start, ()):
                common = min(end, mention.end) - max(start, mention.start)
                share = common / (max(end, mention.end) - min(start, mention.start))
                if share > best:
                    best, chain = share, mention.chain
        return chain

    def right(self, chain: int | None, candidates: Sequence[Referent | None]) -> list[bool]:
        """Tell which candidates a reference of the chain means: those named so, else those mentioned so."""
        if chain is not None:
            named = [one is not None and self.chain_of_name(one.named_by) == chain for one in candidates]
            if any(named):
                return named
            meant = [
                one is not None and one.name is None and self.chain_of_referent(one) == chain
                for one in candidates
            ]
            if any(meant):
                return meant
        return [one is None for one in candidates]
