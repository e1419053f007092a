"""For SALib: samples of a scenario's uncertain inputs, and the outputs that its analyses take.

    problem = entente.salib.problem(scenario)
    sample = SALib.sample.sobol.sample(problem, 64)
    results = entente.salib.evaluate(scenario, sample, replicates=20)
    outputs = entente.salib.outputs(results, "pact-12m")
    SALib.analyze.sobol.analyze(problem, outputs)

gives the indices of `results.sensitivity("pact-12m", method="sobol")`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._entente import Results, Scenario
from ._run import sweep
from .errors import InputError


def problem(scenario: Scenario) -> dict[str, Any]:
    """The uncertain inputs of a scenario as a SALib problem.

    All bounds are 0 and 1: a sample holds shares of the inputs' distributions (their quantiles), so
    that each input is spread as the scenario says, also where SALib has no such distribution.
    """
    names = scenario.uncertainties["path"]
    if not names:
        raise InputError(
            f"the scenario {scenario.id} has no [[uncertainty]]: there is nothing to vary"
        )
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def evaluate(scenario: Scenario, sample: Any, **options: Any) -> Results:
    """Runs the scenario at every row of a sample of `problem`, n × num_vars shares from 0 to 1.

    `options` are those of `entente.sweep`.
    """
    shares = [[float(share) for share in row] for row in sample]
    return sweep(scenario, scenario.spread(shares), **options)


def outputs(results: Results, question: str, *, variant: str | None = None) -> Any:
    """The outputs of a sweep as SALib takes them: a numpy array with a number per point.

    It is the share of the point's runs that say yes, or their mean amount, in the question's unit;
    runs that failed are left out, and a point of which all failed is NaN.
    """
    import numpy

    column = f"question.{question}"
    table = results.runs.select(["point", "variant", "status", column]).to_dict()
    wanted = variant or results.variants[0]
    if wanted not in results.variants:
        raise InputError(
            f"the variant `{wanted}` was not run: expected one of {', '.join(results.variants)}"
        )
    sums, counts = [0.0] * results.points, [0] * results.points
    rows = zip(table["point"], table["variant"], table["status"], table[column], strict=True)
    for point, of, status, answer in rows:
        if of == wanted and status == "ok" and answer is not None:
            sums[point] += float(answer)
            counts[point] += 1
    means: Sequence[float] = [
        total / count if count else float("nan") for total, count in zip(sums, counts, strict=True)
    ]
    return numpy.array(means)
