"""Plans, and the workers of Dask."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

import entente as en
from entente import _dask


@pytest.fixture(scope="module")
def alone(scenario: en.Scenario) -> en.Results:
    """What the runs of the tests come to without a cluster."""
    return en.run(scenario, replicates=640, seed=5, out=None, progress=False)


def test_chunks_may_be_done_anywhere_in_any_order(
    scenario: en.Scenario, alone: en.Results, tmp_path: Path
) -> None:
    plan = en.plan(scenario, replicates=640, seed=5, chunks=6, out=tmp_path / "plan")
    assert (plan.chunks, plan.runs, plan.missing()) == (6, 640, [0, 1, 2, 3, 4, 5])
    assert plan.run_chunk(4) and not plan.run_chunk(4)
    elsewhere = _dask.unpack("other", _dask.pack(plan))
    for number in (5, 0, 3):
        assert plan.accept(elsewhere.chunk_bytes(number)) > 0
    again = en.Plan.open(tmp_path / "plan")
    assert again.missing() == [1, 2]
    with pytest.raises(en.Unfinished, match="missing: 1-2") as raised:
        again.gather()
    assert raised.value.chunks == [1, 2]
    for number in raised.value.chunks:
        again.run_chunk(number)
    assert again.gather().digest == alone.digest
    assert plan.missing() == []
    with pytest.raises(en.InputError, match="no chunk 6: the plan has chunks 0 to 5"):
        plan.run_chunk(6)


def test_bytes_that_are_not_of_the_plan_are_refused(scenario: en.Scenario, tmp_path: Path) -> None:
    plan = en.plan(scenario, replicates=200, seed=5, chunks=2, out=tmp_path / "a")
    other = en.plan(scenario, replicates=200, seed=6, chunks=2, out=tmp_path / "b")
    data = bytearray(plan.chunk_bytes(0))
    for wrong in (b"", b"nonsense", bytes(data[:-7]), other.chunk_bytes(0)):
        with pytest.raises(en.InputError, match="not the bytes of a task of this experiment"):
            plan.accept(wrong)
    data[len(data) // 2] ^= 1
    with pytest.raises(en.InputError, match="damaged"):
        plan.accept(bytes(data))
    assert plan.missing() == [0, 1]


def test_precision_works_in_rounds(scenario: en.Scenario, tmp_path: Path) -> None:
    plan = en.plan(scenario, precision=0.03, questions=["pact"], seed=1, out=tmp_path / "plan")
    rounds = 0
    while True:
        for number in plan.missing():
            plan.run_chunk(number, threads=2)
        try:
            results = plan.gather()
            break
        except en.Unfinished as more:
            rounds += 1
            assert more.chunks == plan.missing()
    assert rounds >= 1
    assert results.manifest["stopping"]["reason"] == "precise"


def test_a_sweep_is_planned_like_it_is_run(scenario: en.Scenario, tmp_path: Path) -> None:
    points = {"faction.traders.fighters": [400, 800]}
    plan = en.plan(scenario, design=points, replicates=32, chunks=2, out=tmp_path / "plan")
    elsewhere = _dask.unpack("sweep", _dask.pack(plan))
    plan.accept(elsewhere.chunk_bytes(0))
    plan.run_chunk(1)
    swept = en.sweep(scenario, points, replicates=32, out=None, progress=False)
    assert plan.gather().digest == swept.digest


def test_a_script_for_slurm(scenario: en.Scenario, tmp_path: Path) -> None:
    plan = en.plan(scenario, replicates=6400, out=tmp_path / "plan")
    script = plan.slurm(tasks=20, time="1:00:00", mem="1G")
    assert "submit 0-19 2" in script
    assert plan.chunks == 20
    with pytest.raises(en.InputError, match="time: expected a time"):
        plan.slurm(time="one hour")


def test_more_replicates_and_merged_ones_are_the_same(
    scenario: en.Scenario, alone: en.Results, tmp_path: Path
) -> None:
    options = {"seed": 5, "progress": False}
    en.run(scenario, replicates=320, out=tmp_path / "a", **options)
    second = en.run(scenario, replicates=320, first=320, out=tmp_path / "b", **options)
    assert second.first == 320
    merged = en.merge([tmp_path / "a", second], tmp_path / "c")
    assert merged.digest == alone.digest
    grown = en.run(scenario, replicates=640, out=tmp_path / "a", **options)
    assert grown.digest == alone.digest


def test_a_cluster_gives_the_same_and_outlives_its_workers(
    scenario: en.Scenario, alone: en.Results, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    killed = []

    def kill() -> None:
        while len(killed) < 3:
            time.sleep(0.3)
            alive = [pid for pid in client.run(os.getpid).values() if pid not in killed]
            if alive and list(folder.glob("chunks/*")):
                os.kill(alive[0], signal.SIGKILL)
                killed.append(alive[0])

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        killer = threading.Thread(target=kill)
        killer.start()
        results = en.run(
            scenario, replicates=1_600, seed=5, out=folder, client=client, progress=False
        )
        killer.join()
        assert len(killed) == 3
        assert not list(folder.glob(".visible-*"))
        assert results.replicates == 1_600
        again = en.run(scenario, replicates=1_600, seed=5, out=folder, client=client)
        assert again.digest == results.digest
        with pytest.raises(en.InputError, match="need a folder"):
            en.run(scenario, out=None, client=client)
    here = en.run(scenario, replicates=1_600, seed=5, out=tmp_path / "here", progress=False)
    assert results.digest == here.digest


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch):
    """A client whose workers do not see the folder."""
    monkeypatch.setattr("entente._dask.os.path.exists", lambda path: False)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def test_without_a_shared_disk_bytes_are_sent(
    scenario: en.Scenario, alone: en.Results, apart: Client, tmp_path: Path, capsys
) -> None:
    results = en.run(scenario, replicates=640, seed=5, out=tmp_path / "out", client=apart)
    assert results.digest == alone.digest
    assert "runs" in capsys.readouterr().err
    precise = en.run(
        scenario, precision=0.03, questions=["pact"], seed=1, out=tmp_path / "precise",
        client=apart, progress=False,
    )  # fmt: skip
    assert precise.manifest["stopping"]["reason"] == "precise"


def test_damage_on_the_way_is_done_again(
    scenario: en.Scenario, alone: en.Results, apart: Client, tmp_path: Path, monkeypatch
) -> None:
    whole, damaged = _dask.chunk, tmp_path / "damaged"

    def damage(*of) -> bytes:
        data = bytearray(whole(*of))
        if not damaged.exists():
            damaged.touch()
            data[len(data) // 2] ^= 1
        return bytes(data)

    monkeypatch.setattr(_dask, "chunk", damage)
    results = en.run(
        scenario, replicates=640, seed=5, out=tmp_path / "out", client=apart, progress=False
    )
    assert damaged.exists()
    assert results.digest == alone.digest

    def always(*of) -> bytes:
        return b"nonsense"

    monkeypatch.setattr(_dask, "chunk", always)
    with pytest.raises(en.InputError, match="not the bytes of a task"):
        en.run(
            scenario, replicates=640, seed=6, out=tmp_path / "never", client=apart, progress=False
        )


class Workers:
    """A client whose workers answer so."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def run(self, function, on_error: str) -> dict:
        return {"tcp://10.0.0.1:1": self.answer}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("0.0.1 (commit abc)", r"10\.0\.0\.1:1 has entente 0\.0\.1 \(commit abc\), and here is"),
        (ModuleNotFoundError("No module named 'entente'"), r"10\.0\.0\.1:1 has no entente"),
        (OSError("no such disk"), "cannot use entente: no such disk"),
    ],
)
def test_workers_of_another_kind_are_named(
    scenario: en.Scenario, tmp_path: Path, answer: object, message: str
) -> None:
    with pytest.raises(en.InputError, match=message):
        en.run(scenario, replicates=64, out=tmp_path / "out", client=Workers(answer))
