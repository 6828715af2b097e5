"""Stories of our own, as claims: nothing here happened."""

from datetime import date

from claims.extraction.types import ExtractedClaim, Frame, Span, SpeakerMention
from reviews.matching import MatchClaim

# Sentences of the articles below stand this many characters apart.
STRIDE = 120


def claim(
    statement: str,
    *,
    id: str = "c",
    article: str = "a",
    outlet: str = "Alder Times",
    on: str = "2024-05-04",
    at: int = 0,
    speaker: str = "",
    frame: Frame | None = None,
) -> MatchClaim:
    """One claim; `at` is where its sentence begins."""
    said = SpeakerMention(speaker, (Span(at, at + 1),)) if speaker else None
    return MatchClaim(
        id=id,
        article=article,
        outlet=outlet,
        published_at=date.fromisoformat(on) if on else None,
        claim=ExtractedClaim(
            statement=statement,
            spans=(Span(at, at + 1),),
            sentence=Span(at, at + 1),
            speaker=said,
            chain=() if said is None else (said,),
            cue=None,
            kind="own_voice" if said is None else "indirect",
            frame=frame or Frame(),
            check_worthiness=1.0,
        ),
    )


def article(name: str, outlet: str, on: str, *statements: str) -> list[MatchClaim]:
    """The claims of one article, with ids like "name0"; "Speaker: words" is said by that speaker."""
    claims = []
    for number, statement in enumerate(statements):
        speaker, _, words = statement.rpartition(": ")
        claims.append(
            claim(
                words,
                id=f"{name}{number}",
                article=name,
                outlet=outlet,
                on=on,
                at=STRIDE * number,
                speaker=speaker,
            )
        )
    return claims


FERRY = [
    *article(
        "post", "Harbour Post", "2024-05-04",
        "A ferry capsized off the island of Skarholm on Friday, killing at least 12 people.",
        "coastguard: The Alma had been overloaded.",
        "Blue Line: Blue Line denied that the Alma was overloaded.",
        "Nine people were still missing.",
    ),
    *article(
        "echo", "Northern Echo", "2024-05-05",
        "coastguard: The toll of the sinking of the ferry Alma off Skarholm has risen to at least 17.",
        "Three children were among the dead.",
        "Six people are still missing.",
    ),
    *article(
        "nine", "Channel Nine", "2024-05-04",
        "hospital: At least 14 people died when the ferry Alma capsized near Skarholm on Friday.",
        "Witnesses: The captain was found alive.",
        "union: The captain was among the dead.",
    ),
]  # fmt: skip

MARCH = [
    *article(
        "courier", "Daily Courier", "2024-09-15",
        "police: Some 20,000 people marched through Velmora on Saturday to protest against the labour law.",
        "Police arrested 23 protesters after stones were thrown.",
        "interior ministry: Officers had not fired tear gas at the protesters.",
    ),
    *article(
        "radio", "Radio Velmora", "2024-09-15",
        "Tens of thousands of people protested in Velmora on Saturday against the labour law.",
        "organisers: 80,000 people marched through Velmora.",
        "Witnesses: Police fired tear gas at the protesters.",
        "lawyers' association: At least 60 people were arrested.",
    ),
]  # fmt: skip

BUDGET = [
    *article(
        "ledger", "The Ledger", "2024-11-20",
        "Finance Minister Carla Quillon presented the budget of Ostravia on Wednesday.",
        "Quillon: The government plans to borrow 12 billion euros.",
        "Institute for Public Accounts: Ostravia would have to borrow 14.5 billion euros.",
    ),
    *article(
        "standard", "Morning Standard", "2024-11-21",
        "Carla Quillon: Ostravia would borrow 12 billion euros under the budget of Carla Quillon.",
        "Spending on schools will fall by 1 per cent.",
    ),
]  # fmt: skip

TRIAL = [
    *article(
        "wire", "City Wire", "2024-03-12",
        "A court in Brackwater jailed the former mayor Hugo Lanz on Tuesday for bribery.",
        "judge: Hugo Lanz took 250,000 euros in bribes from the builder Norvik.",
    ),
    *article(
        "courier", "Daily Courier", "2024-03-13",
        "prosecutors: Hugo Lanz had accepted 400,000 euros from Norvik of Brackwater.",
        "Hugo Lanz: Hugo Lanz denied taking bribes from Norvik.",
    ),
]  # fmt: skip

FIRE = [
    *article(
        "post", "Harbour Post", "2024-07-02",
        "A fire at a chemical plant in Dorrimore killed five workers on Monday.",
        "company: The fire was caused by a gas leak.",
    ),
    *article(
        "nine", "Channel Nine", "2024-07-02",
        "Five people were killed and 11 injured in a blaze in Dorrimore on Monday.",
        "union: The fire was caused by an electrical fault.",
    ),
    *article(
        "ledger", "The Ledger", "2024-07-03",
        "hospital: Eight people have died after the fire in Dorrimore on Monday.",
        "company: A gas leak caused the fire.",
    ),
]  # fmt: skip

BOMBING = [
    *article(
        "times", "Alder Times", "2024-02-08",
        "A suicide bomber in a lorry struck the customs house in Karsan on Wednesday, killing 31 people.",
        "Red Banner: The Red Banner group claimed responsibility for the attack.",
        "A truck bomb exploded near the customs house in Karsan.",
        "No group has claimed the attack in the village of Oru, where six soldiers were killed on Monday.",
    ),
    *article(
        "mail", "Karsan Mail", "2024-02-08",
        "A car bomb struck the customs house in Karsan on Wednesday, killing 31 people and wounding 140.",
        "governor: The bombing in Karsan was carried out by separatist fighters.",
        "Red Banner: The Red Banner denied involvement in the bombing in Karsan.",
    ),
    *article(
        "wire", "City Wire", "2024-02-09",
        "hospital: At least 44 people died in the suicide bombing in Karsan on Wednesday.",
        "police: Dozens of people were wounded in the bombing in Karsan.",
    ),
]  # fmt: skip

ELECTION = [
    *article(
        "ledger", "The Ledger", "2024-10-07",
        "electoral commission: Turnout in the election in Marrowby on Sunday was 61.5 per cent.",
        "Mayor Ada Thorn won the election in Marrowby.",
    ),
    *article(
        "radio", "Radio Marrowby", "2024-10-07",
        "observers: Turnout in the election in Marrowby on Sunday was 48 per cent.",
        "opposition: The opposition denied that Ada Thorn won the election in Marrowby.",
    ),
]  # fmt: skip

SHELLS = [
    *article(
        "post", "Harbour Post", "2024-05-04",
        "Two destroyers fired 59 shells at the depot in Oru on Friday.",
        "navy: 58 of the 59 shells reached their targets.",
    ),
    *article(
        "wire", "City Wire", "2024-05-04",
        "The depot in Oru was shelled on Friday.",
        "army: Only 23 shells reached the depot.",
    ),
]  # fmt: skip

DISTANCES = [
    *article(
        "post", "Harbour Post", "2024-05-04",
        "The ferry Alma sank 30 kilometres south of Skarholm on Friday.",
        "The ferry Alma was carrying ammonium for six years.",
    ),
    *article(
        "wire", "City Wire", "2024-05-04",
        "The ferry Alma had left Skarholm on Friday, 40 kilometres from the mainland.",
        "The ferry Alma carried 2,750 tonnes of ammonium.",
    ),
]  # fmt: skip

STORIES = {
    "ferry": FERRY,
    "march": MARCH,
    "budget": BUDGET,
    "trial": TRIAL,
    "fire": FIRE,
    "bombing": BOMBING,
    "election": ELECTION,
}
