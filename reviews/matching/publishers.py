"""Who publishes: agencies and outlets under their usual names, and which of their names are one house.

The lists are written by us and are short: names an agency signs with, and houses that publish the same
report under several names. What is not listed is known by the shape of its name ("Alder Valley Times").
"""

import re
from functools import lru_cache
from typing import Final

_ARTICLE: Final = re.compile(r"^the\s+", re.IGNORECASE)

# usual name: other names it signs with
_AGENCIES: Final = {
    "AAP": "Australian Associated Press",
    "AFP": "Agence France-Presse|Agence France Presse",
    "ANI": "Asian News International",
    "ANSA": "Ansa|Agenzia ANSA",
    "Anadolu": "Anadolu Agency|Anadolu Ajansi|Anadolu Ajansı|AA",
    "AP": "Associated Press|A.P.",
    "APA": "Austria Press Agency|Austria Presse Agentur",
    "Belga": "Belga News Agency",
    "Bernama": "Malaysian National News Agency",
    "Canadian Press": "CP",
    "Dogan": "Dogan News Agency|Doğan News Agency|DHA",
    "dpa": "Deutsche Presse-Agentur|DPA",
    "EFE": "Agencia EFE",
    "Fars": "Fars News Agency|Fars News",
    "IANS": "Indo-Asian News Service",
    "Interfax": "Interfax News Agency",
    "Interfax-Ukraine": "",
    "INA": "Iraqi News Agency",
    "IRNA": "Islamic Republic News Agency",
    "ISNA": "Iranian Students' News Agency|Iranian Students News Agency",
    "Jiji": "Jiji Press",
    "KCNA": "Korean Central News Agency",
    "KUNA": "Kuwait News Agency",
    "Kyodo": "Kyodo News",
    "Lusa": "Lusa News Agency",
    "MENA": "Middle East News Agency",
    "NAN": "News Agency of Nigeria",
    "NNA": "National News Agency",
    "NTB": "",
    "PA": "PA Media|PA News Agency|Press Association|The Press Association",
    "PAP": "Polish Press Agency",
    "Petra": "Petra News Agency|Jordan News Agency",
    "PTI": "Press Trust of India",
    "Reuters": "Thomson Reuters|Reuters News Agency|Reuters News",
    "RIA Novosti": "RIA|RIA News",
    "Ritzau": "",
    "SANA": "Syrian Arab News Agency|Syria Arab News Agency|SANA News Agency",
    "SPA": "Saudi Press Agency",
    "Tasnim": "Tasnim News Agency|Tasnim News",
    "TASS": "Tass|Itar-Tass|ITAR-TASS|TASS News Agency",
    "TT": "TT News Agency",
    "Ukrinform": "",
    "UNIAN": "",
    "UPI": "United Press International",
    "WAFA": "Wafa News Agency|Palestinian News Agency",
    "WAM": "Emirates News Agency",
    "Xinhua": "Xinhua News Agency|New China News Agency",
    "Yonhap": "Yonhap News|Yonhap News Agency",
}
# house: names it publishes under
_HOUSES: Final = {
    "ABC News": "ABC",
    "Al Arabiya": "Al-Arabiya|Al Arabiya English|Alarabiya",
    "Al Jazeera": "Al-Jazeera|Aljazeera|AJE|Al Jazeera Arabic|Al Jazeera Balkans",
    "Al Mayadeen": "Al-Mayadeen",
    "Al Manar": "Al-Manar|Almanar",
    "Asharq Al-Awsat": "Asharq Al Awsat|Asharqalawsat|Aawsat",
    "Axios": "",
    "BBC": "BBC News|BBC World|BBC World Service|BBC Arabic|BBC Persian|BBC Sport|BBC Monitoring",
    "Bloomberg": "Bloomberg News|Bloomberg Businessweek",
    "CBC": "CBC News|CBC/Radio-Canada|Radio-Canada",
    "CBS": "CBS News",
    "CGTN": "CCTV|China Central Television",
    "CNBC": "",
    "CNN": "Cable News Network|CNN Arabic|CNN Turk|CNN Türk",
    "Corriere della Sera": "Corriere",
    "Daily Mail": "MailOnline|Mail Online|Mail on Sunday",
    "Daily Sabah": "",
    "Der Spiegel": "Spiegel International|Spiegel Online",
    "Deutsche Welle": "DW|DW News",
    "Die Zeit": "Zeit",
    "El País": "El Pais",
    "Financial Times": "FT",
    "Fox News": "",
    "France Médias Monde": "France 24|France24|RFI|Radio France Internationale|Monte Carlo Doualiya",
    "Haaretz": "Ha'aretz",
    "Hurriyet": "Hürriyet|Hurriyet Daily News|Hürriyet Daily News",
    "ITV": "ITV News",
    "La Repubblica": "Repubblica",
    "Le Figaro": "",
    "Le Monde": "",
    "Los Angeles Times": "LA Times",
    "MSNBC": "NBC|NBC News",
    "Middle East Eye": "MEE",
    "New York Times": "NYT|NY Times|International New York Times|International Herald Tribune",
    "NHK": "NHK World",
    "NPR": "National Public Radio",
    "Politico": "Politico Europe",
    "Press TV": "PressTV",
    "Radio Free Europe": "RFE/RL|RFE|Radio Free Europe/Radio Liberty|Radio Liberty|Radio Svoboda",
    "RT": "Russia Today|RT Arabic|RT International",
    "Rudaw": "Rudaw Media Network",
    "Sky News": "Sky News Arabia",
    "Sputnik": "Sputnik News|RIA Sputnik",
    "Süddeutsche Zeitung": "Süddeutsche",
    "Al-Araby Al-Jadeed": "The New Arab|Al Araby|Alaraby|Al-Araby",
    "Guardian": "Guardian Australia|Guardian US",
    "Telegraph": "Daily Telegraph|Sunday Telegraph",
    "Times of London": "The Sunday Times",
    "TRT": "TRT World|TRT Haber",
    "USA Today": "",
    "Voice of America": "VOA|VOA News",
    "Wall Street Journal": "WSJ",
    "Washington Post": "WaPo|Washpost",
}
# Capitals and digits that end in one of these name a medium: "Northline Wire", "Channel 9", "Radio Alder".
_MEDIUM_ENDINGS: Final = frozenset(
    [
        "agency",
        "broadcaster",
        "broadcasting",
        "chronicle",
        "courier",
        "daily",
        "dispatch",
        "examiner",
        "gazette",
        "herald",
        "inquirer",
        "journal",
        "magazine",
        "mirror",
        "monitor",
        "news",
        "newspaper",
        "newswire",
        "observer",
        "post",
        "press",
        "radio",
        "record",
        "review",
        "sentinel",
        "standard",
        "star",
        "sun",
        "telegraph",
        "television",
        "times",
        "tribune",
        "tv",
        "weekly",
        "wire",
    ]
)
# These end the names of bodies that publish no news as often: they need a second sign.
_DOUBTFUL_ENDINGS: Final = frozenset(
    ["agency", "monitor", "observer", "press", "record", "review", "standard", "star", "sun", "mirror"]
)
_PRESS_WORDS: Final = frozenset(["news", "press", "information", "telegraph"])
_AGENCY_ENDING: Final = re.compile(r"\b(?:(?:news)?wire|(?:news|press|information) agency)$", re.IGNORECASE)
_MEDIUM_OPENINGS: Final = frozenset({"channel", "radio"})
# Words of kind around a name: "the Turkish broadcaster NTV", "Reuters news agency"
_KIND: Final = (
    r"(?:(?:(?:state|national|news|press|media)\s+)*(?:news|press)\s+agency|newswire|newspaper|daily|weekly"
    r"|broadcaster|(?:news|media)\s+(?:outlet|group|organi[sz]ation)|(?:news\s+)?website|news\s+site"
    r"|(?:(?:news|television|tv|radio|satellite)\s+)+(?:network|channel|station)|television|tv|TV|magazine)"
)
_LEADING_KIND: Final = re.compile(rf"^(?:[\w'’-]+\s+){{0,4}}?(?i:{_KIND})\s+(?=[A-Z])")
_TRAILING_KIND: Final = re.compile(rf"\s+{_KIND}$")
_WHOSE: Final = re.compile(
    r"^(?:[\w-]+['’]s?\s+|[\w-]+-(?:linked|affiliated|run|owned|backed|controlled|based)\s+)+"
)
# What is left of "State TV" or "Local newspaper" names nobody.
_NO_NAMES: Final = frozenset({"state", "public", "private", "local", "national", "regional"})
_STATE_MEDIUM: Final = re.compile(
    r"^(?P<whose>[A-Z][\w-]+)(?:['’]s)?\s+state(?:-run|-owned)?\s+(?P<kind>tv|television|media|radio)$",
    re.IGNORECASE,
)
_WEB: Final = re.compile(r"^(?:https?://)?(?:www\.)?([\w-]+)(?:\.[a-z]{2,4}){1,2}/?$", re.IGNORECASE)
_EDITION: Final = re.compile(r"\s+(?:online|english|international|website|arabic)$", re.IGNORECASE)
_EDGES: Final = " \t\n\"'“”‘’.,;:()[]"


