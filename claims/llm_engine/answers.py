"""Bytes of a server -> what it says, or a refusal: bounded in every direction before anything reads it."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from claims.llm_engine.budget import estimate_tokens
from claims.llm_engine.errors import PassingFailure

_MOST_REPORTED_TOKENS: Final = 10_000_000

_Phrase = Annotated[str, Field(max_length=300)]
_Piece = Annotated[str, Field(max_length=2_000)]


class _Read(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class GivenClaim(_Read):
    """A claim as the model gives it; nothing in it has been looked up in the text yet."""

    sentence: int
    quote: Annotated[list[_Piece], Field(min_length=1, max_length=4)]
    statement: Annotated[str, Field(max_length=1_000)]
    speaker: _Phrase
    speaker_name: _Phrase
    cue: _Phrase
    reported_by: Annotated[list[_Phrase], Field(max_length=4)]


class _Answer(_Read):
    claims: Annotated[list[GivenClaim], Field(max_length=200)]


class _Message(_Read):
    content: str


class _Choice(_Read):
    message: _Message


class _Usage(_Read):
    total_tokens: Annotated[int, Field(ge=1, le=_MOST_REPORTED_TOKENS)]


class _Completion(_Read):
    choices: Annotated[list[_Choice], Field(min_length=1, max_length=8)]
    usage: _Usage | None = None


class Completion(_Read):
    """What the model wrote, and the tokens it took: as reported, else estimated."""

    content: str
    tokens: int


def read_completion(body: bytes, *, prompt_tokens: int) -> Completion:
    """Return what the body of a chat completion says; `prompt_tokens` is our estimate of the question.

    Raises PassingFailure when it is no completion.
    """
    try:
        completion = _Completion.model_validate_json(body)
    except ValidationError:
        # Not chained: the error quotes what the server wrote.
        raise PassingFailure("the server's answer is no chat completion") from None
    content = completion.choices[0].message.content
    if completion.usage is None:
        return Completion(content=content, tokens=prompt_tokens + estimate_tokens(content))
    return Completion(content=content, tokens=completion.usage.total_tokens)


def read_answer(content: str) -> list[GivenClaim]:
    """Return the claims the model wrote down. Raises PassingFailure when they are not as the schema says."""
    try:
        return _Answer.model_validate_json(content).claims
    except ValidationError:
        raise PassingFailure("the model's answer is not of the form it was asked for") from None
