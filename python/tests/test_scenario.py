"""Scenarios: what they say, what is changed, and what is wrong with them."""

import datetime
import pickle
from pathlib import Path

import pytest

import entente as en


def test_a_scenario_says_what_it_asks_and_rests_on(scenario: en.Scenario) -> None:
    assert scenario.id == "three-way-standoff"
    assert scenario.start == datetime.date(2024, 1, 1)
    questions = scenario.questions.to_dict()
    assert questions["id"] == ["pact", "alliance", "deaths"]
    assert questions["headline"] == [True, False, False]
    assert questions["unit"] == ["chance", "chance", "people"]
    inputs = dict(zip(scenario.inputs["path"], scenario.inputs["value"], strict=True))
    assert inputs["faction.traders.fighters"] == 600
    assert "behaviour.choice.alliance" in inputs
    assert scenario.variants["id"] == ["old-feud"]
    assert scenario.uncertainties["low"] == [700, 600, 300]
    assert "Three-way standoff" in scenario._repr_html_()


def test_variants_and_changes_make_other_scenarios(scenario: en.Scenario) -> None:
    feud = scenario.variant("old-feud")
    assert feud.digest != scenario.digest
    changed = scenario.set({"faction.traders.fighters": 900, "scenario.title": 'A "title"'})
    assert changed.title == 'A "title"'
    assert dict(zip(changed.inputs["path"], changed.inputs["value"], strict=True))[
        "faction.traders.fighters"
    ] == pytest.approx(900)
    assert scenario.title == "Three-way standoff"
    with pytest.raises(TypeError, match="is no value of an input"):
        scenario.set({"faction.traders.fighters": object()})


def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, standoff: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(standoff.read_text().replace("outreach = 0.8", "outrech = 0.8"))
    with pytest.raises(en.ScenarioError, match="outrech") as raised:
        en.Scenario.load(file)
    (problem,) = raised.value.problems
    assert problem.file == str(file)
    assert file.read_text().splitlines()[problem.line - 1].startswith("outrech")
    assert problem.column == 1
    assert "outreach" in problem.help
    assert isinstance(raised.value, ValueError)
    again = pickle.loads(pickle.dumps(raised.value))
    assert again.problems == raised.value.problems
    with pytest.raises(en.ScenarioError) as raised:
        en.Scenario.load(standoff).variant("old-fued")
    assert "old-feud" in raised.value.problems[0].help


def test_a_scenario_goes_to_other_processes(scenario: en.Scenario) -> None:
    feud = scenario.variant("old-feud").set({"faction.traders.fighters": 900})
    again = pickle.loads(pickle.dumps(feud))
    assert again.digest == feud.digest
    assert repr(again) == repr(feud)
