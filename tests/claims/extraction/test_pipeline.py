"""The parse: words at their place, one tree a sentence, and other spaCy pipelines in the place of ours."""

from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example

from claims.extraction.parse.document import read_document
from claims.extraction.parse.pipeline import UnknownPipeline, load
from claims.extraction.parse.tokens import Token
from claims.extraction.parse.universal import as_universal

# Word, tag, part of speech, head, relation; heads count from 0, the root is its own.
OLDER_STYLE = [
    ("The", "DT", "DET", 1, "det"),
    ("jet", "NN", "NOUN", 3, "nsubjpass"),
    ("was", "VBD", "AUX", 3, "auxpass"),
    ("hit", "VBN", "VERB", 3, "ROOT"),
    ("near", "IN", "ADP", 3, "prep"),
    ("Riga", "NNP", "PROPN", 4, "pobj"),
    ("by", "IN", "ADP", 3, "agent"),
    ("rebels", "NNS", "NOUN", 6, "pobj"),
    (".", ".", "PUNCT", 3, "punct"),
]


@pytest.fixture(scope="module")
def small_pipeline(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A second pipeline, trained here on one sentence in the older style until it knows it by heart."""
    language = spacy.blank("en")
    language.add_pipe("tagger")
    language.add_pipe("morphologizer")
    language.add_pipe("parser", config={"min_action_freq": 1})
    words, tags, pos, heads, relations = (list(column) for column in zip(*OLDER_STYLE, strict=True))
    spaces = [True] * (len(words) - 2) + [False, False]
    example = Example.from_dict(
        Doc(language.vocab, words=words, spaces=spaces),
        {
            "tags": tags,
            "pos": pos,
            "heads": heads,
            "deps": relations,
            "sent_starts": [1] + [-1] * (len(words) - 1),
        },
    )
    optimizer = language.initialize(lambda: [example])
    for _ in range(60):
        language.update([example], sgd=optimizer)
    folder = tmp_path_factory.mktemp("pipelines") / "small"
    language.to_disk(folder)
    return str(folder)


def relations_of(tokens: list[Token]) -> list[tuple[int, str]]:
    return [(token.head, token.relation) for token in tokens]


@pytest.mark.parametrize(
    "text",
    [
        "Roe said the bridge, built in 1990, is closed. “It was hit,” she added.",
        "two  blanks\tand a tab, she said.",
        "Numbers: 40km, $1.5m, 3 p.m., U.S.-led.",
        "قال الوزير إن الجسر مغلق",
        "e\u0301\u0301 👩‍👩‍👧 said",
    ],
)
def test_tokens_stand_at_their_place_and_cover_every_character_that_is_no_blank(text: str) -> None:
    tokens = read_document(text).tokens

    covered = {at for token in tokens for at in range(token.start, token.end)}
    assert covered == {at for at, character in enumerate(text) if not character.isspace()}
    assert [text[token.start : token.end].lower().replace("’", "'") for token in tokens] == [
        token.lower for token in tokens
    ]


def test_each_parsed_sentence_is_one_tree() -> None:
    document = read_document("Roe said the bridge is closed. The port denied it, and the mayor left.")

    for sentence in document.sentences:
        roots = [at for at in range(sentence.first, sentence.last) if document.tokens[at].head < 0]
        assert len(roots) == 1
        assert document.subtree(roots[0]) == list(range(sentence.first, sentence.last))


def test_read_document_knows_subject_and_object() -> None:
    document = read_document("Rebels shot the jet down on Sunday.")

    found = {token.relation: token.lower for token in document.tokens}
    assert (found["nsubj"], found["obj"]) == ("rebels", "jet")


def test_read_document_takes_the_parse_from_another_pipeline(small_pipeline: str) -> None:
    text = "The jet was hit near Riga by rebels."

    tokens = read_document(text, pipeline=small_pipeline).tokens

    assert relations_of(tokens) == [
        (1, "det"),
        (3, "nsubj:pass"),
        (3, "aux:pass"),
        (-1, "ROOT"),
        (5, "case"),
        (3, "obl"),
        (7, "case"),
        (3, "obl:agent"),
        (3, "punct"),
    ]


def test_load_says_what_to_do_about_a_pipeline_that_is_not_there() -> None:
    with pytest.raises(
        UnknownPipeline, match=r"No spaCy pipeline 'en_nowhere' is installed here\. Install it"
    ):
        load("en_nowhere")


def test_load_refuses_a_pipeline_without_a_parser(tmp_path: Path) -> None:
    language = spacy.blank("en")
    language.add_pipe("sentencizer")
    language.to_disk(tmp_path)

    with pytest.raises(UnknownPipeline, match="has no parser and no tagger"):
        load(str(tmp_path))


def older(*rows: tuple[str, str, int, str]) -> list[Token]:
    return [
        Token(0, 1, word, False, False, lemma=lemma, pos=pos, relation=relation, head=head)
        for (word, pos, head, relation) in rows
        for lemma in [{"is": "be", "was": "be"}.get(word, word)]
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [("road", "NOUN", 1, "nsubj"), ("is", "AUX", -1, "ROOT"), ("safe", "ADJ", 1, "acomp")],
            [(2, "nsubj"), (2, "cop"), (-1, "ROOT")],
            id="copula",
        ),
        pytest.param(
            [
                ("ships", "NOUN", 3, "nsubj"),
                ("and", "CCONJ", 0, "cc"),
                ("boats", "NOUN", 0, "conj"),
                ("sank", "VERB", -1, "ROOT"),
            ],
            [(3, "nsubj"), (2, "cc"), (0, "conj"), (-1, "ROOT")],
            id="and hangs on what follows it",
        ),
        pytest.param(
            [
                ("sank", "VERB", -1, "ROOT"),
                ("off", "ADP", 0, "prep"),
                ("Oslo", "PROPN", 1, "pobj"),
                ("in", "ADP", 2, "prep"),
                ("Norway", "PROPN", 3, "pobj"),
            ],
            [(-1, "ROOT"), (2, "case"), (0, "obl"), (4, "case"), (2, "nmod")],
            id="prepositions in a row",
        ),
        pytest.param(
            [
                ("left", "VERB", -1, "ROOT"),
                ("after", "ADP", 0, "prep"),
                ("seeing", "VERB", 1, "pcomp"),
                ("smoke", "NOUN", 2, "dobj"),
            ],
            [(-1, "ROOT"), (2, "mark"), (0, "advcl"), (2, "obj")],
            id="preposition over a clause",
        ),
        pytest.param(
            [
                ("sank", "VERB", -1, "ROOT"),
                ("boats", "NOUN", 0, "dobj"),
                ("ships", "NOUN", 1, "conj"),
                ("rafts", "NOUN", 2, "conj"),
            ],
            [(-1, "ROOT"), (0, "obj"), (1, "conj"), (1, "conj")],
            id="conjuncts hang on the first",
        ),
    ],
)
def test_as_universal_turns_the_older_style_round(
    rows: list[tuple[str, str, int, str]], expected: list[tuple[int, str]]
) -> None:
    tokens = as_universal(older(*rows))

    assert relations_of(tokens) == expected
