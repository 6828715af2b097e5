"""How many tokens may still be used, counted before they are."""

from threading import Lock

from claims.llm_engine.errors import OverBudget


class Budget:
    """`of` says whose it is ("this text"); what is drawn from it is drawn from `within` too."""

    def __init__(self, tokens: int, *, of: str, within: "Budget | None" = None) -> None:
        self._limit = tokens
        self._of = of
        self._within = within
        self._taken = 0
        self._lock = Lock()  # an engine's budget may be drawn on from several threads

    @property
    def used(self) -> int:
        return self._taken

    def check(self, tokens: int) -> None:
        """Raise OverBudget when `tokens` more could not be reserved."""
        with self._lock:
            if self._taken + tokens > self._limit:
                raise OverBudget(
                    f"asking needs about {tokens:,} tokens, and of the {self._limit:,} for {self._of} "
                    f"{max(0, self._limit - self._taken):,} are left"
                )
        if self._within is not None:
            self._within.check(tokens)

    def reserve(self, tokens: int) -> None:
        """Set `tokens` aside before asking. Raises OverBudget, and then nothing is set aside."""
        self.check(tokens)
        self._add(tokens)

    def settle(self, reserved: int, used: int) -> None:
        """Count what was used instead of what was reserved."""
        self._add(used - reserved)

    def _add(self, tokens: int) -> None:
        with self._lock:
            self._taken += tokens
        if self._within is not None:
            self._within._add(tokens)


def estimate_tokens(text: str) -> int:
    """Return about how many tokens `text` has, rather too many: three bytes of UTF-8 each.

    English has four to five characters a token in the common vocabularies, scripts of three bytes a
    character have about one.
    """
    return len(text.encode("utf-8", "replace")) // 3 + 1
