"""Makes a data frame of a request by the model's signature, or says how the two differ.

MLflow checks the signature as well. It stops at the first fault, drops columns that it does not know, and
sees what pandas guessed from JSON instead of what was sent.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from mlflow.types import ColSpec, DataType, Schema

from bikeshare.errors import mismatch
from bikeshare.payload import Split

INT64 = range(-(2**63), 2**63)
SHOWN_FAULTS = 5
# Longer numbers and texts are cut in messages.
SHOWN_CHARACTERS = 40


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in INT64


def _number(value: object) -> bool:
    # JSON has one kind of number: 20 is a double too. 1e999 is read as infinity.
    if isinstance(value, float):
        return abs(value) != float("inf")
    return _whole(value)


ACCEPTS: dict[DataType, tuple[Callable[[object], bool], str, str]] = {
    DataType.string: (lambda value: isinstance(value, str), "a string", "object"),
    DataType.long: (_whole, "a whole number", "int64"),
    DataType.double: (_number, "a number", "float64"),
}


def check_schema(schema: Schema | None) -> Schema:
    """Refuses, on loading, a model whose signature this service cannot read; raises ValueError."""
    if schema is None or not schema.has_input_names():
        raise ValueError("the model has no signature with named columns; save it with one")
    for column in schema.inputs:
        if not isinstance(column, ColSpec) or column.type not in ACCEPTS or not column.required:
            allowed = ", ".join(kind.name for kind in ACCEPTS)
            raise ValueError(
                f"column {column.name} of the signature: allowed: required columns of type {allowed}"
            )
    return schema


def to_frame(split: Split, schema: Schema) -> pd.DataFrame:
    """The rows with the signature's columns, order and types; raises Refused that lists the differences."""
    wanted = schema.input_names()
    faults = [f"column {name} is missing" for name in wanted if name not in split.columns]
    faults += [f"column {_shown(name)} is unknown" for name in split.columns if name not in wanted]
    series: dict[str, pd.Series] = {}
    for column in schema.inputs:
        if column.name not in split.columns:
            continue
        accepts, kind, dtype = ACCEPTS[column.type]
        place = split.columns.index(column.name)
        values = [row[place] for row in split.data]
        wrong = [number for number, value in enumerate(values) if not accepts(value)]
        faults += [f"{column.name} in row {row} is {_shown(values[row])}, not {kind}" for row in wrong]
        if not wrong:
            series[column.name] = pd.Series(values, dtype=dtype)
    if faults:
        raise mismatch(_explain(faults, schema))
    return pd.DataFrame(series, columns=wanted)


def _explain(faults: list[str], schema: Schema) -> str:
    more = f" and {len(faults) - SHOWN_FAULTS} more" if len(faults) > SHOWN_FAULTS else ""
    expected = ", ".join(f"{column.name} ({column.type.name})" for column in schema.inputs)
    listed = "; ".join(faults[:SHOWN_FAULTS])
    return f"the input does not match the model's signature: {listed}{more}; expected: {expected}"


def _shown(value: object) -> str:
    # Python refuses to write out whole numbers of thousands of digits.
    text = "too large a number" if isinstance(value, int) and value not in INT64 else repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
