"""Scenarios on their way to other processes."""

from __future__ import annotations

from ._entente import Scenario


def scenario(text: str, file: str, name: str) -> Scenario:
    """The scenario that a resolved text says, under the name of a variant."""
    return Scenario.loads(text, file)._named(name)
