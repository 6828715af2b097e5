"""From a text to claims by a model that behaves."""

import json
import threading
from datetime import date

import pytest

from claims.extraction.types import Cue, Span, SpeakerMention
from claims.llm_engine import PROMPT_VERSION, LlmResult, MemoryCache
from claims.llm_engine.parts import LONGEST_PART
from tests.claims.llm_engine.conftest import MakeEngine
from tests.claims.llm_engine.server import Exchange, Json, ModelServer, a_claim, claims, completion

TEXT = (
    "Ferry sinks\n\n"
    "The ferry sank on Sunday 3km from Vardo, the coast guard said. It carried 40 people.\n\n"
    "“He saw the wave,” Jane Roe told reporters. The agency quoted her as saying the lamp was out."
)


def place(words: str) -> Span:
    at = TEXT.index(words)
    return Span(at, at + len(words))


def pointed_to() -> Exchange:
    """Claims at their places in the text, one with a speaker who is named elsewhere."""
    sank = "The ferry sank on Sunday 3km from Vardo"
    quoted = {"speaker": "her", "speaker_name": "Jane Roe", "cue": "quoted", "reported_by": ["The agency"]}
    return claims(
        a_claim(sank, sentence=1, speaker="the coast guard", cue="said"),
        a_claim("It carried 40 people.", sentence=2, statement="The ferry carried 40 people."),
        a_claim("“He saw the wave,”", sentence=3, speaker="Jane Roe", cue="told reporters"),
        a_claim("the lamp was out", sentence=4, **quoted),
        tokens=321,
    )


def test_extract_claims_gives_what_the_model_points_to(server: ModelServer, make_engine: MakeEngine) -> None:
    server.answers = [pointed_to()]

    result = make_engine().extract_claims(TEXT, title="Ferry sinks", published_at=date(2021, 3, 2))

    found = [
        (claim.statement, claim.spans, claim.kind, claim.cue, claim.chain, claim.unresolved)
        for claim in result.claims
    ]
    guard = SpeakerMention("coast guard", (place("the coast guard"),))
    roe = SpeakerMention("Jane Roe", (place("Jane Roe"),))
    agency = SpeakerMention("agency", (place("The agency"),))
    assert found == [
        (
            "The ferry sank on Sunday 3km from Vardo.",
            (place("The ferry sank on Sunday 3km from Vardo"),),
            "indirect",
            Cue("said", place("said")),
            (guard,),
            (),
        ),
        ("The ferry carried 40 people.", (place("It carried 40 people"),), "own_voice", None, (), ()),
        (
            "He saw the wave.",
            (place("He saw the wave"),),
            "direct",
            Cue("told reporters", place("told reporters")),
            (roe,),
            ("he",),
        ),
        (
            "The lamp was out.",
            (place("the lamp was out"),),
            "indirect",
            Cue("quoted", place("quoted")),
            (agency, SpeakerMention("Jane Roe", (place("her"),))),
            (),
        ),
    ]
    assert [claim.speaker for claim in result.claims] == [guard, None, roe, found[3][4][-1]]
    assert result == LlmResult(result.claims, 0, 0, "", PROMPT_VERSION, "small-1", 321)


def test_extract_claims_reads_frame_and_check_worthiness_with_the_default_engine(
    server: ModelServer, make_engine: MakeEngine
) -> None:
    server.answers = [claims(a_claim("The ferry sank on Sunday 3km from Vardo", sentence=1))]

    [claim] = make_engine().extract_claims(TEXT, published_at=date(2021, 3, 2)).claims

    assert claim.frame.predicate in {"sank", "sink"}
    assert claim.frame.time is not None
    assert claim.frame.time.earliest == date(2021, 2, 28)
    assert [(str(amount.value), amount.unit) for amount in claim.frame.quantities] == [("3", "km")]
    assert 0.5 < claim.check_worthiness <= 1


def test_request_is_as_the_protocol_says(server: ModelServer, make_engine: MakeEngine) -> None:
    server.answers = [claims()]

    make_engine().extract_claims(
        TEXT, title="Ferry sinks", outlet="Harbour Wire", published_at=date(2021, 3, 2)
    )

    [asked] = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["Authorization"] == "Bearer sk-very-secret"
    assert asked.body["model"] == "small-1"
    assert asked.body["response_format"]["json_schema"]["strict"] is True
    assert [message["role"] for message in asked.body["messages"]] == ["system", "user"]
    assert asked.given == {
        "title": "Ferry sinks",
        "outlet": "Harbour Wire",
        "published_at": "2021-03-02",
        "before": "Ferry sinks",
        "sentences": [
            [1, "The ferry sank on Sunday 3km from Vardo, the coast guard said."],
            [2, "It carried 40 people."],
            [3, "“He saw the wave,” Jane Roe told reporters."],
            [4, "The agency quoted her as saying the lamp was out."],
        ],
    }


def test_request_without_key_has_no_authorization(server: ModelServer, make_engine: MakeEngine) -> None:
    server.answers = [claims()]

    make_engine(api_key="").extract_claims(TEXT)

    assert "Authorization" not in server.asked[0].headers


