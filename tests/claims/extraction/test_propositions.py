"""What a sentence asserts, read off trees written by hand, so that no test hangs on the parser."""

from collections.abc import Callable

import pytest

from claims.extraction.parse.document import Document, read_document
from claims.extraction.parse.tokens import Token
from claims.extraction.propositions import splitting
from claims.extraction.propositions.splitting import Piece

ReadTree = Callable[[str], Document]

POS_OF_TAG = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "CD": "NUM", "PRP": "PRON", "WP": "PRON", "WDT": "PRON",
    "JJ": "ADJ", "DT": "DET", "IN": "ADP", "CC": "CCONJ", "TO": "PART", "MD": "AUX", "RB": "ADV", "RP": "ADP",
}  # fmt: skip


@pytest.fixture
def read_tree(monkeypatch: pytest.MonkeyPatch) -> ReadTree:
    """Read one sentence from "word/TAG/relation/head" entries; heads count from 1, and 0 is the root's."""

    def read(written: str) -> Document:
        tokens: list[Token] = []
        for entry in written.split():
            word, tag, relation, head = entry.rsplit("/", 3)
            start = tokens[-1].end + 1 if tokens else 0
            is_auxiliary = relation in {"aux", "aux:pass", "cop"}
            tokens.append(
                Token(
                    start=start,
                    end=start + len(word),
                    lower=word.lower(),
                    capital=word[0].isupper(),
                    acronym=False,
                    lemma=word.lower(),
                    tag=tag,
                    pos="PUNCT"
                    if relation == "punct"
                    else "AUX"
                    if is_auxiliary
                    else POS_OF_TAG.get(tag, "VERB"),
                    relation=relation,
                    head=int(head) - 1,
                )
            )
        monkeypatch.setattr("claims.extraction.parse.document.parse", lambda *_, **__: iter([tokens]))
        return read_document(" ".join(entry.rsplit("/", 3)[0] for entry in written.split()))

    return read


def claimed(document: Document) -> list[str]:
    """Return the pieces of the document's sentence, their ranges joined by " | "."""
    return [written(document, piece) for piece in splitting.split(document, 0, len(document.tokens))]


def written(document: Document, piece: Piece) -> str:
    return " | ".join(span.of(document.text) for span in splitting.piece_spans(document, piece))


