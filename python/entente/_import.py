"""Scenarios from records of events."""

from __future__ import annotations

import datetime
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ._entente import Scenario
from ._entente import import_events as _import_events

File: TypeAlias = "str | os.PathLike[str]"


@dataclass(frozen=True)
class Imported:
    """A scenario made of events, and what is to be told of it."""

    text: str
    """The scenario as TOML."""
    account: dict[str, list[str]]
    """What was read, not placed, left out and assumed, and what is missing, by heading."""
    lines: dict[str, list[str]]
    """Lines to fill in, by heading."""
    deaths: list[dict[str, Any]]
    """Deaths before the start by year, type and dyad."""

    @property
    def scenario(self) -> Scenario:
        """The scenario, checked."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "imported.toml"
            self.save(path)
            return Scenario.load(path)

    def save(self, path: File) -> None:
        """Writes the scenario to a file that is not there yet."""
        with Path(path).open("x", encoding="utf-8") as file:
            file.write(self.text)

    def __str__(self) -> str:
        told = []
        for heading, points in self.account.items():
            told += [heading, *(f"  - {point}" for point in points)]
            told += [f"    {line}" for line in self.lines[heading]]
        return "\n".join(told)


def import_events(
    events: File,
    *,
    zones: File,
    start: str | datetime.date,
    id: str = "imported",
    window: str = "24 months",
    half_life: str = "26 weeks",
    until: str | datetime.date | None = None,
    least: int = 3,
    people: File | None = None,
    displaced: File | None = None,
    strength: File | None = None,
    aliases: File | None = None,
    source: str | None = None,
) -> Imported:
    """Makes a scenario of a record of events, as `entente import` does.

    Events before the start alone make it; later ones make what came of its questions.

    Args:
        events: a table of UCDP GED or of ACLED as downloaded (CSV).
        zones: outlines of the zones (GeoJSON).
        start: the day on which runs begin.
        id: the scenario's id.
        window: how long before the start events count.
        half_life: in what time an event comes to count for half.
        until: the last day up to which the record is whole; that of its last event unless given.
        least: in how many events an actor is to be a faction.
        people: people by zone (CSV).
        displaced: displaced people by the zone where they are (CSV).
        strength: fighters by faction (CSV).
        aliases: which recorded names are which faction (CSV).
        source: what events are said to come from.

    Raises:
        InputError: what is given cannot be used, with file, line, what was found and expected.
    """

    def path(file: File | None) -> str | None:
        return None if file is None else os.fspath(file)

    options = {
        "id": id,
        "zones": path(zones),
        "boundaries": Path(zones).absolute().as_posix(),
        "start": str(start),
        "window": window,
        "half_life": half_life,
        "until": None if until is None else str(until),
        "least": least,
        "people": path(people),
        "displaced": path(displaced),
        "strength": path(strength),
        "aliases": path(aliases),
        "source": source,
    }
    text, sections, deaths = _import_events(os.fspath(events), options)
    columns = ("year", "type", "first", "second", "events", "low", "best", "high")
    return Imported(
        text,
        {heading: points for heading, points, _ in sections},
        {heading: lines for heading, _, lines in sections},
        [dict(zip(columns, row, strict=True)) for row in deaths],
    )
