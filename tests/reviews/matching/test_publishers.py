"""Names of agencies and outlets: which are one house, and which are no medium at all."""

import pytest

from reviews.matching.publishers import agency_name, is_medium, publisher_name


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("AP", "AP"),
        ("the Associated Press", "AP"),
        ("Agence France-Presse", "AFP"),
        ("the SANA news agency", "SANA"),
        ("Russia’s TASS news agency", "TASS"),
        ("REUTERS", "Reuters"),
        ("ap", ""),
        ("Sana", ""),
        ("BBC", ""),
        ("", ""),
    ],
)
def test_agency_name_knows_how_agencies_sign(name, agency):
    assert agency_name(name) == agency


@pytest.mark.parametrize(
    ("name", "publisher"),
    [
        ("BBC News", "BBC"),
        ("BBC Arabic", "BBC"),
        ("www.aljazeera.com", "Al Jazeera"),
        ("trt", "TRT"),
        ("The Alder Valley Times Online", "Alder Valley Times"),
        ("alder-times.co.uk", "alder-times"),
        ("Amaq news agency", "Amaq"),
        ("Freedonia's state TV", "Freedonia state television"),
        ("  ", ""),
    ],
)
def test_publisher_name_is_one_for_all_names_of_a_house(name, publisher):
    assert publisher_name(name) == publisher


@pytest.mark.parametrize(
    "name",
    ["Reuters", "The Alder Valley Times", "the broadcaster NTA", "Channel 9", "Radio Alder",
     "Alder Press Agency", "Freedonian state television", "the Guild-linked Beacon news agency"],
)  # fmt: skip
def test_is_medium_knows_media_by_list_and_by_shape(name):
    assert is_medium(name)


@pytest.mark.parametrize(
    "name",
    ["", "the", "the Central Intelligence Agency", "a local newspaper", "the newspaper", "state television",
     "Human Rights Watch", "the aid agency Oxfam", "Alder Police", "the mayor", "Ada Rowe"],
)  # fmt: skip
def test_is_medium_takes_no_other_body_for_one(name):
    assert not is_medium(name)
