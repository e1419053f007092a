"""Analyses that run scenarios themselves: `require` and `contrast`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from typing import Any, Literal

from ._entente import Report
from ._entente import contrast as _contrast
from ._entente import require as _require
from ._progress import Bar
from ._run import OUTPUTS, Input, Out, _between, _folder, _scenario
from .errors import InputError


def require(
    scenario: Input,
    question: str,
    *,
    above: float | None = None,
    below: float | None = None,
    levers: Sequence[str] = (),
    runs: int = 30_000,
    fresh: int = 1000,
    inputs: str | os.PathLike[str] = "drawn",
    seed: int | None = None,
    out: Out = OUTPUTS,
    threads: int | None = None,
    force: bool = False,
    progress: bool = True,
) -> Report:
    """Finds the least change of the levers that takes an answer past a line.

    `Report.data` has all that was found, `Report.tables` the changes and the levers. What was
    interrupted goes on where it was in the same folder.

    Args:
        scenario: a scenario, or the path of its file.
        question: the id of a question, or of its answer at a moment.
        above: the probability, or an amount's median, is to be above this.
        below: it is to be below this.
        levers: paths of the levers, in which * stands for anything; every uncertainty of the
            scenario but weights of behaviour unless given.
        runs: runs of the search at most, from 2,000 on.
        fresh: fresh replicates that check each change that is told.
        inputs: what is done about inputs that are not moved, as in `entente.run`.
        out: the folder, as in `entente.run`. None keeps nothing.

    The other arguments are those of `entente.run`.

    >>> s = entente.Scenario.load(standoff)
    >>> r = entente.require(s, "pact", above=0.9, runs=2000, fresh=64, out=None, progress=False)
    >>> r.data["replicates"], r.data["options"]
    (64, [])
    """
    _between("runs", runs, 2000, 100_000_000)
    _between("fresh", fresh, 16, 10_000_000)
    if (above is None) == (below is None):
        raise InputError("expected one of above and below")
    return _done(
        lambda how: _require(
            _scenario(scenario),
            question,
            above=above,
            below=below,
            levers=[levers] if isinstance(levers, str) else list(levers),
            runs=runs,
            fresh=fresh,
            how=how,
            progress=Bar() if progress else None,
        ),
        "require",
        inputs=inputs,
        seed=seed,
        out=out,
        threads=threads,
        force=force,
    )


def contrast(
    first: Input,
    second: Input,
    question: str,
    *,
    by: Literal["entry", "section"] = "entry",
    replicates: int = 200,
    orders: int | None = None,
    inputs: str | os.PathLike[str] = "drawn",
    seed: int | None = None,
    out: Out = OUTPUTS,
    threads: int | None = None,
    force: bool = False,
    progress: bool = True,
) -> Report:
    """Finds which differences of two scenarios make the difference of their answers.

    `Report.data` has all that was found, `Report.tables` the parts and what differs. What was
    interrupted goes on where it was in the same folder.

    Args:
        first: a scenario, or the path of its file.
        second: another one of the same conflict and time.
        question: the id of a question, or of its answer at a moment, which both have.
        by: what is one difference: an entry, or all of a section.
        replicates: how many of each mixture.
        orders: draws so many orders in which differences are made, instead of looking at all
            mixtures. All for up to twelve differences, 32 orders for more, unless given.
        inputs: what is done about inputs that are not known, as in `entente.run`.
        seed: the master seed; as the first says unless given.
        out: the folder, as in `entente.run`. None keeps nothing.

    The other arguments are those of `entente.run`.

    >>> s = entente.Scenario.load(standoff)
    >>> t = s.set({"faction.traders.outreach": 0.2})
    >>> c = entente.contrast(s, t, "pact", replicates=40, out=None, progress=False)
    >>> c.data["groups"]
    ['Outreach (Traders)']
    """
    _between("replicates", replicates, 8, 1_000_000)
    _between("orders", orders, 4, 100_000)
    if by not in ("entry", "section"):
        raise InputError(f"by is {by!r}, expected entry or section")
    return _done(
        lambda how: _contrast(
            _scenario(first),
            _scenario(second),
            question,
            by_section=by == "section",
            replicates=replicates,
            orders=orders,
            how=how,
            progress=Bar() if progress else None,
        ),
        "contrast",
        inputs=inputs,
        seed=seed,
        out=out,
        threads=threads,
        force=force,
    )


def _done(
    work: Any,
    kind: str,
    *,
    inputs: str | os.PathLike[str],
    seed: int | None,
    out: Out,
    threads: int | None,
    force: bool,
) -> Report:
    _between("threads", threads, 1, 4096)
    _between("seed", seed, 0, 2**64 - 1)
    how = {
        "out": _folder(out),
        "force": force,
        "threads": threads,
        "inputs": os.fspath(inputs),
        "seed": seed,
        "words": [f"entente.{kind}"],
    }
    if out is not None:
        report: Report = work(how)
        return report
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        of_now: Report = work({**how, "out": folder})
        return of_now
