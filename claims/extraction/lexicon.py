"""Word lists that several stages share, and the forms of common verbs; written for this engine."""

from typing import Final


def word_set(given: str) -> frozenset[str]:
    return frozenset(given.split())


HAVE: Final = word_set("has have had having 've")
MODALS: Final = word_set(
    "will would can could may might shall should must cannot won't wouldn't can't couldn't shouldn't "
    "mustn't mightn't"
)
NEGATIONS: Final = word_set(
    "not no never none nobody nothing neither nor without cannot isn't aren't wasn't weren't hasn't "
    "haven't hadn't don't doesn't didn't won't wouldn't can't couldn't shouldn't mustn't mightn't n't"
)
SETTINGS: Final = word_set(
    "statement interview briefing conference speech letter tweet post report reporters press phone "
    "telephone email e-mail video message address remarks comments article reference response reply "
    "hearing court"
)
HEDGES: Final = word_set(
    "may might could would should can possibly probably perhaps maybe allegedly reportedly apparently "
    "seemingly likely unlikely suspected alleged appears appeared seems seemed suggests"
)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
TIME_WORDS: Final = frozenset(WEEKDAYS) | word_set(
    "today yesterday tonight tomorrow earlier later morning afternoon evening night week month year "
    "last early late midday noon"
)

# base past participle; one participle when it differs from the past
_IRREGULAR: Final = """
arise arose arisen; be was been; bear bore borne; beat beat beaten; become became become; begin began
begun; bend bent bent; bid bid bid; bind bound bound; bite bit bitten; blow blew blown; break broke
broken; breed bred bred; bring brought brought; build built built; burn burnt burnt; burst burst burst;
buy bought bought; cast cast cast; catch caught caught; choose chose chosen; cling clung clung; come came
come; cost cost cost; creep crept crept; cut cut cut; deal dealt dealt; dig dug dug; draw drew drawn;
dream dreamt dreamt; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed
fed; feel felt felt; fight fought fought; find found found; flee fled fled; fly flew flown; forbid
forbade forbidden; forecast forecast forecast; forget forgot forgotten; forgive forgave forgiven; freeze
froze frozen; get got gotten; give gave given; go went gone; grow grew grown; hang hung hung; hear heard
heard; hide hid hidden; hit hit hit; hold held held; hurt hurt hurt; keep kept kept; know knew known; lay
laid laid; lead led led; leave left left; lend lent lent; let let let; lie lay lain; lose lost lost; make
made made; mean meant meant; meet met met; mislead misled misled; overthrow overthrew overthrown; pay
paid paid; put put put; quit quit quit; read read read; ride rode ridden; ring rang rung; rise rose
risen; run ran run; say said said; see saw seen; seek sought sought; sell sold sold; send sent sent; set
set set; shake shook shaken; shed shed shed; shoot shot shot; show showed shown; shrink shrank shrunk;
shut shut shut; sink sank sunk; sit sat sat; sleep slept slept; slide slid slid; speak spoke spoken;
spend spent spent; split split split; spread spread spread; stand stood stood; steal stole stolen; stick
stuck stuck; strike struck struck; strive strove striven; swear swore sworn; sweep swept swept; swim swam
swum; swing swung swung; take took taken; teach taught taught; tear tore torn; tell told told; think
thought thought; throw threw thrown; understand understood understood; undergo underwent undergone;
uphold upheld upheld; wake woke woken; wear wore worn; win won won; withdraw withdrew withdrawn;
withstand withstood withstood; write wrote written; overrun overran overrun;
"""

