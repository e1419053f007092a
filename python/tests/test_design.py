"""Points of one's own."""

import numpy
import pandas
import polars
import pyarrow
import pytest

import entente as en

POINTS = {"faction.traders.fighters": [400, 800], "faction.rivermen.fighters": [700.0, 900.0]}


@pytest.mark.parametrize(
    "make",
    [dict, pandas.DataFrame, polars.DataFrame, polars.LazyFrame, pyarrow.table],
)
def test_any_frame_is_a_design(scenario: en.Scenario, make) -> None:
    swept = en.sweep(scenario, make(POINTS), replicates=2, out=None, progress=False)
    design = swept.design.to_dict()
    assert design.pop("point") == [0, 1]
    assert design == POINTS
    again = en.sweep(scenario, swept.design, replicates=2, out=None, progress=False)
    assert again.digest == swept.digest
    assert len(swept.runs) == 4


def test_a_sample_has_a_column_per_uncertainty(scenario: en.Scenario) -> None:
    sample = numpy.array([[800.0, 700.0, 400.0], [900.0, 800.0, 500.0]])
    swept = en.sweep(scenario, sample, replicates=2, out=None, progress=False)
    assert swept.design.columns[1:] == scenario.uncertainties["path"]
    assert swept.design["faction.traders.fighters"] == [400, 500]
    one = en.sweep(
        scenario, [[400]], inputs=["faction.traders.fighters"], replicates=2, out=None,
        progress=False,
    )  # fmt: skip
    assert one.points == 1


@pytest.mark.parametrize(
    ("design", "inputs", "message"),
    [
        ({"faction.trader.fighters": [1]}, [], r"`faction.trader.fighters`, row 0: .*traders"),
        ({"faction.traders.fighters": ["many"]}, [], "row 0: .*is many, expected a number"),
        ({"faction.traders.fighters": [500, -3]}, [], "row 1: .*is -3, expected"),
        ({"faction.traders.fighters": []}, [], "holds no points"),
        ({}, [], "holds no points"),
        (POINTS, ["faction.highlanders.fighters"], "no column `faction.highlanders.fighters`"),
        ([[1, 2]], [], "row 0 of the sample has 2 columns, expected 3"),
        ({**POINTS, "faction.traders.fighters": [400]}, [], "different lengths"),
        ("sobolev", [], "no design `sobolev`"),
    ],
)
def test_a_wrong_design_is_named(scenario: en.Scenario, design, inputs, message: str) -> None:
    with pytest.raises(en.InputError, match=message):
        en.sweep(scenario, design, inputs=inputs, replicates=2, out=None, progress=False)
