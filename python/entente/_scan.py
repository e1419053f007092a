"""Frames for polars that are read when they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars

    from ._entente import Frame


KINDS = {
    "int32": "Int32",
    "int64": "Int64",
    "date": "Date",
    "str": "String",
    "bool": "Boolean",
    "float64": "Float64",
    "float32": "Float32",
}
"""What polars calls the types of columns."""


def scan(frame: Frame) -> polars.LazyFrame:
    """A frame as a `polars.LazyFrame`, of which only the columns that are needed are read."""
    import polars
    from polars.io.plugins import register_io_source

    def read(
        columns: list[str] | None,
        predicate: polars.Expr | None,
        rows: int | None,
        batch: int | None,
    ) -> Iterator[polars.DataFrame]:
        wanted = frame if columns is None else frame.select(columns)
        for group in range(wanted.groups):
            part = polars.DataFrame(wanted.group(group))
            if rows is not None:
                part = part.head(rows)
                rows -= len(part)
            yield part if predicate is None else part.filter(predicate)
            if rows == 0:
                return

    schema = {name: getattr(polars, KINDS[kind]) for name, kind in frame.schema.items()}
    return register_io_source(read, schema=schema)
