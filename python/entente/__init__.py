"""Simulates conflict scenarios: how likely is each alliance, what would change it, and why.

A scenario is read with `Scenario.load`; `run`, `compare` and `sweep` run it many times and give
`Results`, whose tables are `Frame`s that polars, pandas, pyarrow and DuckDB read as they are.

>>> s = entente.Scenario.load(standoff)
>>> r = entente.run(s, replicates=40, seed=7, out=None, progress=False)
>>> r.questions.columns[:4]
['question', 'variant', 'kind', 'probability']
"""

from . import ema, salib
from ._entente import Chart, Frame, Plan, Report, Results, Scenario, __version__, open
from ._import import Imported, import_events
from ._long import contrast, require
from ._run import OUTPUTS, compare, merge, plan, run, sweep
from .errors import EntenteError, InputError, Problem, ResultsError, ScenarioError, Unfinished

__all__ = [
    "OUTPUTS",
    "Chart",
    "EntenteError",
    "Frame",
    "Imported",
    "InputError",
    "Plan",
    "Problem",
    "Report",
    "Results",
    "ResultsError",
    "Scenario",
    "ScenarioError",
    "Unfinished",
    "__version__",
    "compare",
    "contrast",
    "ema",
    "import_events",
    "merge",
    "open",
    "plan",
    "require",
    "run",
    "salib",
    "sweep",
]