def _listed(lists: dict[str, str]) -> dict[str, str]:
    """Key every name by its folded case, but acronyms as they stand: "AP" signs, "ap" does not."""
    return {
        name if name.isupper() else name.casefold(): usual
        for usual, others in lists.items()
        for name in (usual, *(_ARTICLE.sub("", other) for other in others.split("|") if other))
    }


_AGENCY_OF: Final = _listed(_AGENCIES)
_USUAL_OF: Final = _listed(_HOUSES) | _AGENCY_OF


def agency_name(name: str) -> str:
    """Return the usual short name of a news agency, "" for anybody else.

    One that is not listed is known by its name: a wire, or an agency for news.

    >>> agency_name("the Agence France-Presse news agency"), agency_name("Northline Wire")
    ('AFP', 'Northline Wire')
    """
    bare, *shorter = _forms(name)
    if usual := next((usual for form in (bare, *shorter) if (usual := _found(form, _AGENCY_OF))), ""):
        return usual
    is_agency = bool(_AGENCY_ENDING.search(bare)) and not _listed_name(bare, *shorter) and is_medium(bare)
    return publisher_name(bare) if is_agency else ""


@lru_cache(maxsize=8192)
def publisher_name(name: str) -> str:
    """Return the one name under which all names of a publishing house are counted.

    Names that are not listed lose their article, web ending and edition; "" stays "".

    >>> publisher_name("www.aljazeera.com"), publisher_name("The Alder Valley Times Online")
    ('Al Jazeera', 'Alder Valley Times')
    """
    bare, plain, shortest = _forms(name)
    if web := _WEB.match(bare):
        bare = plain = shortest = web[1]
    if usual := _listed_name(bare, plain, shortest) or _found(bare.upper(), _USUAL_OF):
        return usual
    if state := _STATE_MEDIUM.match(bare):
        kind = state["kind"].casefold()
        return f"{state['whose']} state {'television' if kind == 'tv' else kind}"
    return shortest