PREDICATES = (
    "The/DT/det/2 captain/NN/nsubj/3 jumped/VBD/root/0 overboard/RB/advmod/3 and/CC/cc/8 is/VBZ/cop/8 "
    "still/RB/advmod/8 missing/JJ/conj/3 ././punct/3"
)
CLAUSES = (
    "The/DT/det/2 crane/NN/nsubj/3 fell/VBD/root/0 and/CC/cc/7 the/DT/det/6 driver/NN/nsubj/7 "
    "fled/VBD/conj/3 ././punct/3"
)
MISTAKEN = (
    "The/DT/det/2 storm/NN/nsubj/3 hit/VBD/root/0 the/DT/det/5 pier/NN/obj/3 and/CC/cc/8 the/DT/det/8 "
    "crane/NN/conj/5 fell/VBD/conj/3 ././punct/3"
)
OBJECTS = (
    "The/DT/det/2 storm/NN/nsubj/3 sank/VBD/root/0 a/DT/det/5 trawler/NN/obj/3 and/CC/cc/8 a/DT/det/8 "
    "tug/NN/conj/5 ././punct/3"
)
AUXILIARY = (
    "The/DT/det/2 storm/NN/nsubj/5 will/MD/aux/5 have/VB/aux/5 hit/VBN/root/0 Oslo/NNP/obj/5 and/CC/cc/8 "
    "killed/VBD/conj/5 two/CD/obj/8 ././punct/5"
)
OPENED = (
    "On/IN/case/2 Sunday/NNP/obl/5 the/DT/det/4 jet/NN/nsubj/5 bombed/VBD/root/0 Oslo/NNP/obj/5 and/CC/cc/8 "
    "killed/VBD/conj/5 two/CD/obj/8 ././punct/5"
)
RELATIVE = (
    "The/DT/det/2 mayor/NN/nsubj/10 ,/./punct/5 who/WP/nsubj/5 won/VBD/acl:relcl/2 in/IN/case/7 "
    "May/NNP/obl/5 ,/./punct/5 has/VBZ/aux/10 resigned/VBN/root/0 ././punct/10"
)
APPOSITION = (
    "Roe/NNP/nsubj/8 ,/./punct/4 a/DT/det/4 baker/NN/appos/1 from/IN/case/6 Riga/NNP/nmod/4 "
    ",/./punct/4 left/VBD/root/0 ././punct/8"
)
PARTICIPLE = (
    "The/DT/det/2 bridges/NNS/nsubj/8 ,/./punct/4 built/VBN/acl/2 in/IN/case/6 1960/CD/obl/4 "
    ",/./punct/4 collapse/VBP/root/0 ././punct/8"
)
WHOSE = (
    "The/DT/det/2 widow/NN/nsubj/9 ,/,/punct/6 whose/WP$/nmod:poss/5 house/NN/nsubj/6 burned/VBD/acl:relcl/2 "
    "down/RP/compound:prt/6 ,/,/punct/6 sued/VBD/root/0 Oslo/NNP/obj/9 ././punct/9"
)
OF_PHRASE = (
    "Roe/NNP/nsubj/2 met/VBD/root/0 members/NNS/obj/2 of/IN/case/5 Holt/NNP/nmod/3 ,/,/punct/8 "
    "who/WP/nsubj/8 left/VBD/acl:relcl/3 ././punct/2"
)
FURTHER_ACT = (
    "A/DT/det/2 shell/NN/nsubj/3 hit/VBD/root/0 Oslo/NNP/obj/3 ,/,/punct/6 killing/VBG/advcl/3 two/CD/obj/6 "
    "././punct/3"
)
LIST = (
    "Roe/NNP/nsubj/2 left/VBD/root/0 ,/,/punct/5 Holt/NNP/nsubj/5 stayed/VBD/ccomp/2 and/CC/cc/8 "
    "Moen/NNP/nsubj/8 hid/VBD/conj/5 ././punct/2"
)
UNDATED = PARTICIPLE.replace("1960/CD", "Oslo/NNP")
KIND = (
    "The/DT/det/2 jet/NN/nsubj/7 ,/,/punct/5 a/DT/det/5 Su-22/NNP/appos/2 ,/,/punct/2 fell/VBD/root/0 "
    "././punct/7"
)
CONTRAST = (
    "The/DT/det/2 pier/NN/nsubj/3 held/VBD/root/0 ,/./punct/8 whereas/IN/mark/8 the/DT/det/7 "
    "crane/NN/nsubj/8 fell/VBD/advcl/3 ././punct/3"
)
CAUSE = (
    "Roe/NNP/nsubj/2 left/VBD/root/0 because/IN/mark/6 the/DT/det/5 pier/NN/nsubj/6 burned/VBD/advcl/2 "
    "././punct/2"
)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (PREDICATES, ["The captain jumped overboard", "The captain | is still missing"]),
        (CLAUSES, ["The crane fell", "the driver fled"]),
        (MISTAKEN, ["The storm hit the pier", "the crane fell"]),
        (OBJECTS, ["The storm sank a trawler", "The storm sank | a tug"]),
        (AUXILIARY, ["The storm will have hit Oslo", "The storm will have | killed two"]),
        (OPENED, ["On Sunday the jet bombed Oslo", "On Sunday the jet | killed two"]),
        (RELATIVE, ["The mayor | won in May", "The mayor | has resigned"]),
        (APPOSITION, ["Roe | a baker from Riga", "Roe | left"]),
        (KIND, ["The jet | a Su-22", "The jet | fell"]),
        (PARTICIPLE, ["The bridges | built in 1960", "The bridges | collapse"]),
        (WHOSE, ["The widow | whose house burned down", "The widow | sued Oslo"]),
        (OF_PHRASE, ["Roe met members of Holt", "members of Holt | left"]),
        (FURTHER_ACT, ["A shell hit Oslo", "A shell | killing two"]),
        (LIST, ["Roe left", "Holt stayed", "Moen hid"]),
        (CONTRAST, ["The pier held", "the crane fell"]),
        (CAUSE, ["Roe left because the pier burned", "the pier burned"]),
    ],
    ids=[
        "predicates", "clauses", "subject taken for an object", "objects", "auxiliary carried over",
        "time carried over", "relative clause", "apposition", "kind", "participle",
        "whose", "noun with of", "further act", "list", "contrast", "cause",
    ],
)  # fmt: skip
def test_split_gives_each_part_its_subject(read_tree: ReadTree, tree: str, expected: list[str]) -> None:
    document = read_tree(tree)

    assert claimed(document) == expected


