"""Scenarios from records of events."""

from pathlib import Path

import pytest

import entente as en

FOLDER = Path(__file__).parent.parent.parent / "configs" / "import"


@pytest.mark.parametrize("record", ["ged.csv", "acled.csv"])
def test_events_become_a_scenario_that_runs(record: str, tmp_path: Path) -> None:
    made = en.import_events(
        FOLDER / record,
        zones=FOLDER / "zones.geojson",
        start="2024-01-01",
        aliases=FOLDER / "aliases.csv",
        source="invented",
    )
    assert made.scenario.id == "imported"
    assert made.scenario.start.year == 2024
    assert "Read" in made.account
    assert made.deaths[0]["year"] == 2021
    assert "What no events tell" in str(made)
    results = en.run(made.scenario, replicates=8, out=None, progress=False)
    assert results.replicates == 8
    made.save(tmp_path / "made.toml")
    assert en.Scenario.load(tmp_path / "made.toml").digest == made.scenario.digest
    with pytest.raises(FileExistsError):
        made.save(tmp_path / "made.toml")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    with pytest.raises(en.InputError, match="neither those of UCDP GED"):
        en.import_events(bad, zones=FOLDER / "zones.geojson", start="2024-01-01")
    with pytest.raises(en.InputError, match="is not a date"):
        en.import_events(FOLDER / "ged.csv", zones=FOLDER / "zones.geojson", start="soon")
