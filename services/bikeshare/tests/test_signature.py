from __future__ import annotations

import pytest
from mlflow.types import ColSpec, Schema, TensorSpec
from numpy import dtype

from bikeshare.errors import Refused
from bikeshare.payload import Split
from bikeshare.signature import check_schema, to_frame
from bikeshare.train import SIGNATURE

SCHEMA = SIGNATURE.inputs
COLUMNS = ["station_id", "hour", "temp_c", "dow"]
ROW: list[object] = ["72", 8, 20.5, 2]


def fault(columns: list[str], *rows: list[object]) -> str:
    with pytest.raises(Refused) as caught:
        to_frame(Split(columns, list(rows)), SCHEMA)
    assert (caught.value.status, caught.value.error_code) == (400, "INVALID_PARAMETER_VALUE")
    return str(caught.value)


def test_columns_may_come_in_any_order() -> None:
    frame = to_frame(Split(COLUMNS[::-1], [ROW[::-1]]), SCHEMA)
    assert list(frame.columns) == COLUMNS
    assert [str(kind) for kind in frame.dtypes[1:]] == ["int64", "float64", "int64"]


def test_a_whole_number_is_a_double_too() -> None:
    assert to_frame(Split(COLUMNS, [["72", 8, 20, 2]]), SCHEMA)["temp_c"].tolist() == [20.0]


def test_missing_and_unknown_columns_are_named_together() -> None:
    said = fault(["station_id", "hour", "temperature", "dow"], ROW)
    assert "column temp_c is missing" in said
    assert "column 'temperature' is unknown" in said
    assert "expected: station_id (string), hour (long), temp_c (double), dow (long)" in said


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (0, 72, "station_id in row 0 is 72, not a string"),
        (0, None, "station_id in row 0 is None, not a string"),
        (1, "8", "hour in row 0 is '8', not a whole number"),
        (1, 8.0, "hour in row 0 is 8.0, not a whole number"),
        (1, True, "hour in row 0 is True, not a whole number"),
        (1, 2**63, "hour in row 0 is too large a number"),
        # Longer than Python writes out.
        pytest.param(1, 10**5000, "hour in row 0 is too large a number", id="long-number"),
        (2, "warm", "temp_c in row 0 is 'warm', not a number"),
        (2, float("inf"), "temp_c in row 0 is inf, not a number"),
        (2, "x" * 99, "…, not a number"),
        (3, [2], "dow in row 0 is [2], not a whole number"),
    ],
)
def test_wrong_types_are_named_with_row_and_value(place: int, value: object, said: str) -> None:
    row = list(ROW)
    row[place] = value
    assert said in fault(COLUMNS, row)


def test_many_faults_make_a_short_message() -> None:
    said = fault(COLUMNS, *([["72", "8", 20.5, 2]] * 1000))
    assert "and 995 more" in said
    assert len(said) < 600


@pytest.mark.parametrize(
    "schema",
    [
        None,
        Schema([ColSpec("double")]),
        Schema([ColSpec("datetime", "when")]),
        Schema([ColSpec("long", "hour", required=False)]),
        Schema([TensorSpec(dtype("float64"), (-1, 2), "grid")]),
    ],
)
def test_a_signature_that_cannot_be_read_is_refused(schema: Schema | None) -> None:
    with pytest.raises(ValueError, match="signature"):
        check_schema(schema)
