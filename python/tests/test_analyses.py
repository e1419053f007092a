"""Reports, charts, and what is found out about results."""

from pathlib import Path

import pytest

import entente as en


def test_a_report_is_shown_and_saved(results: en.Results, tmp_path: Path) -> None:
    report = results.report()
    assert report.title == "Three-way standoff"
    assert "Do the Highlanders and the Traders" in report.text()
    assert report._repr_html_().startswith("<iframe srcdoc=")
    assert list(report.charts) == results.charts
    report.save(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text() == report.html
    assert "Three-way standoff" in repr(results)
    assert "srcdoc" in results._repr_html_()


def test_charts_are_svg(results: en.Results, tmp_path: Path) -> None:
    chart = results.chart("probabilities")
    assert chart._repr_svg_().startswith("<svg") and chart.title and chart.caption
    assert chart.svg == results.report().charts["probabilities"].svg
    chart.save(tmp_path / "chart.svg")
    with pytest.raises(KeyError, match="no chart `probability`: there are probabilities"):
        results.chart("probability")


def test_a_run_is_replayed_to_the_bit(results: en.Results) -> None:
    again = results.replay(17)
    assert again.data["identical"] is True
    assert again.data["replicate"] == 17
    events = again.tables["events"]
    recorded = results.events.to_dict()
    of_run = [
        kind for of, kind in zip(recorded["replicate"], recorded["kind"], strict=True) if of == 17
    ]
    assert events["kind"] == of_run
    assert set(again.charts) == {"timeline", "ground"}
    typical = results.replay("typical")
    assert typical.data["identical"] is True
    with pytest.raises(en.InputError, match="no replicate 1000"):
        results.replay(1000)
    with pytest.raises(en.InputError, match="`most` is no replicate"):
        results.replay("most")


def test_answers_and_amounts_are_explained(results: en.Results) -> None:
    why = results.explain("pact", cases=5)
    assert why.data["cases"] == 5
    assert len(why.tables["cases"]) == 5
    assert why.tables["fidelity"].schema["share"] == "float64"
    one = results.explain("pact", replicate="yes")
    assert one.data["yes"] is True
    assert one.tables["causes"]["rank"][0] == 1
    amount = results.explain("deaths", cases=20)
    assert "differences" in amount.tables
    pair = results.explain(pair="highlanders,traders", replicate=3)
    assert pair.title.startswith("Why: ")
    with pytest.raises(en.InputError, match=r"no question `pakt`.*pact"):
        results.explain("pakt")
    with pytest.raises(en.InputError, match="a question, or a pair"):
        results.explain()


def test_a_sweep_is_analysed(swept: en.Results) -> None:
    found = swept.sensitivity("pact")
    measures = set(found.tables["indices"]["measure"])
    assert {"first", "total"} <= measures
    deaths = sorted(swept.runs["question.deaths"])
    boxed = swept.discover("deaths", above=deaths[len(deaths) // 2])
    assert "box" in boxed.html
    rests = swept.assumptions("pact", below=0.9)
    assert rests.tables
    with pytest.raises(en.InputError, match="is an amount"):
        swept.discover("deaths")
    with pytest.raises(en.InputError, match="was not run"):
        swept.sensitivity("pact", variant="old-feud")
    with pytest.raises(en.InputError, match="no method `sobel`"):
        swept.sensitivity("pact", method="sobel")


FACTS = """
[[fact]]
text = "People killed in the first quarter"
measure = { deaths = {} }
at = "3 months"
observed = 100
error = 1.5
"""


def test_what_to_watch_and_what_news_says(results: en.Results, tmp_path: Path) -> None:
    watch = results.signposts("deaths", within="8 weeks")
    assert watch.data["looked_at"] > 10 and watch.data["outsiders_only"] is True
    assert "hypotheses" in watch.tables
    with pytest.raises(en.InputError, match="8 wekes"):
        results.signposts("deaths", within="8 wekes")
    facts = tmp_path / "observed.toml"
    facts.write_text(FACTS)
    news = results.update(facts)
    assert 0 < news.data["worth"] <= results.replicates
    went_on = results.update(facts, go_on=40)
    assert went_on.data["runs"] == 40 and went_on.data["ancestors"] <= 40
    facts.write_text(FACTS.replace("deaths = {}", "deths = {}"))
    with pytest.raises(en.InputError, match="deths"):
        results.update(facts)


def test_what_it_would_take_is_found_and_checked(scenario: en.Scenario, tmp_path: Path) -> None:
    asked = {"above": 0.99, "runs": 2000, "fresh": 64, "progress": False}
    found = en.require(scenario, "pact", out=tmp_path / "r", **asked)
    assert found.data["options"] == [] and found.data["furthest"]["verdict"] == "short"
    assert found.tables["levers"]["lever"] and set(found.charts) == {"frontier"}
    again = en.require(scenario, "pact", out=tmp_path / "r", **asked)
    assert again.data == found.data
    with pytest.raises(en.InputError, match=r"did you mean `faction\.highlanders\.fighters`"):
        en.require(scenario, "pact", levers=["faction.highlander.fighters"], out=None, **asked)
    with pytest.raises(en.InputError, match="one of above and below"):
        en.require(scenario, "pact", out=None)
    with pytest.raises(en.InputError, match="a share from 0 to 1"):
        en.require(scenario, "pact", out=None, **{**asked, "above": 50})


def test_a_difference_is_taken_apart(scenario: en.Scenario) -> None:
    other = scenario.set({"faction.traders.outreach": 0.1, "faction.rivermen.fighters": 1500})
    found = en.contrast(scenario, other, "pact", replicates=40, out=None, progress=False)
    parts = found.tables["parts"]
    assert sorted(found.data["groups"]) == ["Fighters (Rivermen)", "Outreach (Traders)"]
    assert abs(sum(parts["amount"]) - found.data["difference"]["value"]) < 1e-12
    assert set(found.charts) == {"parts"}
    with pytest.raises(en.InputError, match="the two files run the same"):
        en.contrast(scenario, scenario, "pact", out=None, progress=False)
