"""What is not as it should be."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Final

SHOWN: Final = 20


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: in which check, where, what was expected and what was there.

    `position` is the place in the chain, where it has one.
    """

    check: str
    where: str
    expected: str
    found: str
    position: int | None = None

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}; found {self.found}."

    def to_json(self) -> dict[str, str | int | None]:
        return asdict(self)


@dataclass
class Findings:
    """The first of them, the first of each check among them, and how many there are of each."""

    first: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        self.counts[finding.check] += 1
        if len(self.first) < SHOWN or self.counts[finding.check] == 1:
            self.first.append(finding)

    def __len__(self) -> int:
        return self.counts.total()
