"""Experiments: where results go, how they end, and what is refused."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import entente as en


def test_folder_memory_and_threads_give_one_digest(scenario: en.Scenario, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    kept = en.run(scenario, replicates=100, seed=3, out=folder, threads=2, progress=False)
    held = en.run(scenario, replicates=100, seed=3, out=None, threads=1, progress=False)
    assert kept.digest == held.digest
    assert kept.folder == folder
    assert held.folder is None
    again = en.open(folder)
    assert again.digest == kept.digest
    assert again.questions.to_dict() == held.questions.to_dict()
    assert again.runs.to_polars().equals(held.runs.to_polars())
    assert again.manifest["variants"] == again.variants == ["baseline"]
    assert again.scenario.digest == scenario.set({"run.seed": 3}).digest


def test_the_usual_folder_is_that_of_the_command_line(
    scenario: en.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    results = en.run(scenario, replicates=20, progress=False)
    assert results.folder == Path("outputs/three-way-standoff") / results.experiment
    began = time.monotonic()
    again = en.run(scenario, replicates=20, progress=False)
    assert again.digest == results.digest
    assert time.monotonic() - began < 2


def test_a_comparison_tells_what_variants_change(scenario: en.Scenario) -> None:
    compared = en.compare(scenario, ["old-feud"], replicates=100, seed=1, out=None, progress=False)
    assert compared.variants == ["baseline", "old-feud"]
    table = compared.differences.to_dict()
    assert table["question"] == ["pact", "alliance", "deaths"]
    assert table["difference"][0] < 0
    assert "old feud" in compared.report().text()
    feud = en.run(scenario.variant("old-feud"), replicates=100, seed=1, out=None, progress=False)
    assert feud.variants == ["old-feud"]
    assert feud.questions["probability"][0] == compared.questions["probability"][3]


def test_it_ends_when_it_is_precise_enough(scenario: en.Scenario) -> None:
    results = en.run(scenario, precision=0.1, questions=["pact"], out=None, progress=False)
    assert results.manifest["stopping"]["reason"] == "precise"
    assert results.questions["high"][0] - results.questions["low"][0] <= 0.2
    with pytest.raises(en.InputError, match=r"no question `pakt`.*pact"):
        en.run(scenario, precision=0.1, questions=["pakt"], out=None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replicates": 0}, "replicates is 0"),
        ({"precision": 0.7}, "precision is 0.7"),
        ({"seed": -1}, "seed is -1"),
        ({"threads": 0}, "threads is 0"),
        ({"time_limit": -1.0}, "time_limit is -1"),
        ({"inputs": "no-such-file.csv"}, "no-such-file.csv"),
    ],
)
def test_what_makes_no_sense_is_named(scenario: en.Scenario, options: dict, message: str) -> None:
    with pytest.raises(en.InputError, match=message):
        en.run(scenario, out=None, progress=False, **options)


def test_a_folder_of_another_experiment_is_left_alone(
    scenario: en.Scenario, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    first = en.run(scenario, replicates=20, seed=1, out=folder, progress=False)
    with pytest.raises(en.InputError, match="holds another experiment"):
        en.run(scenario, replicates=20, seed=2, out=folder, progress=False)
    assert en.open(folder).digest == first.digest
    other = en.run(scenario, replicates=20, seed=2, out=folder, force=True, progress=False)
    assert other.digest != first.digest
    with pytest.raises(en.InputError, match="no such folder"):
        en.open(tmp_path / "nowhere")


INTERRUPTED = """
import sys
import entente as en

scenario = en.Scenario.load(sys.argv[1])
for _ in range(2):
    try:
        en.run(scenario, replicates=20_000, out=sys.argv[2], progress=False)
    except KeyboardInterrupt:
        print("heard", flush=True)
"""


def test_an_interrupt_is_heeded_at_once_and_keeps_what_is_done(
    standoff: Path, tmp_path: Path
) -> None:
    # A process of its own: other packages that tests import take the signal, too.
    folder = tmp_path / "out"
    arguments = [str(standoff), str(folder)]
    command = [sys.executable, "-c", INTERRUPTED, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None

    def done() -> int:
        return len(list((folder / "chunks").glob("*.chunk")))

    def interrupted(held: int) -> float:
        # Not before the run is at work: elsewhere the signal would end the process.
        while done() <= held:
            assert process.poll() is None
            time.sleep(0.01)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline() == "heard\n"
        return time.monotonic() - sent

    try:
        assert interrupted(1) < 0.2, "a tenth of a second, and another where the machine is busy"
        assert done() > 1
        # The same process can go on in the same folder at once.
        interrupted(done())
        assert process.wait(10) == 0
    finally:
        process.kill()


def test_other_threads_of_python_go_on(scenario: en.Scenario) -> None:
    counted = 0
    running = threading.Event()

    def work() -> None:
        running.set()
        en.run(scenario, replicates=400, out=None, progress=False)
        running.clear()

    thread = threading.Thread(target=work)
    thread.start()
    running.wait()
    while running.is_set():
        counted += 1
        time.sleep(0.001)
    thread.join()
    assert counted > 10


def test_progress_is_told_as_people_like_it(
    scenario: en.Scenario, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    en.run(scenario, replicates=50, out=None, progress=False)
    assert capsys.readouterr().err == ""
    en.run(scenario, replicates=50, out=None)
    assert "runs" in capsys.readouterr().err
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    monkeypatch.setattr("entente._progress.EVERY", 0.0)
    en.run(scenario, replicates=400, out=None)
    assert "of 400 runs" in capsys.readouterr().err
