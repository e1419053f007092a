"""Experiments: `run`, `compare` and `sweep`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from ._entente import Frame, Plan, Results, Scenario, study
from ._entente import merge as _merge
from ._entente import open as open_results
from ._entente import plan as _plan
from ._progress import Bar
from .errors import InputError


class _Usual:
    def __repr__(self) -> str:
        return "'outputs/<scenario>/<experiment>'"


OUTPUTS = _Usual()
"""Stands for the folder in which the command line keeps the results of an experiment."""

Out: TypeAlias = "str | os.PathLike[str] | _Usual | None"
Input: TypeAlias = "Scenario | str | os.PathLike[str]"


def run(
    scenario: Input,
    *,
    replicates: int | None = None,
    precision: float | None = None,
    time_limit: float | None = None,
    questions: Sequence[str] = (),
    seed: int | None = None,
    first: int = 0,
    inputs: str | os.PathLike[str] = "drawn",
    out: Out = OUTPUTS,
    threads: int | None = None,
    keep_series: bool = False,
    force: bool = False,
    progress: bool = True,
    client: Any = None,
) -> Results:
    """Runs a scenario many times.

    An experiment that was interrupted (by Ctrl-C, or by the end of the process) goes on where it
    was when it is run again into the same folder; one that is done is read. The same experiment
    has the same digest, here and on the command line.

    Args:
        scenario: a scenario, or the path of its file.
        replicates: how many runs, 1 to 100,000,000; as the scenario says unless given. With
            `precision` or `time_limit`, how many at most.
        precision: runs until the half-width of every 95% interval that decides is at most this
            share of runs, 0.0005 to 0.5.
        time_limit: seconds after which it ends with what is done.
        questions: ids of the questions that decide with `precision`; the headlines unless given.
        seed: the master seed; as the scenario says unless given.
        first: the number of the first replicate. Parts of one experiment can be done apart, and
            merged with `entente.merge`; more replicates in the same folder go on from those there.
        inputs: what is done about inputs that are not known: "drawn", "best" (all at the best
            guess), or the path of a table of joint draws (CSV or Parquet).
        out: the folder of the results. Unless given, `outputs/<scenario>/<experiment>` under the
            working directory, as on the command line. None keeps them in memory.
        threads: how many threads; one per core unless given.
        keep_series: keeps the series of every run too, as `series_runs.parquet`.
        force: replaces what an earlier experiment left in the folder.
        progress: whether a bar tells how far it is.
        client: a `distributed.Client`, whose workers then do the runs: in the folder, if they see
            it, else what they did is sent. The digest is the same. `threads` and `time_limit` are
            not for this; with `precision` it works in rounds.

    Raises:
        ScenarioError: if the scenario is wrong.
        InputError: if something else that is asked makes no sense.
        KeyboardInterrupt: on Ctrl-C. What is done is kept in the folder.

    >>> r = entente.run(standoff, replicates=20, out=None, progress=False)
    >>> r.replicates
    20
    """
    return _study(
        scenario,
        "run",
        inputs=os.fspath(inputs),
        replicates=replicates,
        precision=precision,
        time_limit=time_limit,
        questions=questions,
        seed=seed,
        first=first,
        out=out,
        threads=threads,
        keep_series=keep_series,
        force=force,
        progress=progress,
        client=client,
    )


def compare(
    scenario: Input,
    variants: Sequence[str] = (),
    *,
    replicates: int | None = None,
    precision: float | None = None,
    time_limit: float | None = None,
    questions: Sequence[str] = (),
    seed: int | None = None,
    first: int = 0,
    inputs: str | os.PathLike[str] = "drawn",
    out: Out = OUTPUTS,
    threads: int | None = None,
    keep_series: bool = False,
    force: bool = False,
    progress: bool = True,
    client: Any = None,
) -> Results:
    """Sets variants of a scenario against it, under common random numbers: run 17 of each has the
    same luck. `Results.differences` says what they change.

    Args:
        variants: ids of variants; all of the scenario's unless given.

    The other arguments are those of `run`; `replicates` are of each variant.

    >>> s = entente.Scenario.load(standoff)
    >>> c = entente.compare(s, s.variants["id"][:1], replicates=20, out=None, progress=False)
    >>> len(c.runs)
    40
    """
    scenario = _scenario(scenario)
    if not len(scenario.variants):
        raise InputError(
            f"the scenario {scenario.id} has no [[variant]] to compare with the baseline"
        )
    return _study(
        scenario,
        "compare",
        variants=list(variants) or ["all"],
        inputs=os.fspath(inputs),
        replicates=replicates,
        precision=precision,
        time_limit=time_limit,
        questions=questions,
        seed=seed,
        first=first,
        out=out,
        threads=threads,
        keep_series=keep_series,
        force=force,
        progress=progress,
        client=client,
    )


def sweep(
    scenario: Input,
    design: Literal["grid", "lhs", "sobol", "morris", "saltelli"] | Any = "lhs",
    *,
    points: int = 256,
    inputs: Sequence[str] = (),
    variants: Sequence[str] = (),
    replicates: int | None = None,
    precision: float | None = None,
    time_limit: float | None = None,
    questions: Sequence[str] = (),
    seed: int | None = None,
    first: int = 0,
    out: Out = OUTPUTS,
    threads: int | None = None,
    force: bool = False,
    progress: bool = True,
    client: Any = None,
) -> Results:
    """Runs a scenario at many points of its uncertain inputs.

    Args:
        design: how the points are chosen ("grid", "lhs", "sobol", "morris" or "saltelli"), or the
            points themselves, in the inputs' units: a frame of any kind (polars, pandas, pyarrow,
            `Frame`, a dict of columns) with a column per input by its path, or a 2-D sample (numpy,
            a list of rows) with a column per uncertainty, in the order of `Scenario.uncertainties`.
        points: how many points at most, of a design by its name.
        inputs: paths of the inputs that are varied; of a frame, its columns that are used. All
            unless given.
        variants: variants to run at every point besides the baseline.
        replicates: how many runs at every point; 50 unless given.

    The other arguments are those of `run`.

    >>> s = entente.Scenario.load(standoff)
    >>> path = s.uncertainties["path"][0]
    >>> w = entente.sweep(s, {path: [800, 1200]}, replicates=5, out=None, progress=False)
    >>> w.points, w.design.columns == ["point", path]
    (2, True)
    """
    scenario = _scenario(scenario)
    if replicates is None and precision is None and time_limit is None:
        replicates = 50
    return _study(
        scenario,
        "sweep",
        variants=list(variants),
        varied=_varied(scenario, design, points, inputs),
        replicates=replicates,
        precision=precision,
        time_limit=time_limit,
        questions=questions,
        seed=seed,
        first=first,
        out=out,
        threads=threads,
        force=force,
        progress=progress,
        client=client,
    )


def plan(
    scenario: Input,
    *,
    variants: Sequence[str] = (),
    design: Literal["grid", "lhs", "sobol", "morris", "saltelli"] | Any | None = None,
    points: int = 256,
    inputs: str | os.PathLike[str] | Sequence[str] | None = None,
    replicates: int | None = None,
    precision: float | None = None,
    questions: Sequence[str] = (),
    seed: int | None = None,
    first: int = 0,
    chunks: int | None = None,
    out: str | os.PathLike[str] | _Usual = OUTPUTS,
    keep_series: bool = False,
    force: bool = False,
) -> Plan:
    """Prepares an experiment for other processes and machines, which do its chunks.

    Args:
        variants: variants to set against the baseline, or at every point of a design.
        design: makes it a sweep, as in `entente.sweep`; `points` and `inputs` are then as there.
        inputs: without a design, as in `entente.run`.
        precision: works in rounds: `Plan.gather` raises `Unfinished` with the chunks of the next.
        chunks: how many chunks; as many as make sense unless given.
        out: the folder, which gathers the results.

    The other arguments are those of `entente.run`.
    """
    scenario = _scenario(scenario)
    if design is None:
        paths: Sequence[str] = ()
        treated = "drawn" if inputs is None else inputs
        if not isinstance(treated, (str, os.PathLike)):
            raise InputError(f"inputs is {inputs!r}, expected drawn, best or a table's path")
    else:
        paths = [inputs] if isinstance(inputs, str) else list(map(str, inputs or ()))  # type: ignore[arg-type]
        treated = "drawn"
        replicates = 50 if replicates is None and precision is None else replicates
    asked = _asked(
        kind="plan",
        variants=variants,
        varied=None if design is None else _varied(scenario, design, points, paths),
        inputs=os.fspath(treated),
        replicates=replicates,
        precision=precision,
        time_limit=None,
        questions=questions,
        seed=seed,
        first=first,
        keep_series=keep_series,
        chunks=chunks,
    )
    return _plan(scenario, asked, out=_folder(out), force=force)


def merge(
    results: Sequence[Results | str | os.PathLike[str]], out: str | os.PathLike[str]
) -> Results:
    """Merges results of one experiment that differ in their replicates, into the folder `out`.

    Replicates must join, or be held by more than one; what two of them hold must be equal to the
    digest.
    """
    held = [one if isinstance(one, Results) else open_results(os.fspath(one)) for one in results]
    return _merge(held, os.fspath(out))


def _study(
    scenario: Input,
    kind: str,
    *,
    variants: Sequence[str] = (),
    varied: Any = None,
    inputs: str = "drawn",
    replicates: int | None,
    precision: float | None,
    time_limit: float | None,
    questions: Sequence[str],
    seed: int | None,
    first: int,
    out: Out,
    threads: int | None,
    keep_series: bool = False,
    force: bool,
    progress: bool,
    client: Any,
) -> Results:
    scenario = _scenario(scenario)
    _between("threads", threads, 1, 4096)
    asked = _asked(
        kind=kind,
        variants=variants,
        varied=varied,
        inputs=inputs,
        replicates=replicates,
        precision=precision,
        time_limit=time_limit,
        questions=questions,
        seed=seed,
        first=first,
        keep_series=keep_series,
        chunks=None,
    )
    bar = Bar() if progress else None
    if client is None:
        return study(
            scenario,
            asked,
            memory=out is None,
            out=_folder(out),
            force=force,
            threads=threads,
            progress=bar,
        )
    if out is None:
        raise InputError("with a client, results need a folder: out is None")
    if time_limit is not None:
        raise InputError("with a client, time_limit is not heeded: give replicates or precision")
    from ._dask import gather

    return gather(_plan(scenario, asked, out=_folder(out), force=force), client, bar)


def _asked(
    *,
    kind: str,
    variants: Sequence[str],
    varied: Any,
    inputs: str,
    replicates: int | None,
    precision: float | None,
    time_limit: float | None,
    questions: Sequence[str],
    seed: int | None,
    first: int,
    keep_series: bool,
    chunks: int | None,
) -> dict[str, Any]:
    _between("replicates", replicates, 1, 100_000_000)
    _between("first", first, 0, 100_000_000)
    _between("seed", seed, 0, 2**64 - 1)
    _between("chunks", chunks, 1, 10_000_000)
    if precision is not None and not 0.0005 <= precision < 0.5:
        raise InputError(f"precision is {precision}, expected a share from 0.0005 to below 0.5")
    if time_limit is not None and not time_limit > 0:
        raise InputError(f"time_limit is {time_limit}, expected seconds above 0")
    return {
        "variants": list(variants),
        "varied": varied,
        "inputs": inputs,
        "seed": seed,
        "first": first,
        "replicates": replicates,
        "precision": precision,
        "time_limit": time_limit,
        "questions": list(questions),
        "keep_series": keep_series,
        "tasks": chunks,
        "words": [f"entente.{kind}"],
    }


def _folder(out: Out) -> str | None:
    return None if out is None or isinstance(out, _Usual) else os.fspath(out)


def _varied(scenario: Scenario, design: Any, points: int, inputs: Sequence[str]) -> Any:
    if isinstance(design, str):
        return (design, points, list(inputs))
    return _points(scenario, design, inputs)


def _between(name: str, number: int | None, low: int, high: int) -> None:
    if number is not None and not low <= number <= high:
        raise InputError(f"{name} is {number}, expected {low:,} to {high:,}")


def _scenario(scenario: Input) -> Scenario:
    return scenario if isinstance(scenario, Scenario) else Scenario.load(os.fspath(scenario))


def _points(
    scenario: Scenario, design: Any, inputs: Sequence[str]
) -> tuple[list[tuple[str, list[str]]], list[list[float]]]:
    """Paths with their names, and points, of a frame or a sample, which fit the scenario."""
    columns = _columns(design)
    if columns is None:
        paths = list(inputs) or scenario.uncertainties["path"]
        rows = [list(row) for row in design]
        for number, row in enumerate(rows):
            if len(row) != len(paths):
                raise InputError(
                    f"row {number} of the sample has {len(row)} columns, expected {len(paths)}, "
                    f"one per input: {', '.join(paths)}"
                )
        columns = {path: [row[place] for row in rows] for place, path in enumerate(paths)}
    else:
        point = columns.pop("point", None)
        if point is not None and point != list(range(len(point))):
            raise InputError(
                "the column `point` is not 0, 1, …, as results number points: leave it out"
            )
        missing = [path for path in inputs if path not in columns]
        if missing:
            raise InputError(
                f"the frame has no column `{missing[0]}`: its columns are {', '.join(columns)}"
            )
        columns = {path: columns[path] for path in inputs or columns}
    if not columns or not all(len(values) for values in columns.values()):
        raise InputError("the design holds no points: expected a column per input, a row per point")
    numbers = {path: _numbers(scenario, path, values) for path, values in columns.items()}
    lengths = {len(values) for _, values in numbers.values()}
    if len(lengths) > 1:
        raise InputError("the columns of the design are of different lengths")
    names = [(path, names) for path, (names, _) in numbers.items()]
    values = [column for _, column in numbers.values()]
    return names, [list(point) for point in zip(*values, strict=True)]


def _columns(design: Any) -> dict[str, list[Any]] | None:
    """The columns of a frame; None of what is no frame."""
    if hasattr(design, "collect"):
        design = design.collect()
    if isinstance(design, Frame):
        return design.to_dict()
    if hasattr(design, "to_pydict"):
        return dict(design.to_pydict())
    if isinstance(design, Mapping):
        return {str(name): list(values) for name, values in design.items()}
    if hasattr(design, "columns"):
        return {str(name): list(design[name]) for name in design.columns}
    return None


def _numbers(scenario: Scenario, path: str, values: Iterable[Any]) -> tuple[list[str], list[float]]:
    """A column as numbers that its input may be: of names their places among those that occur."""
    values = list(values)
    if values and all(isinstance(value, str) for value in values):
        for row, value in enumerate(values):
            refusal = scenario.refusal(path, value)
            if refusal is not None:
                raise InputError(f"column `{path}`, row {row}: {refusal}")
        names = sorted(set(values))
        return names, [float(names.index(value)) for value in values]
    numbers: list[float] = []
    for row, value in enumerate(values):
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise InputError(f"column `{path}`, row {row}: {value!r} is no number") from None
        refusal = scenario.refusal(path, number)
        if refusal is not None:
            raise InputError(f"column `{path}`, row {row}: {refusal}")
        numbers.append(number)
    return [], numbers