@pytest.mark.parametrize(
    "tree",
    [
        "The/DT/det/2 pilot/NN/nsubj/5 did/VBD/aux/5 not/RB/advmod/5 see/VB/root/0 it/PRP/obj/5 and/CC/cc/8 "
        "hit/VBD/conj/5 Oslo/NNP/obj/8 ././punct/5",
        "No/DT/det/2 soldier/NN/nsubj:pass/4 was/VBD/aux:pass/4 killed/VBN/root/0 and/CC/cc/6 "
        "wounded/VBN/conj/4 ././punct/4",
        "The/DT/det/2 firm/NN/nsubj/4 neither/CC/cc:preconj/4 sold/VBD/root/0 it/PRP/obj/4 nor/CC/cc/7 "
        "closed/VBD/conj/4 it/PRP/obj/7 ././punct/4",
        "The/DT/det/2 lock/NN/nsubj/3 opens/VBZ/root/0 and/CC/cc/5 closes/VBZ/conj/3 if/IN/mark/8 "
        "water/NN/nsubj/8 rises/VBZ/advcl/3 ././punct/3",
        "If/IN/mark/3 Roe/NNP/nsubj/3 wins/VBZ/advcl/9 and/CC/cc/6 Holt/NNP/nsubj/6 loses/VBZ/conj/3 "
        ",/./punct/3 talks/NNS/nsubj/9 end/VBP/root/0 ././punct/9",
        "Roe/NNP/nsubj/2 said/VBD/root/0 the/DT/det/4 gate/NN/nsubj/6 was/VBD/cop/6 shut/JJ/ccomp/2 "
        "and/CC/cc/10 the/DT/det/9 guard/NN/nsubj/10 left/VBD/conj/2 ././punct/2",
        "The/DT/det/2 army/NN/nsubj/3 shelled/VBD/root/0 Oslo/NNP/obj/3 or/CC/cc/6 Riga/NNP/conj/4 "
        "././punct/3",
        "The/DT/det/2 army/NN/nsubj/5 did/VBD/aux/5 not/RB/advmod/5 shell/VB/root/0 Oslo/NNP/obj/5 "
        "and/CC/cc/8 Riga/NNP/conj/6 ././punct/5",
        "The/DT/det/2 law/NN/nsubj/3 merged/VBD/root/0 the/DT/det/5 army/NN/obj/3 and/CC/cc/8 the/DT/det/8 "
        "navy/NN/conj/5 ././punct/3",
        "Roe/NNP/nsubj/2 left/VBD/root/0 or/CC/cc/4 hid/VBD/conj/2 ././punct/2",
        "Roe/NNP/nsubj/4 may/MD/aux/4 have/VB/aux/4 left/VBN/root/0 and/CC/cc/6 hid/VBN/conj/4 ././punct/4",
        "The/DT/det/2 army/NN/nsubj/4 has/VBZ/aux/4 left/VBN/root/0 and/CC/cc/7 the/DT/det/7 air/NN/conj/4 "
        "././punct/4",
        "Roe/NNP/nsubj/3 has/VBZ/aux/3 left/VBN/root/0 and/CC/cc/5 hide/VB/conj/3 ././punct/3",
        "The/DT/det/2 tug/NN/nsubj/3 hit/VBD/root/0 barges/NNS/obj/3 and/CC/cc/6 piers/NNS/conj/4 "
        ",/,/punct/9 a/DT/det/9 mess/NN/appos/4 ././punct/3",
        "Roe/NNP/nsubj/2 fled/VBD/root/0 the/DT/det/4 head/NN/obj/2 of/IN/case/6 Oslo/NNP/nmod/4 ,/,/punct/9 "
        "a/DT/det/9 port/NN/appos/4 ././punct/2",
        "The/DT/det/2 land/NN/nsubj/8 ,/,/punct/4 fields/NNS/appos/2 ,/,/punct/6 barns/NNS/appos/2 "
        ",/,/punct/2 burned/VBD/root/0 ././punct/8",
        "The/DT/det/2 mayor/NN/nsubj/6 ,/,/punct/4 Roe/NNP/appos/2 ,/,/punct/2 left/VBD/root/0 ././punct/6",
        "Roe/NNP/nsubj/4 ,/,/punct/3 mayor/NN/appos/1 left/VBD/root/0 ././punct/4",
        "Roe/NNP/nsubj/2 saw/VBD/root/0 faults/NNS/obj/2 in/IN/case/5 it/PRP/nmod/3 ,/,/punct/8 "
        "which/WDT/nsubj/8 has/VBZ/acl:relcl/3 cracks/NNS/obj/8 ././punct/2",
        "Roe/NNP/nsubj:pass/3 was/VBD/aux:pass/3 hit/VBN/root/0 ,/,/punct/5 killing/VBG/advcl/3 two/CD/obj/5 "
        "././punct/3",
    ],
    ids=[
        "negation over both", "negated subject", "neither, nor", "condition after", "condition before",
        "somebody's words", "or", "negated objects", "done to both together", "either",
        "may have", "noun taken for a verb", "auxiliary that does not fit", "one of two nouns",
        "noun inside the phrase", "list of nouns", "name", "no mark behind", "number does not agree",
        "what a passive leads to",
    ],
)  # fmt: skip
def test_split_leaves_whole_what_is_not_asserted_apart(read_tree: ReadTree, tree: str) -> None:
    document = read_tree(tree)

    assert claimed(document) == [document.text.removesuffix(" .")]


