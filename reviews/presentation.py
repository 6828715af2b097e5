"""How what is counted of a question is said. Pure; knows neither Django nor HTML."""


def counted(claims: int, outlets: int, origins: int) -> str:
    """Counts as they are shown wherever claims are counted.

    >>> counted(7, 5, 1)
    '7 claims, 5 outlets, 1 origin'
    """
    return ", ".join((_of(claims, "claim"), _of(outlets, "outlet"), _of(origins, "origin")))


def backed(outlets: int, origins: int) -> str:
    """What stands behind one answer, where its claims are not the point: "4 outlets, 2 origins"."""
    return f"{_of(outlets, 'outlet')}, {_of(origins, 'origin')}"


def _of(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
