"""SALib and the EMA Workbench, the real packages."""

import numpy
import pytest

import entente as en


def test_salib_gives_the_same_indices(scenario: en.Scenario) -> None:
    from SALib.analyze import sobol
    from SALib.sample import sobol as sampler

    problem = en.salib.problem(scenario)
    sample = sampler.sample(problem, 16, seed=1)
    swept = en.salib.evaluate(scenario, sample, replicates=10, seed=2, out=None, progress=False)
    outputs = en.salib.outputs(swept, "deaths")
    assert outputs.shape == (len(sample),)
    theirs = sobol.analyze(problem, outputs, calc_second_order=True)
    ours = swept.sensitivity("deaths", method="sobol").tables["indices"].to_dict()
    table = {
        (measure, path): value
        for measure, path, value in zip(ours["measure"], ours["input"], ours["value"], strict=True)
    }
    for place, path in enumerate(problem["names"]):
        assert table["first", path] == pytest.approx(theirs["S1"][place], abs=1e-9)
        assert table["total", path] == pytest.approx(theirs["ST"][place], abs=1e-9)


def test_salib_finds_the_same_elementary_effects(scenario: en.Scenario) -> None:
    from SALib.analyze import morris
    from SALib.sample import morris as sampler

    problem = en.salib.problem(scenario)
    sample = sampler.sample(problem, 10, num_levels=4, seed=1)
    # The ends of a distribution without bounds of its own are no numbers.
    swept = en.salib.evaluate(scenario, sample, replicates=10, seed=2, out=None, progress=False)
    theirs = morris.analyze(problem, sample, en.salib.outputs(swept, "deaths"), num_levels=4)
    ours = swept.sensitivity("deaths", method="morris").tables["indices"].to_dict()
    found = {
        path: value
        for measure, path, value in zip(ours["measure"], ours["input"], ours["value"], strict=True)
        if measure == "mu_star"
    }
    expected = dict(zip(theirs["names"], theirs["mu_star"], strict=True))
    assert found == pytest.approx(expected, rel=1e-6)


def test_samples_that_do_not_fit_are_refused(scenario: en.Scenario, standoff, swept) -> None:
    with pytest.raises(en.InputError, match="row 0 is not 3 shares from 0 to 1"):
        en.salib.evaluate(scenario, numpy.array([[0.5, 0.5, 2.0]]))
    with pytest.raises(en.InputError, match="`old-feud` was not run"):
        en.salib.outputs(swept, "pact", variant="old-feud")


def test_the_workbench_runs_the_model(scenario: en.Scenario) -> None:
    from ema_workbench import MultiprocessingEvaluator, SequentialEvaluator

    model = en.ema.model(scenario, ["pact", "deaths"], replicates=10, seed=1)
    with SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=4)
    assert set(outcomes) == {"pact", "deaths"}
    assert outcomes["pact"].shape == (4,)
    first = experiments.iloc[0]
    point = {path: first[path.replace(".", "_")] for path in scenario.uncertainties["path"]}
    again = en.run(
        scenario.set(point), replicates=10, seed=1, inputs="best", out=None, progress=False
    )
    assert outcomes["pact"][0] == again.questions["probability"][0]
    assert outcomes["deaths"][0] == again.questions["median"][2]
    with MultiprocessingEvaluator(model, n_processes=2) as evaluator:
        _, outcomes = evaluator.perform_experiments(scenarios=4)
    assert outcomes["pact"].shape == (4,)
    with pytest.raises(en.InputError, match="no answer `pakt`"):
        en.ema.model(scenario, ["pakt"])