def test_key_is_in_no_log(
    server: ModelServer, make_engine: MakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers = [claims()]

    with caplog.at_level("DEBUG"):
        make_engine().extract_claims(TEXT)

    assert "httpcore" in {record.name.split(".")[0] for record in caplog.records}
    assert "very-secret" not in caplog.text


def paragraph(number: int) -> str:
    return f"Ferry number {number} sank near Vardo. " + "Nobody knows why it did so. " * 130


def claim_of_part(exchange: Exchange, body: Json) -> None:
    """Claim the first sentence of whatever part is asked about."""
    number, sentence = json.loads(body["messages"][1]["content"])["sentences"][0]
    given = [a_claim(sentence, sentence=number)] if "sank" in sentence else []
    exchange.send(completion(json.dumps({"claims": given})))


def test_long_text_goes_in_parts_and_comes_back_in_order(
    server: ModelServer, make_engine: MakeEngine
) -> None:
    text = "\n".join(paragraph(number) for number in range(5))
    server.answers = [claim_of_part]

    result = make_engine(concurrency=3).extract_claims(text)

    assert [claim.statement for claim in result.claims] == [
        f"Ferry number {number} sank near Vardo." for number in range(5)
    ]
    assert result.fallback_reason == ""
    for asked in server.asked:
        sentences = asked.given["sentences"]
        assert sum(len(sentence) for _, sentence in sentences) <= LONGEST_PART
        assert (asked.given["before"] == "") == (sentences[0][0] == 0)


def test_parts_are_asked_for_at_once_but_no_more_than_allowed(
    server: ModelServer, make_engine: MakeEngine
) -> None:
    meeting = threading.Barrier(2, timeout=60)
    answering: list[int] = []
    peaks: list[int] = []

    def together(exchange: Exchange, body: Json) -> None:
        answering.append(1)
        meeting.wait()  # breaks, and with it the answer, unless two are asked for at once
        peaks.append(len(answering))
        meeting.wait()
        answering.pop()
        claim_of_part(exchange, body)

    server.answers = [together]

    result = make_engine(concurrency=2).extract_claims("\n".join(paragraph(number) for number in range(4)))

    assert (len(result.claims), result.fallback_reason) == (4, "")
    assert peaks == [2, 2, 2, 2]


def test_same_text_is_asked_about_once(server: ModelServer, make_engine: MakeEngine) -> None:
    server.answers = [claims(a_claim("It carried 40 people", sentence=2))]
    cache = MemoryCache()
    first = make_engine(cache).extract_claims(TEXT)

    second = make_engine(cache).extract_claims(TEXT)

    assert len(server.asked) == 1
    assert (second.claims, first.tokens, second.tokens) == (first.claims, 100, 0)


def test_settings_hash_tells_models_apart_and_not_keys(make_engine: MakeEngine) -> None:
    small = make_engine().settings_sha256

    assert make_engine(api_key="other", concurrency=1).settings_sha256 == small
    assert make_engine(model="large-1").settings_sha256 != small


def test_other_model_is_asked_anew(server: ModelServer, make_engine: MakeEngine) -> None:
    server.answers = [claims()]
    cache = MemoryCache()
    make_engine(cache).extract_claims(TEXT)

    make_engine(cache, model="large-1").extract_claims(TEXT)

    assert [asked.body["model"] for asked in server.asked] == ["small-1", "large-1"]


def test_answers_that_came_are_kept_when_another_part_fails(
    server: ModelServer, make_engine: MakeEngine
) -> None:
    text = "\n".join(paragraph(number) for number in range(2))

    def failing(exchange: Exchange, _: Json) -> None:
        exchange.send(b"{}", status=403)

    server.answers = [claim_of_part, failing]
    cache = MemoryCache()
    failed = make_engine(cache, concurrency=1).extract_claims(text)
    server.answers = [claim_of_part]

    mended = make_engine(cache, concurrency=1).extract_claims(text)

    assert failed.fallback_reason == "the server answered 403 (Forbidden)"
    assert [claim.statement for claim in mended.claims] == [
        "Ferry number 0 sank near Vardo.",
        "Ferry number 1 sank near Vardo.",
    ]
    assert len(server.asked) == 3


def test_kept_answer_that_is_spoilt_is_asked_for_anew(server: ModelServer, make_engine: MakeEngine) -> None:
    class Spoilt(MemoryCache):
        def get(self, key: str) -> str | None:
            return '{"claims": [{"quote": 7}]}'

    server.answers = [claims(a_claim("It carried 40 people", sentence=2))]

    result = make_engine(Spoilt()).extract_claims(TEXT)

    assert [claim.statement for claim in result.claims] == ["It carried 40 people."]


def test_text_with_nothing_to_read_asks_nothing(server: ModelServer, make_engine: MakeEngine) -> None:
    result = make_engine().extract_claims(" \n ")

    assert (result.claims, result.fallback_reason, server.asked) == ([], "", [])


def test_lines_that_repeat_are_not_asked_about_twice(server: ModelServer, make_engine: MakeEngine) -> None:
    server.answers = [claims()]

    make_engine().extract_claims("Dam breaks\nThe dam broke.\nThe dam broke.", title="Dam breaks")

    assert server.asked[0].given["sentences"] == [[1, "The dam broke."]]


def test_outlet_given_as_speaker_is_its_own_voice(server: ModelServer, make_engine: MakeEngine) -> None:
    server.answers = [claims(a_claim("the dam broke", speaker="Harbour Wire", cue="reports"))]

    [claim] = (
        make_engine().extract_claims("Harbour Wire reports the dam broke.", outlet="Harbour Wire").claims
    )

    assert (claim.speaker, claim.chain, claim.cue, claim.kind) == (None, (), None, "own_voice")
