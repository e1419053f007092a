"""What is raised."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or looks wrong, with a scenario."""

    message: str
    """What is wrong."""
    file: str | None
    """The file that it stands in; None if it stands in none."""
    line: int | None
    """The line, from 1."""
    column: int | None
    """The column, in letters from 1."""
    expected: str | None
    """What was expected there."""
    help: str | None
    """The nearest valid name, or what to do."""


class EntenteError(Exception):
    """Something did not come to its end."""


class InputError(EntenteError, ValueError):
    """What is asked makes no sense; the message names what."""


class ScenarioError(InputError):
    """A scenario is wrong. The message shows every problem with its line; `problems` lists them."""

    def __init__(self, message: str, problems: list[Problem] | None = None) -> None:
        super().__init__(message, problems)
        self.problems: list[Problem] = problems or []

    def __str__(self) -> str:
        return str(self.args[0])


class ResultsError(EntenteError):
    """Results cannot be read or written: a file is damaged, missing or refused by the system."""


class Unfinished(EntenteError):
    """Chunks of a plan are to be done before it can be gathered: `chunks` are their numbers."""

    def __init__(self, message: str, chunks: list[int] | None = None) -> None:
        super().__init__(message, chunks)
        self.chunks: list[int] = chunks or []

    def __str__(self) -> str:
        return str(self.args[0])
