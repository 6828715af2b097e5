"""Who stands at a cue: the subject of its verb, the agent of a passive, the owner of a noun."""

from dataclasses import dataclass, replace
from typing import Final

from claims.extraction.attribution import cue_words
from claims.extraction.lexicon import word_set
from claims.extraction.parse.tokens import Token
from claims.extraction.parse.trees import SUBJECTS, Phrase, SentenceTree

# No verb takes its subject from further up ("came, sat down, thought and then said").
_MOST_STEPS: Final = 6
_OPENS_APPOSITION: Final = frozenset(
    {
        "a",
        "an",
        "the",
        "who",
        "whose",
        "which",
        "his",
        "her",
        "its",
        "their",
        "one",
        "another",
        "former",
        "head",
        "chief",
        "chairman",
        "director",
        "president",
        "executive",
        "professor",
        "spokesman",
        "spokeswoman",
        "co-founder",
        "founder",
    }
)
# What happens "amid reports that" it may, has no subject that reports so.
_OF_OTHERS: Final = frozenset(
    {"amid", "after", "despite", "following", "on", "over", "by", "before", "against"}
)
_NOMINAL: Final = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP"})
_SHARES_SUBJECT: Final = frozenset({"conj", "xcomp", "advcl", "parataxis", "dep", "ccomp"})
# Who does this with a claim is the one who claims; others only speak of it.
_MAKING: Final = word_set(
    "make repeat voice issue publish renew reiterate release level raise uphold reach return"
)


@dataclass(frozen=True, slots=True)
class Source:
    """The phrase that names somebody and the token at its head.

    `mention` is the relative pronoun that stands for the phrase in the clause of the cue ("Roe, |who| said"),
    or -1. `inherited` tells that the phrase is the subject of another verb than the cue.
    """

    phrase: Phrase | None
    head: int = -1
    inherited: bool = False
    mention: int = -1


NOBODY: Final = Source(None)


def source_of(tree: SentenceTree, at: int) -> Source:
    """Return the subject of the verb or adjective `at`, or the subject it shares with the verb above it."""
    tokens = tree.document.tokens
    subject = _nearest_subject(tree, at)
    if subject is not None:
        return _back_to_quotation(tree, _from_subject(tree, subject, at))
    if tokens[at].relation == "acl" and tokens[at].tag in {"VBG", "VBN"} and tokens[at].head >= 0:
        head = tokens[at].head
        return Source(tree.phrase(head, without=at), head)
    quoted = _quoted_as_saying(tree, at)
    if quoted is not None:
        return Source(tree.phrase(quoted), quoted)
    shared = _shared_subject(tree, at)
    if shared is not None:
        return replace(_from_subject(tree, shared, at), inherited=True)
    return _phrase_before(tree, at) if tokens[at].tag in _FINITE else NOBODY


def _nearest_subject(tree: SentenceTree, at: int) -> int | None:
    """Return the subject; of two before the verb the nearer one: "Hours later |the crew| said"."""
    before = [child for child in tree.children(at, "nsubj") if child < at]
    return before[-1] if len(before) > 1 else tree.subject(at)


def _back_to_quotation(tree: SentenceTree, source: Source) -> Source:
    """Let a name begin where a quotation closes: "“…,” |captain Nilo| Brandt-Ayers said"."""
    tokens, quoted = tree.document.tokens, tree.document.quotation_at
    if source.phrase is None or source.mention >= 0 or quoted[source.phrase.first] >= 0:
        return source
    first = source.phrase.first
    while first > tree.first and quoted[first - 1] < 0 and _may_name(tokens[first - 1]):
        first -= 1
    if first == tree.first or quoted[first - 1] < 0:
        return source
    return replace(source, phrase=replace(source.phrase, first=first))


def _may_name(token: Token) -> bool:
    return token.pos in {"PROPN", "NOUN", "ADJ", "DET"} or token.lower in {"-", "'s"}


def _quoted_as_saying(tree: SentenceTree, at: int) -> int | None:
    """Return the mayor of "quoted the mayor as saying"."""
    tokens = tree.document.tokens
    mark, above = tree.child(at, "mark", "case"), tokens[at].head
    if tokens[at].tag != "VBG" or mark is None or tokens[mark].lower != "as" or above < 0:
        return None
    target = tree.child(above, "obj", "nsubj:pass")
    return target if target is not None and target < at else None


def _shared_subject(tree: SentenceTree, at: int) -> int | None:
    """Return the head of the subject that `at` shares with a verb above it.

    ", adding that ..." goes on with who says the clause before it, not with that clause's own subject.
    """
    tokens = tree.document.tokens
    adds = tokens[at].tag == "VBG" and at > tree.first and tokens[at - 1].lower == ","
    verb, subject = at, None
    for _ in range(_MOST_STEPS):
        token = tokens[verb]
        if token.head < 0 or (subject is not None and token.relation != "ccomp"):
            break
        if token.relation == "conj" and tokens[token.head].relation == "ccomp":
            cue = tokens[token.head].head
            if cue >= 0 and is_act_of_speaker(tree, cue, token.head, verb):
                return _nearest_subject(tree, cue)
        if token.relation not in _SHARES_SUBJECT:
            break
        if token.relation in {"parataxis", "ccomp"} and tokens[at].tag != "VBG":
            break
        verb = token.head
        above = next((c for c in tree.children(verb, *SUBJECTS) if not tree.is_below(at, c)), None)
        subject = subject if above is None else above
        if subject is not None and not adds:
            break
    return subject