@lru_cache(maxsize=8192)
def is_medium(name: str) -> bool:
    """Whether this is the name of an agency or outlet: listed, or of the shape of one.

    "The Alder Valley Times" is one, "the Central Intelligence Agency" and "a local newspaper" are none.
    """
    bare, plain, shortest = _forms(name)
    if _listed_name(bare, plain, shortest) or _STATE_MEDIUM.match(bare):
        return True
    words = plain.split()
    if not words or not (words[0][0].isupper() and (words[-1][0].isupper() or words[-1].isdigit())):
        return False
    if plain != bare:
        return plain.casefold() not in _NO_NAMES
    last = words[-1].casefold()
    if not 2 <= len(words) <= 6:
        return False
    if last in _DOUBTFUL_ENDINGS:
        return last == "press" or any(word.casefold() in _PRESS_WORDS for word in words[:-1])
    return last in _MEDIUM_ENDINGS or (words[0].casefold() in _MEDIUM_OPENINGS and len(words) <= 3)


def _listed_name(*forms: str) -> str:
    return next((usual for form in forms if (usual := _found(form, _USUAL_OF))), "")


def _found(form: str, usual_of: dict[str, str]) -> str:
    return usual_of.get(form) or usual_of.get(form.casefold(), "")


def _forms(name: str) -> tuple[str, str, str]:
    """Give the name as it stands, without words that say what it is, and without its edition."""
    bare = _ARTICLE.sub("", " ".join(name.split()).strip(_EDGES))
    plain = _TRAILING_KIND.sub("", _LEADING_KIND.sub("", bare))
    if plain != bare:
        plain = _WHOSE.sub("", plain)
    return bare, plain, _EDITION.sub("", plain)
