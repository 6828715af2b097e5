"""python -m reviews.matching: claims or answers as JSON Lines in, JSON Lines out."""

import json
from io import BytesIO, TextIOWrapper

import pytest

from reviews.matching import MatchClaim, UnreadableClaim
from reviews.matching.__main__ import main
from tests.reviews.matching.tellings import MARCH, claim


def line_of(given: MatchClaim) -> str:
    published_at = None if given.published_at is None else given.published_at.isoformat()
    beside = {"id": given.id, "article": given.article, "outlet": given.outlet, "published_at": published_at}
    return json.dumps(given.claim.as_json() | beside)


def test_claim_reads_back_from_a_line_of_the_engine():
    given = claim("A fire broke out.", speaker="Roe")

    assert MatchClaim.from_json(line_of(given)) == given
    assert MatchClaim.from_json(line_of(claim("Rain fell.", on=""))).published_at is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", "a claim is a JSON object"),
        ('{"published_at": null}', "the claim has no 'id'"),
        (
            '{"id": "1", "article": "a", "outlet": "o", "published_at": "soon"}',
            "the claim cannot be read: Invalid isoformat string: 'soon'",
        ),
        ('{"published_at": null, "id": 7}', 'the claim cannot be read: "id" is text, not 7'),
    ],
)
def test_unreadable_claim_says_what_is_wrong(line, message):
    with pytest.raises(UnreadableClaim) as error:
        MatchClaim.from_json(line)

    assert str(error.value) == message


def test_main_prints_one_question_a_line(tmp_path, capsys):
    files = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    files[0].write_text("\n".join(map(line_of, MARCH[:3])), encoding="utf-8")
    files[1].write_text("\n".join(map(line_of, MARCH[3:])) + "\n\n", encoding="utf-8")

    status = main([str(file) for file in files])

    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert [set(question) for question in printed] == [
        {"question", "slot", "event", "contested", "evolving", "positions", "why"}
    ] * len(printed)
    assert {
        position["answer"]: (position["claims"], position["origins"], position["compatible_with"])
        for position in printed[0]["positions"]
    } == {
        "tens of thousands": (["radio0"], [["radio0"]], ["20,000"]),
        "20,000": (["courier0"], [["courier0"]], ["tens of thousands"]),
        "80,000": (["radio1"], [["radio1"]], []),
    }


def test_main_names_file_and_line_of_what_it_cannot_read(tmp_path, capsys):
    file = tmp_path / "claims.jsonl"
    file.write_text(f"{line_of(MARCH[0])}\nno claim\n", encoding="utf-8")

    status = main([str(file)])

    assert status == 2
    assert capsys.readouterr().err == f"{file}:2: not JSON: Expecting value: line 1 column 1 (char 0)\n"


def test_main_refuses_two_claims_of_one_id(tmp_path, capsys):
    file = tmp_path / "claims.jsonl"
    file.write_text(f"{line_of(MARCH[0])}\n{line_of(MARCH[0])}\n", encoding="utf-8")

    assert main([str(file)]) == 2
    assert capsys.readouterr().err == f"{file}:2: a claim before this one has the id 'courier0' too\n"


def test_main_names_a_file_that_is_not_there(tmp_path, capsys):
    assert main([str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl" in capsys.readouterr().err


def test_main_groups_answers(tmp_path, capsys):
    asked = {
        "question": "What did the fire destroy?",
        "answers": [
            {"id": "1", "text": "the customs house", "context": "The fire destroyed the customs house."},
            {"id": "2", "text": "The customs house"},
            {"id": "3", "text": "eleven fishing boats"},
        ],
    }
    file = tmp_path / "answers.jsonl"
    file.write_text(json.dumps(asked), encoding="utf-8")

    status = main(["--answers", str(file)])

    assert status == 0
    assert json.loads(capsys.readouterr().out) == {
        "question": "What did the fire destroy?",
        "groups": [["1", "2"], ["3"]],
    }


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", 'not an object with "question" and "answers", a list'),
        ('{"question": "Who?"}', 'not an object with "question" and "answers", a list'),
        (
            '{"question": "Who?", "answers": [1]}',
            'an answer is an object with "id" and "text", both texts',
        ),
        (
            '{"question": "Who?", "answers": [{"id": "1", "text": null}]}',
            'an answer is an object with "id" and "text", both texts',
        ),
        ('{"question": 5, "answers": []}', '"question" is a text'),
    ],
)
def test_main_names_file_and_line_of_answers_it_cannot_read(line, message, tmp_path, capsys):
    file = tmp_path / "answers.jsonl"
    file.write_text(line, encoding="utf-8")

    assert main(["--answers", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}:1: {message}\n"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"statement": None}, 'the claim cannot be read: "statement" is text, not null'),
        ({"speaker": 5}, 'the claim cannot be read: "speaker" is an object, not 5'),
        ({"speaker": {"name": None, "spans": []}}, 'the claim cannot be read: "name" is text, not null'),
        ({"published_at": 20240503}, 'the claim cannot be read: "published_at" is text, not 20240503'),
        ({"content": 5}, 'the claim cannot be read: "content" is text, not 5'),
        ({"credits": "AFP"}, 'the claim cannot be read: "credits" is a list of texts, not "AFP"'),
        (
            {"spans": [5]},
            "the claim cannot be read: its spans, chain, cue or frame are not as the engine prints them",
        ),
    ],
)
def test_claim_of_another_shape_says_what_is_wrong(wrong, message):
    line = json.dumps(json.loads(line_of(MARCH[0])) | wrong)

    with pytest.raises(UnreadableClaim) as error:
        MatchClaim.from_json(line)

    assert str(error.value) == message


def test_main_reads_standard_input_and_refuses_what_is_not_utf_8(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(line_of(MARCH[0]).encode())))
    file = tmp_path / "claims.jsonl"
    file.write_bytes(b"\n\xff\xfe\n")

    assert main(["-"]) == 0
    assert capsys.readouterr().out == ""
    assert main([str(file)]) == 2
    assert capsys.readouterr().err == f"{file}:2: not UTF-8: invalid start byte\n"
