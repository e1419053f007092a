"""For the EMA Workbench: a scenario as a model whose outcomes are its questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ._entente import Scenario
from ._run import run
from .errors import InputError


class _Run:
    """What a model of the workbench calls; goes to other processes as the scenario's text."""

    def __init__(
        self,
        scenario: Scenario,
        inputs: dict[str, str],
        outcomes: dict[str, str],
        options: dict[str, Any],
    ) -> None:
        self.scenario, self.inputs, self.outcomes, self.options = (
            scenario,
            inputs,
            outcomes,
            options,
        )

    def __call__(self, **values: float | str) -> dict[str, float]:
        changes = {
            self.inputs[name]: value if isinstance(value, str) else float(value)
            for name, value in values.items()
        }
        results = run(self.scenario.set(changes), **self.options)
        answers = results.questions.to_dict()
        found = {}
        for question, probability, median in zip(
            answers["question"], answers["probability"], answers["median"], strict=True
        ):
            answer = median if probability is None else probability
            found[question] = float("nan") if answer is None else answer
        return {name: found[question] for name, question in self.outcomes.items()}


def model(
    scenario: Scenario,
    questions: Sequence[str] = (),
    *,
    replicates: int = 100,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """A scenario as an `ema_workbench.Model`, for `perform_experiments` and all evaluators.

    Its uncertainties are those of the scenario, between their lowest and highest values; its
    outcomes are questions: the probability of a yes (0–1), or the median amount in the question's
    unit. The workbench takes names of letters, digits and underscores only: `faction.red.fighters`
    is `faction_red_fighters` there. All experiments have the same luck.

    Args:
        scenario: the scenario; other inputs than its uncertainties are at their best guess.
        questions: ids of answers; all of the scenario's unless given.
        replicates: how many runs an experiment has.
        seed: the master seed; as the scenario says unless given.
        name: what the workbench calls the model; its id unless given. Letters and digits.
    """
    from ema_workbench import CategoricalParameter, Model, RealParameter, ScalarOutcome

    known = scenario.questions["id"]
    unknown = [question for question in questions if question not in known]
    if unknown:
        raise InputError(f"the scenario has no answer `{unknown[0]}`: there are {', '.join(known)}")
    options = {
        "replicates": replicates,
        "seed": seed,
        "inputs": "best",
        "out": None,
        "threads": 1,
        "progress": False,
    }
    table = scenario.uncertainties.to_dict()
    inputs = {_name(path): path for path in table["path"]}
    outcomes = {_name(question): question for question in questions or known}
    letters = re.sub(r"[\W_]", "", name or scenario.id)
    made = Model(letters, function=_Run(scenario, inputs, outcomes, options))
    made.uncertainties = [
        CategoricalParameter(_name(path), choices)
        if choices
        else RealParameter(_name(path), low, high)
        for path, low, high, choices in zip(
            table["path"], table["low"], table["high"], scenario.choices, strict=True
        )
    ]
    made.outcomes = [ScalarOutcome(outcome) for outcome in outcomes]
    return made


def _name(text: str) -> str:
    return re.sub(r"\W", "_", text)
