from __future__ import annotations

import json

import pytest

from bikeshare.errors import Refused
from bikeshare.payload import read_split


def test_columns_and_rows_are_read() -> None:
    split = read_split(b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, "x"]], "index": [0]}}', 1)
    assert (split.columns, split.data) == (["a", "b"], [[1, "x"]])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("\xff", "not JSON"),
        ('{"dataframe_split": {"columns": ["a"], "data": [[NaN]]}}', "NaN is not a JSON number"),
        ("[" * 100_000, "not JSON"),
        ("[]", '{"dataframe_split": {"columns"'),
        ('{"instances": [1]}', "does not take instances"),
        ('{"inputs": {"dataframe_split": {}}}', 'take "dataframe_split" out of "inputs"'),
        ('{"dataframe_split": {}, "params": {}}', "remove: params"),
        ('{"dataframe_split": []}', "must be an object"),
        ('{"dataframe_split": {"columns": [], "data": [[]], "rows": 1}}', "remove: rows"),
        ('{"dataframe_split": {"columns": [1], "data": [[1]]}}', "list of names"),
        ('{"dataframe_split": {"columns": ["a", "a"], "data": [[1, 2]]}}', "twice: a"),
        ('{"dataframe_split": {"columns": ["a"], "data": []}}', "at least one row"),
        ('{"dataframe_split": {"columns": ["a"], "data": [[1], [1, 2]]}}', 'data[1]" must be a list of 1'),
        ('{"dataframe_split": {"columns": ["a"], "data": [1]}}', 'data[0]" must be a list'),
    ],
)
def test_malformed_bodies_are_explained(body: str, said: str) -> None:
    with pytest.raises(Refused) as caught:
        read_split(body.encode("latin-1"), 10)
    assert (caught.value.status, caught.value.error_code) == (400, "BAD_REQUEST")
    assert said in str(caught.value)


def test_too_many_rows() -> None:
    body = json.dumps({"dataframe_split": {"columns": ["a"], "data": [[1]] * 3}}).encode()
    assert len(read_split(body, 3).data) == 3
    with pytest.raises(Refused, match="3 rows; allowed: 2") as caught:
        read_split(body, 2)
    assert caught.value.status == 413
