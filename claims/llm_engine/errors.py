"""Why a language model's answer cannot be had or used, in words fit to show beside the claims."""


class LlmError(Exception):
    """The default engine has to stand in; the message says why and holds nothing the server wrote."""


class OverBudget(LlmError):
    """Asking would use more tokens than may be used."""


class ServerFailed(LlmError):
    """The server did not give a usable answer, and asking again would not help.

    `did_work` is False when it surely never put the question to the model.
    """

    def __init__(self, message: str, *, did_work: bool = True) -> None:
        super().__init__(message)
        self.did_work = did_work


class PassingFailure(ServerFailed):
    """The server may answer next time; `wait_seconds` is how long it asked us to wait, if it did."""

    def __init__(self, message: str, *, did_work: bool = True, wait_seconds: float | None = None) -> None:
        super().__init__(message, did_work=did_work)
        self.wait_seconds = wait_seconds