_REGULAR: Final = """
abandon accept accuse achieve acknowledge act add address admit adopt advance advise affirm agree aim
allege allow amount anger announce answer apologise apologize appeal appear apply appoint approve argue
arrest arrive ask assassinate assault assert assess assist assume assure attack attempt attend avoid back
ban bar base battle believe belong benefit blame blast block bomb bombard boost brand brief broadcast
bury call camp cancel cap capture carry cause caution cease celebrate challenge change charge chase chide
choke cite claim clarify clash classify clear close collapse collect comment commit communicate compare
compete complain complete complicate conceal concede concern conclude condemn conduct confess confirm
confiscate confront consider consist consult contact contain contend continue contradict contribute
control convict convince convoy cooperate coordinate count counter cover crack crash create criticise
criticize cross crush curb cure damage deal debate decide declare decline decrease deem defeat defend
defuse delay deliver demand demolish demonstrate denounce deny depart depend depict deploy derail
describe deserve destroy detail detain detect deteriorate determine develop die differ direct disagree
discharge disclose discourage discover discuss dismiss displace dispute disrupt divert dominate double
doubt down draft drop earn echo eject elaborate elect emerge emphasise emphasize employ enable encircle
encourage end endanger endorse endure enforce engage enjoy ensure enter equip escalate escape establish
estimate evacuate evade examine exceed exchange exclude execute exercise exist expand expect expel
explain explode explore export expose express extend face fail favor favour fear file film fine finish
fire fix flock flood flow follow forbid force form found free fuel fund gain gather gauge generate grab
grant guarantee guard guess hail halt hamper handle happen harm hasten head heighten help highlight
hinder hint hope hospitalise host house hunt hurry identify ignore imagine impact imply import impose
imprison improve include increase indicate infer inflict inform inhabit inherit initiate injure insist
inspect install instruct insult intend intensify intercept interfere interrupt interview invade invest
investigate invite involve irritate issue jail join joke judge jump justify kick kidnap kill knock label
lack lament land last laugh launch leak liberate lift like limit linger link live load locate look loot
love lower maintain manage march mark melt mention merge migrate miss mock monitor mount mourn move
murder murmur name narrow need negotiate note notice notify obey object oblige observe obtain occupy
occur offer open operate oppose order organise organize oust outline oversee owe own pack park
participate pass patrol pause peak penalise penetrate perform permit persist persuade place plan play
plead pledge plunge point poison poll pose possess postpone pound pour praise predict prefer prepare
present press pretend prevent print probe proceed proclaim produce project promise promote prompt propose
protect protest prove provide provoke publish pull punish purchase purge pursue push question quote raid
raise rally reach react reaffirm realise realize reassure rebuff rebuild rebuke recall recapture receive
reckon recognise recognize recommend recover recruit reduce refer reflect refuse refute regain regard
register regret reiterate reject relate release relocate rely remain remark remember remind remove renew
reopen repair repeat replace reply report represent request require rescue reside resign resist resolve
respond restore restrict result resume retain retaliate retreat return reveal reverse review revoke rise
rule rush sabotage sack sail sanction save scale scatter scold score scream scuttle search secure seem
seize sentence separate serve settle shell shelter shift shout shrug shun sign signal skip slam slap slip
slow smash smuggle soar solve sound sow spark specify spill spot stab stage start starve state station
stay stem step stockpile stop store storm strand strengthen stress stretch strip struggle submit suffer
suggest summon supervise supply support suppose surge surrender surround survive suspect suspend tackle
talk target tend test testify thank threaten tighten toll topple torch torture total touch tour tout
track trade train transfer transform transport trap travel treat trigger try turn tweet underline
undermine underscore unleash unveil update upgrade urge use value vanish vary veto violate visit voice
volunteer vote vow wait walk wane want warn warrant watch weaken weigh welcome wipe wish withhold witness
wonder work worry worsen wound wreck yell yield
"""

# Listed verbs whose -s or bare form is as often a noun.