def _from_subject(tree: SentenceTree, subject: int, at: int) -> Source:
    tokens = tree.document.tokens
    if tokens[subject].lower in {"there", "it"} and tokens[subject].relation == "expl":
        return NOBODY
    if not tree.is_relative(subject):
        return Source(_named(tree, subject, at), subject)
    clause = at
    while tokens[clause].head >= 0 and tokens[clause].relation not in {"acl:relcl", "advcl:relcl"}:
        clause = tokens[clause].head
    head = tokens[clause].head
    if head < 0 or head > subject or tokens[head].pos not in _NOMINAL:
        before = _phrase_before(tree, subject)
        if before.phrase is None:
            return Source(Phrase(subject, subject + 1, subject + 1), subject)
        return replace(before, mention=subject)
    if tokens[subject].lower == "who":
        named = [c for c in tree.children(head, "appos") if c < subject and tokens[c].pos == "PROPN"]
        head = named[-1] if named else head
    # "Roe, who runs the harbour, said": behind the comma the verb is no longer that of the relative clause.
    closes = at - 1 > subject and tokens[at - 1].lower == ","
    return Source(tree.phrase(head, without=subject), head, mention=-1 if closes else subject)


def is_act_of_speaker(tree: SentenceTree, at: int, clause: int, joined: int) -> bool:
    """Whether a verb the tree joins to what `at` says is what the speaker does next.

    It has no subject, is a verb of saying in the tense of the cue, and either a comma sets it apart or the
    clause before it stands in another form: "said it had been tested and blamed ...".
    """
    tokens = tree.document.tokens
    verb = tokens[joined]
    base = cue_words.base_of(verb.lower, verb.lemma)
    if tree.subject(joined) is not None or verb.tag != tokens[at].tag or verb.tag not in _FINITE:
        return False
    if base not in cue_words.SPEECH | cue_words.ATTITUDE or tree.document.quotation_at[joined] >= 0:
        return False
    conjunction = tree.child(joined, "cc")
    after_comma = conjunction is not None and tokens[conjunction - 1].lower == ","
    return after_comma or tokens[clause].tag != verb.tag


def _phrase_before(tree: SentenceTree, at: int) -> Source:
    """Return the phrase that ends right before a verb, when the tree hangs it somewhere else."""
    tokens = tree.document.tokens
    last = at - 1
    while last > tree.first and (
        tokens[last].lower == "," or tokens[last].tag in {"RB", "MD"} or tokens[last].pos == "AUX"
    ):
        last -= 1
    if last < tree.first or tokens[last].pos not in _NOMINAL or tree.document.quotation_at[last] >= 0:
        return NOBODY
    head = last
    while tokens[head].head >= 0:
        above = tokens[head].head
        if above > last or tokens[above].pos not in _NOMINAL or tree.extent(above)[1] > at:
            break
        head = above
    if tree.child(head, "case") is not None:
        return NOBODY
    return Source(tree.phrase(head, without=at), head)


def _named(tree: SentenceTree, subject: int, at: int) -> Phrase:
    """Return the phrase of a subject, with the names the tree hangs elsewhere: "Hillary |Clinton says"."""
    phrase = tree.phrase(subject, without=at)
    last = phrase.last
    while last < at and tree.document.tokens[last].pos == "PROPN":
        last += 1
    return phrase if last == phrase.last else Phrase(phrase.first, last, max(phrase.head_last, last))


def speaker_after(tree: SentenceTree, head: int) -> Phrase:
    """Return the phrase of whoever stands behind the verb: "said |Jane Roe, who runs the harbour".

    What follows the name behind a comma says more of it, up to the end or the next quotation.
    """
    tokens, quoted = tree.document.tokens, tree.document.quotation_at
    phrase = tree.phrase(head)
    last = phrase.last
    if (
        last + 1 < tree.last
        and tokens[last].lower == ","
        and quoted[last] < 0
        and tokens[last + 1].lower in _OPENS_APPOSITION
    ):
        end = last + 1
        while end < tree.last and quoted[end] < 0 and tokens[end].lower not in {".", ";", "?", "!", ":"}:
            end += 1
        while end > last and tokens[end - 1].lower == ",":
            end -= 1
        return Phrase(phrase.first, end, phrase.head_last)
    return phrase


def agent_of(tree: SentenceTree, at: int) -> Source:
    """Return whom "by" names after a passive."""
    tokens = tree.document.tokens
    for child in tree.children(at, "obl:agent", "obl"):
        case = tree.child(child, "case")
        if child > at and case is not None and tokens[case].lower == "by":
            phrase = tree.phrase(child)
            first = case + 1 if phrase.first <= case else phrase.first
            if first < phrase.last:
                return Source(Phrase(first, phrase.last, phrase.head_last), child)
    return NOBODY


def owner_of(tree: SentenceTree, at: int) -> Source:
    """Return whose a noun is: "the mayor's claim", "their belief"; "claims by the mayor"."""
    tokens = tree.document.tokens
    owner = tree.child(at, "nmod:poss")
    if owner is not None:
        phrase = tree.phrase(owner)
        last = phrase.last
        if tokens[last - 1].lower in {"'s", "'"}:
            last -= 1
        return (
            Source(Phrase(phrase.first, last, min(last, phrase.head_last)), owner)
            if phrase.first < last
            else NOBODY
        )
    head = tokens[at].head
    case = tree.child(at, "case")
    if case is not None and tokens[case].lower in _OF_OTHERS:
        return NOBODY
    governed = head >= 0 and tokens[head].pos == "VERB"
    makes = governed and tokens[at].relation == "obj" and tokens[head].lemma in _MAKING
    if makes or (governed and tokens[at].relation == "obl"):
        source = source_of(tree, head)
        return Source(source.phrase, source.head, inherited=True)
    return NOBODY
