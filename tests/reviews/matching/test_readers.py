"""Means, targets, doers, places, causes and survival, as statements tell of them."""

import pytest

from claims.extraction.types import Frame
from reviews.matching.actors import find_actors, find_leaders
from reviews.matching.causes import find_causes
from reviews.matching.means import find_means
from reviews.matching.names import canonical, canonical_words, skeleton
from reviews.matching.places import find_places
from reviews.matching.reading import are_one_kind, is_long, is_pointing, kinds_of, plain
from reviews.matching.survival import find_survival
from reviews.matching.targets import find_targets
from reviews.matching.terms import rarity, stem, telling_terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A suicide attacker set off a car bomb.", "a suicide car bomb"),
        ("Two explosions shook the square.", "two bombs"),
        ("Army helicopters dropped barrel bombs on the market.", "barrel bombs"),
        ("The blast shook the parked buses.", None),
        ("The mayor opened a bridge.", None),
    ],
)
def test_find_means_names_weapon_and_traits(text, expected):
    means = find_means(text)

    assert (means and means.words) == expected


def test_means_may_both_be_true_unless_the_vehicles_differ():
    bomb, lorry, car = (find_means(f"A {kind}bomb exploded.") for kind in ("", "truck ", "car "))

    assert (bomb.may_be(lorry), lorry.may_be(car)) == (True, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A lorry bomb struck the customs house near the port.", ("customs house",)),
        ("The shelling took place during a funeral in Oru.", ("funeral",)),
        ("Rebels attacked at night during the war.", ()),
        ("The attack at 3:42 a.m. struck 3 depots.", ()),
        ("All the shells struck after two others had failed.", ()),
    ],
)
def test_find_targets_takes_the_words_after_the_blow(text, expected):
    assert find_targets(text) == expected


@pytest.mark.parametrize(
    ("text", "speaker", "expected"),
    [
        ("The raid was carried out by coalition forces.", "", [("coalition forces", "did")]),
        ("The Red Banner group claimed responsibility for the blast.", "", [("Red Banner group", "did")]),
        ("The governor blamed separatist rebels for it.", "governor", [("separatist rebels", "did")]),
        ("Nobody has claimed the attack.", "", [("nobody has said it was them", "unknown")]),
        ("The Red Banner denied any involvement.", "Red Banner", [("denied by Red Banner", "denied")]),
        ("The navy is investigating the reports.", "navy", [("it is being investigated", "investigated")]),
        ("Residents feared attacks by the army.", "", []),
        ("The mayor accused the army of lying.", "mayor", []),
        ("The bridge was opened by the mayor.", "", []),
        ("The explosion was caused by an accident.", "", []),
    ],
)
def test_find_actors_tells_who_and_in_what_way(text, speaker, expected):
    assert [(each.words, each.stance) for each in find_actors(text, Frame(), speaker)] == expected


def test_coalition_and_the_forces_of_its_leader_are_one_side():
    said = (
        f"The depot was attacked by {name}." for name in ("the coalition", "a Norran navy jet", "Orumi jets")
    )
    coalition, navy, others = (find_actors(text, Frame(), "")[0] for text in said)
    led = coalition.led_by(find_leaders("The Norran-led coalition said so."))

    assert [led.may_be(navy), navy.may_be(led), led.may_be(others)] == [True, True, False]


def test_denial_of_a_part_of_ones_own_leaves_room_for_others():
    (denied,) = find_actors("The Red Banner denied any involvement.", Frame(), "Red Banner")
    said = (f"The depot was attacked by the {name}." for name in ("Red Banner", "Elm Valley Front"))
    own, others = (find_actors(text, Frame(), "")[0] for text in said)

    assert [denied.may_be(own), denied.may_be(others), others.may_be(denied)] == [False, True, True]


def test_find_actors_takes_the_subject_of_an_attack_only_when_it_can_act():
    agents = ("armed rebels", "the blast", "aircraft of the coalition")
    rebels, blast, aircraft = (Frame(family="attack", agent=agent) for agent in agents)

    assert [each.words for each in find_actors("Armed rebels hit the depot.", rebels, "")] == ["armed rebels"]
    assert find_actors("The blast hit the depot.", blast, "") == ()
    assert [each.words for each in find_actors("Its aircraft hit the depot.", aircraft, "")] == ["coalition"]


