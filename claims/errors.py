"""What can go wrong in claims, in words fit to show to the person who asked."""


class ClaimsError(Exception):
    """Something asked of claims cannot be done; the message says what and why."""


class Unreadable(ClaimsError):
    """A document cannot be turned into an article.

    `code` is stable, for programs: empty, too_large, unknown_type, binary, wrong_encoding,
    no_text, too_complex, timed_out, reader_died, date_out_of_range or bad_address. The message is
    for people and says what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NotAllowed(ClaimsError):
    """This person may not do that, or not now."""


class Conflict(ClaimsError):
    """Something changed meanwhile, or was asked for differently before."""
