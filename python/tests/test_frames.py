"""Tables, as the packages read them that analysts use."""

import datetime

import duckdb
import pandas
import polars
import pyarrow
import pytest

import entente as en


def test_all_packages_read_the_same(results: en.Results) -> None:
    for frame in (results.runs, results.events, results.series, results.questions, results.inputs):
        table = pyarrow.table(frame)
        table.validate(full=True)
        assert table.num_rows == len(frame)
        assert table.column_names == frame.columns
        expected = table.to_pydict()
        assert same(frame.to_dict(), expected)
        assert same(frame.to_polars().to_dict(as_series=False), expected)
        assert len(frame.to_pandas()) == len(frame)


def same(one: dict, other: dict) -> bool:
    """Whether columns are the same; nothing that is no number equals itself."""
    return list(one) == list(other) and all(
        a == b or (a != a and b != b)
        for name in one
        for a, b in zip(one[name], other[name], strict=True)
    )


def test_types_are_those_of_the_tables(results: en.Results) -> None:
    events = results.events
    assert events.schema["date"] == "date"
    assert events.schema["replicate"] == "int64"
    assert isinstance(events["date"][0], datetime.date)
    schema = pyarrow.schema(events)
    assert schema.field("date").type == pyarrow.date32()
    assert not schema.field("date").nullable
    assert schema.field("other").nullable
    assert polars.DataFrame(events).schema["public"] == polars.Boolean


def test_duckdb_and_pandas_take_frames_as_they_are(results: en.Results) -> None:
    runs = results.runs
    [(count, yes)] = duckdb.sql('select count(*), avg("question.pact"::int) from runs').fetchall()
    assert count == len(runs)
    answers = [answer for answer in runs["question.pact"] if answer is not None]
    assert yes == pytest.approx(sum(answers) / len(answers))
    assert results.questions["probability"][0] == pytest.approx(yes)
    assert pandas.DataFrame.from_arrow(results.questions)["question"].tolist() == [
        "pact",
        "alliance",
        "deaths",
    ]


def test_a_lazy_frame_reads_what_it_needs(results: en.Results) -> None:
    lazy = results.events.scan()
    wars = lazy.filter(polars.col("kind") == "stance_changed").select("who", "to").collect()
    table = results.events.to_polars()
    assert wars.equals(table.filter(polars.col("kind") == "stance_changed").select("who", "to"))
    assert lazy.head(3).collect().equals(table.head(3))
    assert lazy.select(polars.len()).collect().item() == len(table)


def test_columns_are_chosen_by_name(results: en.Results) -> None:
    some = results.runs.select(["question.pact", "replicate"])
    assert some.columns == ["question.pact", "replicate"]
    assert pyarrow.table(some)["replicate"].to_pylist() == list(range(200))
    with pytest.raises(KeyError, match=r"no column `repliate`.*replicate"):
        results.runs.select(["repliate"])
    assert "200 rows" in repr(some)
    assert "<table>" in some._repr_html_()


def test_a_stream_may_be_left_unread_or_half_read(results: en.Results) -> None:
    results.runs.__arrow_c_stream__()
    reader = pyarrow.RecordBatchReader.from_stream(results.events)
    batch = reader.read_next_batch()
    reader.close()
    del reader
    assert batch.num_rows
    batch.validate(full=True)


def test_empty_tables_have_their_columns(results: en.Results, swept: en.Results) -> None:
    assert len(results.differences) == 0
    assert pyarrow.table(results.differences).num_rows == 0
    assert "difference" in results.differences.columns
    assert polars.DataFrame(swept.series).height == 0


def test_damage_is_told_and_crosses_no_border(scenario: en.Scenario, tmp_path) -> None:
    folder = tmp_path / "out"
    en.run(scenario, replicates=20, out=folder, progress=False)
    results = en.open(folder)
    path = folder / "events.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    assert len(results.runs) == 20
    with pytest.raises(en.ResultsError, match=r"events\.parquet"):
        en.open(folder)
    path.unlink()
    with pytest.raises(en.ResultsError, match=r"events\.parquet"):
        en.open(folder)