def test_actors_are_one_under_their_aliases_and_adjectives():
    said = "The depot was attacked by {}."
    named = [
        "Daesh",
        "Islamic State",
        "the coalition",
        "the US-led coalition",
        "the Saudi-led coalition",
        "a suicide bomber",
    ]
    daesh, state, coalition, us, saudi, bomber = (
        find_actors(said.format(name), Frame(), "")[0] for name in named
    )

    assert [daesh.is_same(state), coalition.is_same(us), us.is_same(saudi), daesh.is_same(us)] == [
        True,
        True,
        False,
        False,
    ]
    assert [daesh.may_be(bomber), daesh.may_be(us)] == [True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A barge sank near the village of Alder in Elm province.", ["near Alder", "Elm province"]),
        ("The market in the northern city of Brackwater burned.", ["Brackwater"]),
        ("Two miners died in Syria on Monday.", []),
        ("A fire broke out at the Norvik works.", []),
        ("A jet crashed south of the town of Alder.", ["near Alder"]),
        ("Bombs fell near fighters of the Elm Valley Forces.", []),
    ],
)
def test_find_places_takes_names_after_words_of_place(text, expected):
    assert [place.words for place in find_places(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The fire was caused by a gas leak.", (("fire", "a gas leak"),)),
        ("A gas leak caused the fire.", (("fire", "A gas leak"),)),
        ("The union blamed the delay partly on a strike.", (("delay", "a strike"),)),
        ("The explosion in the port was an accident.", (("explosion", "an accident"),)),
        ("The fire was caused by an accident, firefighters said.", (("fire", "an accident"),)),
        ("The fire was put out.", ()),
    ],
)
def test_find_causes_tells_effect_and_cause(text, expected):
    assert find_causes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The pilot was found alive.", (("pilot", "alive"),)),
        ("Divers rescued the pilot.", (("pilot", "alive"),)),
        ("The captain was among the dead.", (("captain", "dead"),)),
        ("The fate of the pilot is unknown.", (("pilot", "missing or not known"),)),
        ("Both the captain and the cook were safe.", (("captain", "alive"), ("cook", "alive"))),
        ("The passengers were killed.", ()),
    ],
)
def test_find_survival_speaks_of_single_persons(text, expected):
    assert find_survival(text) == expected


def test_names_meet_under_their_spellings():
    assert skeleton("Tokhar") == skeleton("Al-Tukhar")
    assert skeleton("Velmora") != skeleton("Karsan")
    assert canonical("the ISIS group") == "islamic state"
    assert canonical_words("US jets, not us") == "united states jets, not us"


def test_telling_terms_leave_out_what_every_report_holds():
    terms = telling_terms("Police said 12 people died in the Karsan bombing near the customs house")

    assert {term for term in terms if term.startswith("*")} == {"*" + skeleton("Karsan")}
    assert terms.keys().isdisjoint({"bomb", "polic"})


def test_rarity_is_static_and_unlisted_words_are_rarest():
    assert rarity("people") < rarity("harbour") < rarity("skarholm")


def test_stem_joins_forms_of_a_word():
    assert [stem(word) for word in ("buses", "bus", "strikes", "strike")] == ["bus", "bus", "strik", "strik"]


def test_kinds_of_keeps_the_special_case_and_compares_with_the_general_one():
    bombing, attack, fire = kinds_of("A bomb attack"), kinds_of("The attack"), kinds_of("A blaze")

    assert (bombing, attack, fire) == ({"bombing"}, {"attack"}, {"fire"})
    assert [are_one_kind(bombing, attack), are_one_kind(bombing, fire)] == [True, False]


def test_reading_words_tell_what_points_back_and_what_sums_up():
    assert [is_pointing("The blast hit a bus."), is_pointing("A blast hit a bus.")] == [True, False]
    assert [is_long("The town has often been shelled."), is_long("The town was shelled.")] == [True, False]
    assert plain("He [Ahmed Roe] left on Monday [3 June 2024].") == "He left on Monday."
