"""What tests and doctests share."""

from pathlib import Path

import pytest

import entente

CONFIGS = Path(__file__).parent.parent / "configs"

UNCERTAIN = """
[[uncertainty]]
path = "faction.rivermen.fighters"
low = 600
high = 1500

[[uncertainty]]
path = "faction.traders.fighters"
distribution = "triangular"
low = 300
best = 600
high = 1200
"""


@pytest.fixture(scope="session")
def standoff() -> Path:
    """The file of a small scenario."""
    return CONFIGS / "three-way-standoff.toml"


@pytest.fixture(scope="session")
def scenario(standoff: Path) -> entente.Scenario:
    """The same with three uncertain inputs."""
    return entente.Scenario.loads(standoff.read_text() + UNCERTAIN, "standoff.toml")


@pytest.fixture(scope="session")
def results(scenario: entente.Scenario) -> entente.Results:
    """A run in memory."""
    return entente.run(scenario, replicates=200, seed=7, out=None, progress=False)


@pytest.fixture(scope="session")
def swept(scenario: entente.Scenario) -> entente.Results:
    """A sweep over a Saltelli sample, in memory."""
    return entente.sweep(
        scenario, "saltelli", points=160, replicates=8, seed=7, out=None, progress=False
    )


@pytest.fixture(autouse=True)
def _names(doctest_namespace: dict, standoff: Path) -> None:
    doctest_namespace["entente"] = entente
    doctest_namespace["standoff"] = standoff