def test_split_never_cuts_a_quotation(read_tree: ReadTree) -> None:
    document = read_tree(
        "The/DT/det/2 gate/NN/nsubj:pass/5 “/./punct/5 was/VBD/aux:pass/5 shut/VBN/root/0 and/CC/cc/7 "
        "fell/VBD/conj/5 ”/./punct/7 soon/RB/advmod/5 ././punct/5"
    )

    assert claimed(document) == ["The gate “ was shut and fell ” soon"]


def test_split_of_marks_alone_is_empty() -> None:
    document = read_document("... – ;")

    assert splitting.split(document, 0, len(document.tokens)) == []


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (APPOSITION, [("Roe | a baker from Riga", "was"), ("Roe | left", "")]),
        (PARTICIPLE, [("The bridges | built in 1960", "were"), ("The bridges | collapse", "")]),
        (UNDATED, [("The bridges | built in Oslo", "are"), ("The bridges | collapse", "")]),
        (FURTHER_ACT, [("A shell hit Oslo", ""), ("A shell | killing two", "was")]),
        (PREDICATES, [("The captain jumped overboard", ""), ("The captain | is still missing", "")]),
    ],
    ids=["past", "plural and dated", "plural and present", "further act", "nothing wanting"],
)
def test_supplied_verb_agrees_with_its_noun_and_the_sentence(
    read_tree: ReadTree, tree: str, expected: list[tuple[str, str]]
) -> None:
    document = read_tree(tree)

    found = [
        (written(document, piece), splitting.supplied_verb(document, piece))
        for piece in splitting.split(document, 0, len(document.tokens))
    ]

    assert found == expected


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (
            "Roe/NNP/nsubj/2 won/VBD/root/0 a/DT/det/4 prize/NN/obj/2 in/IN/case/6 Riga/NNP/obl/2 "
            "in/IN/case/8 1990/CD/obl/2 ././punct/2",
            {"Roe won a prize", "Roe won a prize in Riga", "Roe won a prize | in 1990"},
        ),
        (
            "Roe/NNP/nsubj/2 met/VBD/root/0 bakers/NNS/obj/2 such/JJ/case/6 as/IN/fixed/4 Holt/NNP/nmod/3 "
            "and/CC/cc/8 Moen/NNP/conj/6 ././punct/2",
            {"Roe met bakers", "Roe met | Holt", "Roe met | Moen"},
        ),
        (
            "It/PRP/nsubj/6 is/VBZ/cop/6 a/DT/det/6 Danish/JJ/amod/6 silent/JJ/amod/6 film/NN/root/0 "
            "directed/VBN/acl/6 by/IN/case/9 Roe/NNP/obl:agent/7 ././punct/6",
            {"It is a Danish silent film", "It | directed by Roe"},
        ),
        (
            "Roe/NNP/nsubj/9 (/./punct/3 born/VBN/acl/1 in/IN/case/5 Riga/NNP/obl/3 )/./punct/3 "
            "is/VBZ/cop/9 a/DT/det/9 baker/NN/root/0 ././punct/9",
            {"Roe ( born in Riga", "Roe | is a baker"},
        ),
        (
            "Old/JJ/amod/2 baker/NN/nmod:desc/3 Roe/NNP/nsubj/4 left/VBD/root/0 Riga/NNP/obj/4 ././punct/4",
            {"Old baker Roe", "Old baker Roe left Riga"},
        ),
    ],
    ids=["qualifiers", "examples", "participle", "bracket", "description"],
)
def test_find_propositions_tells_facts_apart(read_tree: ReadTree, tree: str, expected: set[str]) -> None:
    document = read_tree(tree)

    found = splitting.find_propositions(document)

    assert {" | ".join(span.of(document.text) for span in one.spans) for one in found} == expected


@pytest.mark.parametrize(
    "text",
    [
        "The coalition shot down the jet and the pilot, who had bombed the town, ejected on Sunday.",
        "Roe (born May 3, 1970) – a baker, and mayor of Riga – won; Holt, Moen and Aas lost.",
        "“If it falls,” said Roe, “and breaks, (or not), we, i.e. the crew, and you and they leave.”",
        "and , and ( and ) “ who which that if or nor , ; and a and b and c and d and e",
    ],
)
def test_propositions_lie_in_their_sentence_in_order_and_apart(text: str) -> None:
    document = read_document(text)

    found = splitting.find_propositions(document)

    for one in found:
        edges = [edge for span in one.spans for edge in (span.start, span.end)]
        assert one.sentence.start <= edges[0]
        assert edges == sorted(edges)
        assert edges[-1] <= one.sentence.end
