"""The body of a request: JSON with MLflow's `dataframe_split`.

See https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/#json-input
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NoReturn

from bikeshare.errors import bad_request

KEY = "dataframe_split"
OTHER_MLFLOW_KEYS = ("dataframe_records", "instances", "inputs")


@dataclass(frozen=True)
class Split:
    """Names of the columns, and rows of the same width."""

    columns: list[str]
    data: list[list[object]]


def read_split(body: bytes, max_rows: int) -> Split:
    """Parse the body; raises Refused with what is wrong and what is expected."""
    try:
        document = json.loads(body, parse_constant=_no_constant)
    # A body of brackets alone is nested deeper than the parser goes.
    except (ValueError, RecursionError) as error:
        raise bad_request(f"the body is not JSON: {error}") from error
    if not isinstance(document, dict) or KEY not in document:
        raise bad_request(
            f'the body must be {{"{KEY}": {{"columns": […], "data": [[…], …]}}}}{_hint(document)}'
        )
    if len(document) > 1:
        others = ", ".join(sorted(key for key in document if key != KEY))
        raise bad_request(f'"{KEY}" must stand alone; remove: {others}')
    return _split(document[KEY], max_rows)


def _split(value: object, max_rows: int) -> Split:
    if not isinstance(value, dict):
        raise bad_request(f'"{KEY}" must be an object with "columns" and "data"')
    columns, data = value.get("columns"), value.get("data")
    unknown = sorted(value.keys() - {"columns", "data", "index"})
    if unknown:
        raise bad_request(f'"{KEY}" takes columns, data and index; remove: {", ".join(unknown)}')
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        raise bad_request(f'"{KEY}.columns" must be a list of names')
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise bad_request(f'"{KEY}.columns" names a column twice: {", ".join(repeated)}')
    if not isinstance(data, list) or not data:
        raise bad_request(f'"{KEY}.data" must be a list of at least one row')
    if len(data) > max_rows:
        raise bad_request(f"the request has {len(data)} rows; allowed: {max_rows}", 413)
    for number, row in enumerate(data):
        if not isinstance(row, list) or len(row) != len(columns):
            raise bad_request(
                f'"{KEY}.data[{number}]" must be a list of {len(columns)} values, one per column'
            )
    return Split(columns, data)


def _hint(document: object) -> str:
    """Clients that wrap the frame, or that use another of MLflow's forms, are told so."""
    if not isinstance(document, dict):
        return ""
    if isinstance(document.get("inputs"), dict) and KEY in document["inputs"]:
        return f'; take "{KEY}" out of "inputs"'
    used = [key for key in OTHER_MLFLOW_KEYS if key in document]
    return f"; this service does not take {', '.join(used)}" if used else ""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
