"""Experiments on the workers of a Dask cluster: chunks as futures."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections import OrderedDict
from pathlib import Path
from typing import Any

from ._entente import Plan, Results, __commit__, __version__
from ._progress import Bar
from .errors import EntenteError, InputError, Unfinished

TRIES = 4
"""How often a chunk is tried before it counts as one that cannot be done."""
AHEAD = 3
"""Chunks in flight per thread of the cluster."""
EACH = 8
"""Chunks per thread of the cluster at the least, so that none waits long for the last."""
KEPT = 4
"""Plans that a worker keeps ready."""

Files = dict[str, bytes]
_plans: OrderedDict[str, Plan] = OrderedDict()


def gather(plan: Plan, client: Any, progress: Bar | None) -> Results:
    """Has all chunks of a plan done by the workers of a client, and puts them together.

    Workers that see the folder write there; others return what they did as bytes, which are
    verified. The client holds no more than a few chunks at a time.
    """
    finished = plan._finished()
    if finished is not None:
        return finished
    _check(client)
    enough = EACH * sum(client.nthreads().values())
    if plan.chunks < enough:
        plan._cut(enough)
    while True:
        try:
            missing = plan.missing()
            if missing:
                _do(plan, client, missing, progress)
            return plan.gather()
        except Unfinished as more:
            # With a precision, a round that is not precise enough asks for another.
            if more.chunks == missing:
                raise


def build() -> str:
    """The program that this process has."""
    return f"{__version__} (commit {__commit__})"


def pack(plan: Plan) -> Files:
    """What another process needs to do chunks of a plan."""
    with tempfile.TemporaryDirectory() as folder:
        plan._write(folder)
        files = (path for path in Path(folder).rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def unpack(key: str, files: Files) -> Plan:
    """The plan of such files, ready; a worker makes it ready once."""
    if key not in _plans:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            _plans[key] = Plan.open(folder)
        while len(_plans) > KEPT:
            _plans.popitem(last=False)
    return _plans[key]


def same(files: Files) -> Files:
    """As a task of its own, what all chunks need is sent to each worker once."""
    return files


def chunk(key: str, files: Files, number: int, folder: str, mark: str) -> bytes | None:
    """Does a chunk, in the folder if this machine sees it; else gives its bytes."""
    plan = unpack(key, files)
    if os.path.exists(os.path.join(folder, mark)):
        plan.run_chunk(number, folder=folder)
        return None
    return plan.chunk_bytes(number)


def _check(client: Any) -> None:
    """All workers must have this program."""
    found = client.run(build, on_error="return")
    if not found:
        client.wait_for_workers(1, timeout=60)
        found = client.run(build, on_error="return")
    for worker, theirs in found.items():
        if isinstance(theirs, ModuleNotFoundError):
            raise InputError(f"the worker {worker} has no entente: {theirs}")
        if isinstance(theirs, BaseException):
            raise InputError(f"the worker {worker} cannot use entente: {theirs}") from theirs
        if theirs != build():
            raise InputError(
                f"the worker {worker} has entente {theirs}, and here is {build()}: runs may differ"
            )


def _do(plan: Plan, client: Any, missing: list[int], progress: Bar | None) -> None:
    import distributed

    folder = os.path.abspath(plan.folder)
    mark = f".visible-{uuid.uuid4().hex}"
    key = uuid.uuid4().hex
    files = client.submit(same, pack(plan), key=f"entente-plan-{key}", retries=TRIES)
    left = iter(missing)
    tries: dict[int, int] = {}
    numbers: dict[str, int] = {}
    each = plan.runs / plan.chunks
    done = plan.chunks - len(missing)
    as_completed: Any = distributed.as_completed
    flight = as_completed(loop=client.loop)

    def submit(number: int) -> None:
        tries[number] = tries.get(number, 0) + 1
        name = f"entente-chunk-{key}-{number}-{tries[number]}"
        future = client.submit(chunk, key, files, number, folder, mark, key=name, pure=False)
        numbers[future.key] = number
        flight.add(future)

    if progress is not None:
        progress.start(plan.runs, False)
        progress.done(int(done * each))
    Path(folder, mark).touch()
    try:
        for _ in range(AHEAD * max(1, sum(client.nthreads().values()))):
            number = next(left, None)
            if number is None:
                break
            submit(number)
        for future in flight:
            number = numbers.pop(future.key)
            try:
                data = future.result()
                if data is not None:
                    plan.accept(data)
            except Exception as error:
                future.release()
                if tries[number] >= TRIES or _is_final(error):
                    raise _told(number, error) from error
                if progress is not None:
                    progress.notice(f"chunk {number} is done again: {_words(error)}")
                submit(number)
                continue
            future.release()
            tries.pop(number)
            done += 1
            if progress is not None:
                progress.done(int(done * each))
            following = next(left, None)
            if following is not None:
                submit(following)
    except BaseException as raised:
        waiting = list(flight.futures)
        client.cancel(waiting, force=True)
        if isinstance(raised, KeyboardInterrupt) and hasattr(raised, "add_note"):
            raised.add_note(f"what is done is kept in {folder}; the same call goes on from there")
        raise
    finally:
        Path(folder, mark).unlink(missing_ok=True)
        files.release()
        if progress is not None:
            progress.close()


def _is_final(error: Exception) -> bool:
    """Whether doing a chunk again would come to the same."""
    return isinstance(error, (ModuleNotFoundError, OSError)) or (
        isinstance(error, InputError) and "was planned by" in str(error)
    )


def _told(number: int, error: Exception) -> Exception:
    if isinstance(error, EntenteError):
        return error
    return EntenteError(f"chunk {number} cannot be done: {_words(error)}")


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
