"""What a line of a page is by its shape: a sentence, a menu, a timer.

The rules look at shape, repetition and very common interface words, never at what a text is about.
Whatever has the shape of a sentence is prose, and whoever asks here keeps it.
"""

from __future__ import annotations

import re
from collections import Counter

FEWEST_WORDS = 3  # in which somebody can have claimed something: "Rents rose again."
_CLOSERS = "\"'”’»›)]}*」』"
_ENDS = ".!?。！？؟।۔"
_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")  # Thai, Lao, Japanese, Chinese
_TIMER = re.compile(r"(?:\d{1,2}:)?\d{1,3}:\d{1,2}(?:\s*/\s*(?:\d{1,2}:)?\d{1,3}:\d{1,2})?")
_BULLET = re.compile(r"(?:[-–—*•‣◦▪]|\(?\d{1,3}[.)])\s+\S")

# Words of interfaces, found in the headers, footers and players of any page.
_INTERFACE = """
about account ad ads advertisement advertising all and app apps article audio back bookmark breaking
business button caption captions close comment comments contact content continue cookie cookies copied
copy culture delete dismiss download edit email embed entertainment episode episodes expand facebook
feed filter follow forward fullscreen gallery health home icon icons in instagram international latest
less lifestyle like link linkedin listen live load local log login logo logout main menu messenger more
mute muted national navigation new news newsletter newsletters next notifications ok on open opinion
options original our page pause photo photos pinterest play player playlist podcast podcasts policy
politics preferences previous print privacy read reddit register related rss save science screen scroll
search section sections see settings share shared shares sidebar sign signup skip sponsored sport sports
stories story subscribe subscription subtitles tag tags tech technology telegram terms this to toggle
top topic topics transcript travel trending tweet twitter unmute us video videos view views volume watch
weather whatsapp world your youtube
"""
_INTERFACE_WORDS = frozenset(_INTERFACE.split())
_HOUSEKEEPING = re.compile(
    r"(?:(?:we|this (?:web)?site|our (?:web)?site)(?: and our partners)? uses? cookies\b"
    r"|by (?:clicking|continuing|subscribing|signing|using)\b.*\b(?:agree|accept|consent)\b"
    r"|(?:subscribe|sign up|log in|sign in|register)\b.*\b(?:newsletter|account|continue|inbox)\b"
    r"|(?:accept|manage|reject)\b.*\bcookies\b"
    r"|(?:download|get) (?:our|the) app\b|follow us on\b|share this (?:article|story|page)\b"
    r"|all rights reserved\b|©|\(c\)\s|copyright\s)",
    re.IGNORECASE,
)
_HOUSEKEEPING_CHARACTERS = 400


def words_of(line: str) -> list[str]:
    """Return the words of a line; in scripts that write no spaces, each character is one."""
    spaced = _UNSPACED.sub(lambda found: f" {found.group()} ", line) if _UNSPACED.search(line) else line
    return _WORD.findall(spaced)


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends as sentences do, closing quotes and brackets aside."""
    bare = line.rstrip().rstrip(_CLOSERS)
    return bool(bare) and bare[-1] in _ENDS


def is_sentence(line: str) -> bool:
    """Tell whether a line has the shape of a sentence, or of one that leads on to the next line.

    Two words and a full stop are enough ("No comment."); a line that trails off, as teasers and
    buttons do, or that ends in a colon or comma must have four.
    """
    words = len(words_of(line))
    if line.rstrip(_CLOSERS + " ").endswith(("...", "…", ":", ",", ";", "—", "–")):
        return words >= 4 and not is_menu(line)
    return ends_sentence(line) and words >= 2


def is_long(line: str, *, words: int = 12) -> bool:
    """Tell whether a line without a sentence's end can still be prose: cut off, or carelessly typed."""
    return len(words_of(line)) >= words and not is_menu(line)


def is_timer(line: str) -> bool:
    """Tell whether a line is the clock of a player, also one cut off where the paste ended: 28:1."""
    return _TIMER.fullmatch(line.strip()) is not None


def is_question_or_cry(line: str) -> bool:
    """Tell whether a line ends as sentences and headlines both may: What now?"""
    return line.rstrip().rstrip(_CLOSERS).endswith(("?", "!", "？", "！", "؟"))


def is_bullet(line: str) -> bool:
    return _BULLET.match(line.strip()) is not None


def is_menu(line: str) -> bool:
    """Tell whether a line is interface words run together, by their share or by their repetition.

    A share of two thirds tells menus. Runs of icon names are told by a beginning or end of words
    ("shareicon", "playicon") that returns in more than a quarter of them, as none does in prose:
    the commonest word of English, "the", makes up about 6% of it.
    """
    if ends_sentence(line) or any(character in line for character in '“”«»„"'):
        return False
    words = [word.lower() for word in words_of(line)]
    known = sum(word in _INTERFACE_WORDS for word in words)
    if words and known * 3 >= len(words) * 2:
        return True
    if len(words) < 8 or _UNSPACED.search(line):
        return False
    affixes = Counter(affix for word in words if len(word) >= 3 for affix in {word[:4], word[-4:]})
    return bool(affixes) and affixes.most_common(1)[0][1] * 4 > len(words)


def is_housekeeping(line: str) -> bool:
    """Tell whether a line is the site speaking of itself: cookies, newsletters, copyright.

    These have the shape of sentences, so ask only at the edges of a page, never within a report.
    """
    line = line.strip()
    return len(line) <= _HOUSEKEEPING_CHARACTERS and _HOUSEKEEPING.match(line) is not None


def holds_prose(text: str) -> bool:
    """Tell whether there is anything in `text` that could be claimed: one sentence of three words or more."""
    return any(
        (is_sentence(line) or is_long(line)) and len(words_of(line)) >= FEWEST_WORDS
        for paragraph in text.split("\n\n")
        for line in (paragraph, *paragraph.split("\n"))
    )
