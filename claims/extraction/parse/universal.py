"""Trees in the older Stanford/ClearNLP style -> Universal Dependencies, the one style the engine reads.

spaCy's own English pipelines are trained on OntoNotes in that style: prepositions govern their nouns
("near <- pobj Tabqa") and copulas govern what is said of the subject. These are turned round, relations
renamed; what has no counterpart keeps its name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from claims.extraction.parse.tokens import Token

_RENAMED: Final = {
    "acomp": "xcomp", "agent": "obl:agent", "attr": "xcomp", "auxpass": "aux:pass",
    "csubjpass": "csubj:pass",
    "dative": "iobj", "dobj": "obj", "intj": "discourse", "meta": "dep", "neg": "advmod", "nn": "compound",
    "npadvmod": "obl:unmarked", "nsubjpass": "nsubj:pass", "oprd": "xcomp", "pcomp": "advcl", "pobj": "obl",
    "poss": "nmod:poss", "preconj": "cc:preconj", "predet": "det:predet", "prep": "obl",
    "prt": "compound:prt",
    "quantmod": "advmod", "rcmod": "acl:relcl",
    "relcl": "acl:relcl",
}  # fmt: skip
_PREPOSITIONAL: Final = frozenset({"prep", "agent", "dative"})
_NOMINAL: Final = frozenset({"NOUN", "PROPN", "PRON", "NUM"})


def is_older_style(labels: Iterable[str]) -> bool:
    """Whether a parser with these labels speaks the older style."""
    return "pobj" in labels


def as_universal(tokens: list[Token]) -> list[Token]:
    """Return the tokens of one sentence with heads and relations of Universal Dependencies."""
    tree = _Tree([token.head for token in tokens], [token.relation for token in tokens])
    for at, token in enumerate(tokens):
        if tree.relations[at] in _PREPOSITIONAL or (tree.relations[at] == "conj" and token.pos == "ADP"):
            _turn_preposition(tree, tokens, at)
    for at, token in enumerate(tokens):
        if token.lemma == "be":
            _turn_copula(tree, at)
    _hang_conjunctions(tree)
    return [
        replace(token, head=head, relation=_RENAMED.get(relation, relation))
        for token, head, relation in zip(tokens, tree.heads, tree.relations, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Tree:
    heads: list[int]
    relations: list[str]

    def children(self, at: int) -> list[int]:
        return [child for child, head in enumerate(self.heads) if head == at]

    def take_place(self, new: int, old: int, relation: str) -> None:
        """Hang `new`, a child of `old`, where `old` hangs; `old` and its other children go below `new`."""
        for child in self.children(old):
            if child != new:
                self.heads[child] = new
        self.heads[new], self.heads[old] = self.heads[old], new
        self.relations[new] = relation


def _turn_preposition(tree: _Tree, tokens: list[Token], at: int) -> None:
    objects = [child for child in tree.children(at) if tree.relations[child] in {"pobj", "pcomp"}]
    if not objects:
        return
    head, noun = tree.heads[at], objects[0]
    if tree.relations[at] == "conj":
        relation = "conj"
    elif tree.relations[noun] == "pcomp":
        relation = "advcl"
    elif tree.relations[at] == "agent":
        relation = "obl:agent"
    else:
        relation = "nmod" if head >= 0 and tokens[head].pos in _NOMINAL else "obl"
    tree.relations[at] = "mark" if relation == "advcl" else "case"
    tree.take_place(noun, at, relation)


def _turn_copula(tree: _Tree, at: int) -> None:
    said = [child for child in tree.children(at) if tree.relations[child] in {"attr", "acomp"}]
    if said:
        tree.take_place(said[0], at, tree.relations[at])
        tree.relations[at] = "cop"


def _hang_conjunctions(tree: _Tree) -> None:
    """Hang all conjuncts on the first, and "and" on the conjunct after it."""
    for at, relation in enumerate(tree.relations):
        if relation == "conj":
            while tree.heads[at] >= 0 and tree.relations[tree.heads[at]] == "conj":
                tree.heads[at] = tree.heads[tree.heads[at]]
    for at, relation in enumerate(tree.relations):
        if relation == "cc":
            after = (n for n in tree.children(tree.heads[at]) if n > at and tree.relations[n] == "conj")
            tree.heads[at] = next(after, tree.heads[at])
