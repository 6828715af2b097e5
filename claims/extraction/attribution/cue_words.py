"""The words that may signal an attribution, by what they govern; written for this engine.

A word of one of these lists is a candidate only: the tree around it, and the scorer, decide.
"""

from functools import lru_cache
from typing import Final

from claims.extraction.lexicon import VERB_FORMS, word_set

# Verbs of saying and writing: they govern a clause, a quotation, or what was said as an object.
SPEECH: Final = word_set(
    "say tell claim state add warn deny announce insist emphasise emphasize assert allege argue admit "
    "acknowledge confirm declare explain note report reveal reply respond suggest stress underline "
    "underscore write tweet testify reiterate repeat remark predict pledge promise vow urge concede "
    "contend complain comment caution conclude disclose estimate maintain observe point recall remind "
    "indicate inform assure affirm reaffirm advise answer ask boast brag clarify counter demand elaborate "
    "hint imply joke lament mention propose quip recommend recount stipulate swear threaten proclaim "
    "signal specify continue notify lie shout yell scream whisper murmur mutter charge quote cite retort "
    "opine exclaim object protest plead brief post agree disagree refute rule detail outline interject "
    "forecast project speculate theorise theorize hypothesise hypothesize posit reason muse gush fume "
    "rail bristle chant sing read summarise summarize document chronicle discuss reference relate narrate "
    "preach exhort implore beg order instruct command request inquire enquire query question begin "
    "interrupt crow snap bark deadpan intone rant gripe grumble moan vouch attest certify dictate decree "
    "pronounce publish release issue present air chide scold laugh cry sigh shrug smile nod tease "
    "volunteer venture offer reassure persuade convince teach show demonstrate illustrate portray depict "
    "describe define label reflect echo misstate overstate understate exaggerate fabricate"
)
# Verbs of thinking, feeling and finding out.
THOUGHT: Final = word_set(
    "believe think suspect fear hope expect feel know consider doubt wonder assume realise realize "
    "understand learn find conclude decide determine hear see guess reckon worry want wish intend imagine "
    "anticipate presume suppose judge deem regard view perceive recognise recognize remember forget "
    "regret notice discover figure foresee envision envisage calculate sense fathom comprehend grasp "
    "trust mean gather bet dream accept appreciate ponder contemplate weigh mind care prove establish "
    "assess verify hold mistake"
)
# Verbs of finding out that sign off a headline: "Lamps drive moths away, study finds".
FINDING: Final = word_set("find believe think fear learn hear hope suspect")
# Verbs whose object is what somebody has an attitude to: "criticised the deal", "supports the bill".
ATTITUDE: Final = word_set(
    "accuse acknowledge admire admit advocate allege announce anticipate applaud appreciate approve "
    "assail assert attack attribute back bash belittle bemoan berate bewail blame blast brand call "
    "castigate celebrate censure challenge champion chant characterise characterize chastise chide cite "
    "claim commend compare compliment concede condemn condone confirm congratulate contradict credit "
    "criticise criticize debate decry defend demand demonise demonize denigrate denounce deny deplore "
    "depict deride describe despise detail detest disapprove disavow disclose discuss disdain dislike "
    "dismiss disparage dispute disregard distrust document doubt downplay dub echo emphasise emphasize "
    "encourage endorse estimate excoriate expect explain express extol fault favor favour fear forecast "
    "foresee hail hate herald highlight ignore implicate insult invoke justify label lambast lambaste "
    "lament laud liken loathe malign mention mischaracterise mischaracterize mistrust mock mourn note "
    "oppose outline paint pledge portray praise predict preview proclaim project promise promote propose "
    "protest question quote rebuff rebuke rebut recommend reference refute regret reiterate reject relate "
    "renounce repeat report repudiate request resent resist respect reveal ridicule savage scold scorn "
    "shout slam smear spurn stress suggest support tout trumpet trust tweet underline underscore "
    "understand unveil urge vilify voice vow warn welcome"
)
# Verbs whose infinitive or participle is what somebody wants, plans, promises or refuses to do.
INTENT: Final = word_set(
    "want hope plan expect intend promise pledge vow threaten refuse agree decline seek aim wish swear "
    "propose offer decide claim prefer desire long yearn choose opt mean vie determine resolve volunteer "
    "consent ask demand beg prepare consider contemplate deny urge encourage advise warn implore tell "
    "order instruct persuade convince call invite exhort require request challenge recommend suggest "
    "pretend profess purport avoid resist mull favor favour hate dare regret remember forget believe deem"
)
# Verb -> the prepositions whose object is what was said, asked, wanted or felt.
_ABOUT: Final = (
    "call: for on; speak: of about against on to; talk: about of up; warn: of about against; "
    "complain: about of; ask: about for; worry: about over; think: about of; know: of about; "
    "hear: of about; learn: of about; advocate: for; argue: for against about over; push: for; "
    "press: for on; care: about; agree: with to on; disagree: with about over on; respond: to with; "
    "react: to; reply: to with; object: to; believe: in; insist: on; hope: for; wish: for; long: for; "
    "plead: for; appeal: for; refer: to; allude: to; point: to out; comment: on about; elaborate: on; "
    "boast: about of; brag: about of; joke: about of; rail: against about; protest: against; "
    "campaign: for on against; vote: for against on; lobby: for against; weigh: in; focus: on; "
    "dwell: on; harp: on; seize: on; double: on; bristle: at; balk: at; marvel: at; laugh: at; "
    "scoff: at; sneer: at; apologise: for; apologize: for; vouch: for; wonder: about; "
    "inquire: about into; enquire: about into; lie: about; dream: of about; approve: of; "
    "disapprove: of; conceive: of; testify: about to against; write: about of; tweet: about; "
    "debate: about over; spar: over; clash: over; rally: for against; decide: on against; opt: for; "
    "threaten: with; plan: for on; accuse: of; remind: of about; tell: about of; inform: of about; "
    "assure: of; convince: of; suspect: of; brief: on about; lash: at; hit: at; cheer: for; "
    "aim: for at; fret: about over; gripe: about; speculate: about on; hint: at; muse: about on; "
    "preach: about; sympathise: with; sympathize: with; side: with; subscribe: to; look: forward"
)
ABOUT: Final = {
    verb: word_set(prepositions) for verb, prepositions in (entry.split(": ") for entry in _ABOUT.split("; "))
}
# Verbs with "as": "described the raid as a crime".
AS: Final = word_set(
    "describe portray depict characterise characterize view regard see dismiss cast paint treat brand "
    "label denounce condemn criticise criticize praise hail cite cover frame interpret perceive present "
    "define recognise recognize reject deride mock attack blast slam tout promote denigrate"
)
ADJECTIVES: Final = word_set(
    "sure certain confident convinced aware unaware worried concerned afraid fearful hopeful optimistic "
    "pessimistic skeptical sceptical doubtful critical supportive proud glad happy pleased sad sorry "
    "angry furious upset disappointed frustrated surprised shocked stunned amazed astonished alarmed "
    "anxious nervous eager keen willing unwilling reluctant ready determined committed opposed dismissive "
    "adamant clear unclear mindful conscious positive grateful thankful wary cautious vague coy silent "
    "enthusiastic interested uninterested open bullish bearish insistent evident obvious apparent dubious "
    "unsure uncertain persuaded satisfied unhappy unsatisfied dissatisfied uneasy uncomfortable "
    "comfortable tired ashamed embarrassed outraged incensed delighted thrilled excited relieved content "
    "impatient desperate apprehensive cognizant suspicious envious jealous appreciative disdainful "
    "contemptuous hostile mum defiant unapologetic outspoken"
)
NOUNS: Final = word_set(
    "claim statement allegation assertion report suggestion warning belief fear announcement denial "
    "accusation rumour rumor concern prediction plan promise pledge vow proposal demand decision hope "
    "desire wish intention idea view opinion argument contention conviction notion conclusion estimate "
    "expectation threat offer request recommendation call question doubt worry suspicion insistence "
    "refusal willingness eagerness effort bid determination commitment agreement advice order testimony "
    "admission acknowledgement acknowledgment confession declaration complaint criticism endorsement "
    "support opposition praise condemnation response remark comment charge revelation speculation "
    "assumption theory explanation assurance guarantee reminder pronouncement sense feeling thought "
    "consensus understanding knowledge perception impression finding message vision dream aim goal "
    "forecast projection assessment analysis judgment judgement verdict ruling hint sign implication "
    "resolve unwillingness reluctance preference interest plea appeal defense defence rhetoric attack "
    "critique ambition inclination urge mistrust distrust disdain contempt admiration respect"
)
# Things and groups that speak, for somebody wrote them or stands behind them.
SPEAKING: Final = word_set(
    "poll survey study report ad advert article editorial book letter memo statement website site "
    "document headline post tweet analysis research datum data paper column story transcript lawsuit "
    "filing ruling resolution manifesto platform message speech song film documentary video family host "
    "aide advocate ally surrogate authority majority minority panel jury camp campaign side public "
    "electorate country nation state city town county province world industry community crowd base "
    "opposition regime staff crew board bank bloc lobby press media neighbour neighbor relative wife "
    "husband son daughter brother sister mother father parent child friend colleague candidate rival "
    "opponent nominee democrat republican conservative liberal guy kid boy girl lady gentleman folk youth "
    "adult elder native one other some many several most few everyone somebody someone anyone everybody"
)
# Verbs that say what somebody calls a thing.
NAMING: Final = word_set(
    "call describe label brand dub term characterise characterize denounce condemn hail praise dismiss slam"
)
# What is promised, threatened, denied or admitted is said so by nobody but its subject.
COMMITMENT: Final = word_set("promise pledge vow swear threaten deny admit claim")
# Saying that it is not so, and leaving open whether it is.
DENIAL: Final = word_set(
    "deny reject dismiss refute dispute rebuff contradict disavow repudiate rebut disbelieve denial "
    "rejection dismissal rebuttal disagree contest doubt"
)
DOUBT: Final = word_set(
    "question wonder suspect ask query challenge doubtful skeptical sceptical unsure uncertain "
    "unclear dubious suspicion speculate speculation rumour rumor"
)
# What is wanted, planned, liked or asked for is not said to be so.
WISH: Final = word_set(
    "want wish hope plan intend seek aim refuse decline demand urge ask order request propose recommend "
    "encourage advise call support oppose back endorse like love hate prefer need desire agree decide "
    "promise pledge vow threaten offer swear beg implore exhort instruct command proposal decision "
    "intention refusal willingness eagerness effort bid determination commitment willing unwilling "
    "reluctant ready eager keen determined"
)
# Verbs of TELLING take an addressee; of ADDRESSING always, so that what follows them never speaks.
TELLING: Final = word_set(
    "tell remind inform assure notify warn ask urge advise brief reassure persuade convince show teach"
)
ADDRESSING: Final = word_set("tell remind inform assure notify brief reassure persuade convince")
# Verbs that govern a clause without anybody saying or thinking it.
CAUSING: Final = word_set(
    "make let help have get keep watch allow cause enable be do start stop happen turn go come take give "
    "put force lead leave bring require depend matter ensure prevent wait use try"
)
# Participles of "is believed to", "is reported to have", "was said that".
REPUTED: Final = word_set(
    "believe report say think expect allege suspect estimate rumour rumor understand presume assume claim "
    "fear hope speculate propose suggest intend"
)
_SUFFIXES: Final = (
    ("", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("es", ""),
    ("s", ""),
    ("d", ""),
    ("ed", ""),
    ("ing", ""),
    ("ing", "e"),
)
_VERBS: Final = SPEECH | THOUGHT | ATTITUDE | INTENT | CAUSING | frozenset(ABOUT) | AS


@lru_cache(maxsize=16_384)
def base_of(form: str, lemma: str) -> str:
    """Return the base of a verb form that may be a cue; else the lemma the tagger gave it.

    >>> base_of("criticizing", "criticiz")
    'criticize'
    """
    if lemma in _VERBS:
        return lemma
    for suffix, ending in _SUFFIXES:
        if form.endswith(suffix):
            stem = form[: len(form) - len(suffix)]
            doubled = stem[:-1] if suffix in {"ed", "ing"} and stem[-2:-1] == stem[-1:] else stem
            for base in (stem + ending, doubled):
                if base in _VERBS:
                    return base
    known = VERB_FORMS.get(form)
    return known[0] if known else lemma