SPEECH: Final = word_set(
    "say tell claim state add warn deny announce insist emphasise emphasize assert allege argue admit "
    "acknowledge confirm declare explain note report reveal reply respond suggest stress underline "
    "underscore write tweet testify reiterate repeat remark predict pledge promise vow urge concede "
    "contend complain comment caution conclude disclose estimate maintain observe point recall remind "
    "indicate inform assure affirm reaffirm advise answer ask boast brag clarify counter demand "
    "elaborate hint imply joke lament mention propose quip recommend recount stipulate swear threaten "
    "proclaim signal specify continue notify lie shout yell scream whisper murmur mutter charge quote "
    "cite retort opine exclaim object protest plead brief post agree disagree refute rule detail "
    "outline outlined interject"
)
BELIEF: Final = word_set(
    "believe think suspect fear hope expect feel know consider doubt wonder assume realise realize "
    "understand learn find show demonstrate conclude decide determine hear see guess reckon worry want "
    "wish intend imagine speculate prove forecast"
)
NAMING: Final = word_set(
    "call accuse blame condemn denounce describe brand label dub slam criticise criticize praise hail "
    "dismiss reject dispute welcome characterise characterize depict portray cite regard decry deplore "
    "lambast blast rebuke mock chide refer thank"
)
OBJECT_SPEECH: Final = word_set(
    "announce deny claim confirm condemn denounce reject dismiss demand urge propose predict allege "
    "admit pledge promise vow threaten acknowledge report criticise criticize accuse blame call brand "
    "describe dispute underline underscore stress emphasise emphasize suggest warn refute welcome "
    "praise ask question recommend express reveal cite mention reiterate detail outline disclose"
)
TO_SPEECH: Final = word_set(
    "vow promise pledge threaten claim urge ask demand call order want hope intend agree refuse "
    "swear expect decide wish warn offer propose tell advise"
)
DENIAL: Final = word_set("deny reject dismiss refute dispute rebuff contradict doubt")
TELLING: Final = word_set("tell remind inform assure notify warn ask urge advise brief")
# Verbs of TELLING that always name whom they tell: what follows them is never who speaks.
ADDRESSING: Final = word_set("tell remind inform assure notify brief")
# Before a noun these say what the speaker wants or thinks of it, and nothing that can be checked.
# What is wanted, asked for or refused is not said to be so.
# Adverbs that belong to the number or noun after them: "said only two came" is not "said two came".
COLLECTIVE_HEADS: Final = word_set(
    "ministry military army coalition government department agency council police parliament committee "
    "commission observatory group organisation organization embassy court party union company force "
    "forces command office association foundation bureau administration authority network institute "
    "campaign team alliance movement centre center pentagon kremlin presidency navy watchdog charity "
    "newspaper channel station outlet website broadcaster firm"
)
# Kinds that stand before a name of their own: "the news agency Ritzau".
NAMED_KINDS: Final = word_set(
    "agency outlet newspaper magazine channel station broadcaster website company firm group charity "
    "watchdog party union organisation organization network paper"
)
BODY_WORDS: Final = word_set(
    "house state states nations watch kingdom union street bank university college school hospital city "
    "county times post journal news agency reuters amnesty international senate congress bundestag "
    "knesset board service corporation inc ltd company front brigade battalion division fleet assembly "
    "republic federation society club press media television tv radio federal national un eu nato who "
    "fbi cia"
)
ROLES: Final = word_set(
    "spokesman spokeswoman spokesperson president minister secretary general chairman chairwoman chair "
    "chief director commander colonel major captain lieutenant sergeant admiral senator governor mayor "
    "ambassador envoy official officer leader head analyst expert professor doctor adviser advisor "
    "lawyer attorney judge prosecutor manager executive founder editor reporter correspondent "
    "journalist author candidate nominee congressman congresswoman representative rep sen gov gen col "
    "lt dr mr mrs ms miss sir lord lady prince princess king queen pope bishop archbishop imam sheikh "
    "ayatollah premier chancellor marshal brigadier sheriff deputy resident witness witnesses "
    "coordinator researcher scientist economist engineer activist negotiator diplomat inspector "
    "superintendent constable detective coach owner teacher physician surgeon speaker treasurer "
    "harbourmaster harbormaster pilot operator dean principal"
)


def _regular_past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + "ed"


def _third_person(base: str) -> str:
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


def _participles(base: str) -> list[str]:
    if base.endswith("ie"):
        return [base[:-2] + "ying"]
    if base.endswith("e") and not base.endswith("ee") and base != "be":
        return [base[:-1] + "ing"]
    return [base + "ing", base + base[-1] + "ing"]


def _verb_forms() -> dict[str, tuple[str, frozenset[str]]]:
    """Return form -> (base, readings); readings are among base, s, past, participle and ing."""
    found: dict[str, tuple[str, set[str]]] = {}

    def note(form: str, base: str, reading: str) -> None:
        found.setdefault(form, (base, set()))[1].add(reading)

    pasts: dict[str, tuple[str, str]] = {}
    for entry in _IRREGULAR.replace("\n", " ").split(";"):
        if entry.strip():
            base, past, participle = entry.split()
            pasts[base] = (past, participle)
    listed = [*pasts, *sorted(set(_REGULAR.split()) | SPEECH | BELIEF | NAMING | OBJECT_SPEECH | TO_SPEECH)]
    for base in dict.fromkeys(listed):
        note(base, base, "base")
        note(_third_person(base), base, "s")
        for form in _participles(base):
            note(form, base, "ing")
        if base in pasts:
            note(pasts[base][0], base, "past")
            note(pasts[base][1], base, "participle")
        else:
            for form in {_regular_past(base), base + base[-1] + "ed"}:
                note(form, base, "past")
                note(form, base, "participle")
    return {form: (base, frozenset(readings)) for form, (base, readings) in found.items()}


VERB_FORMS: Final = _verb_forms()


def verb_base(form: str) -> str:
    """Return the base of a verb form ("underlined" -> "underline"); an unknown form is its own base.

    >>> verb_base("branded")
    'brand'
    """
    known = VERB_FORMS.get(form.split("-")[0])
    return known[0] if known else form
