"""The words of a text, as every stage sees them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark of the text.

    `lower` is the word in lower case with a plain apostrophe. `tag` is its Penn Treebank tag, `pos` its
    universal part of speech, `relation` the universal dependency on the token `head`, which counts in the
    document's tokens and is -1 for the root of a sentence. These are empty in a sentence that was not parsed.
    """

    start: int
    end: int
    lower: str
    capital: bool
    acronym: bool
    lemma: str = ""
    tag: str = ""
    pos: str = ""
    relation: str = ""
    head: int = -1
