from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from pathlib import Path

import joblib
import numpy as np
import pytest
from conftest import PAYLOAD, ROOT, Start, invoke
from jsonschema import Draft202012Validator

from bikeshare import package, train
from bikeshare.dataset import TARGET, make_dataset
from bikeshare.model import Model
from bikeshare.payload import Split
from bikeshare.service import load_mlflow

SCHEMA = Draft202012Validator(json.loads((ROOT / "answer.schema.json").read_text()))


def test_the_same_seed_gives_the_same_data() -> None:
    assert make_dataset(rows=50).equals(make_dataset(rows=50))
    assert not make_dataset(rows=50).equals(make_dataset(seed=1, rows=50))


def test_training_again_gives_the_same_bytes_without_places(model_dir: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert train.main(["--output", str(again)]) == 0
    for name, folder in (("1", model_dir), ("2", again)):
        assert package.main(["--model", str(folder), "--output", str(tmp_path / f"{name}.tar.gz")]) == 0
    assert (tmp_path / "1.tar.gz").read_bytes() == (tmp_path / "2.tar.gz").read_bytes()
    description = (again / "MLmodel").read_text()
    assert str(ROOT) not in description
    assert "uri: artifacts/" in description


def test_a_model_that_learned_nothing_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = make_dataset(rows=2000)
    rows[TARGET] = np.random.default_rng(1).permutation(rows[TARGET])
    monkeypatch.setattr(train, "make_dataset", lambda: rows)
    assert train.main(["--output", str(tmp_path / "model")]) == 1
    assert "better than the mean; allowed: 40% or more" in capsys.readouterr().out
    assert not (tmp_path / "model").exists()


def test_training_does_not_overwrite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(["--output", str(tmp_path)]) == 2
    assert "output_exists" in capsys.readouterr().out


def test_the_payload_is_the_example_that_training_recorded(model_dir: Path) -> None:
    assert json.loads(PAYLOAD) == json.loads((model_dir / "serving_input_example.json").read_text())


def test_the_answer_to_the_payload_fits_its_schema(start: Start, model: Model) -> None:
    answer = invoke(start(model))
    assert answer.status == 200
    SCHEMA.validate(answer.body)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"predictions": []},
        {"predictions": [1.0, 2.0]},
        {"predictions": [1.0, 2.0, "3"]},
        {"predictions": [1.0, 2.0, None]},
        {"predictions": [1.0, 2.0, -3.0]},
        {"predictions": [1.0, 2.0, 3.0], "error_code": "x"},
        [1.0, 2.0, 3.0],
    ],
)
def test_the_schema_refuses_other_answers(answer: object) -> None:
    assert not SCHEMA.is_valid(answer)


def test_rush_hour_is_busier_than_night(model: Model) -> None:
    columns = ["station_id", "hour", "temp_c", "dow"]
    rush, night = model.predict(Split(columns, [["72", 8, 20.5, 2], ["72", 3, 20.5, 2]]))
    assert rush > 3 * night > 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["72", 24, 20.5, 2], "hour: got 24; allowed: 0 to 23"),
        (["72", 8, 20.5, 7], "dow: got 7; allowed: 0 to 6"),
        (["72", 8, 99.0, 2], "temp_c: got 99.0; allowed: -60 to 60"),
        (["7", 8, 20.5, 2], "station_id: got '7'; the model knows 12, 31, 47, 58, 72, 86, 93, 104"),
        ([72, 8, 20.5, 2], "station_id in row 0 is 72, not a string"),
    ],
)
def test_input_that_the_model_does_not_take(start: Start, model: Model, row: list[object], said: str) -> None:
    frame = {"columns": ["station_id", "hour", "temp_c", "dow"], "data": [row]}
    answer = invoke(start(model), json.dumps({"dataframe_split": frame}).encode())
    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert said in str(answer.body["message"])


def test_an_answer_that_is_no_number_is_an_error(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    for values in ([float("nan")], [1.0, 2.0]):
        monkeypatch.setattr(model._model, "predict", lambda _frame, values=values: values)
        with pytest.raises(ValueError, match="the model answered"):
            model.predict(Split(["station_id", "hour", "temp_c", "dow"], [["72", 8, 20.5, 2]]))


def test_the_archive_has_the_model_at_its_top(model_dir: Path, tmp_path: Path) -> None:
    archive = tmp_path / "model.tar.gz"
    digest = package.package(model_dir, archive)
    assert digest == hashlib.sha256(archive.read_bytes()).hexdigest()
    # The time in the header of gzip: two archives made in the same second would agree by chance.
    assert archive.read_bytes()[4:8] == bytes(4)
    with tarfile.open(archive) as tar:
        assert {"MLmodel", "pyfunc_model.py", "artifacts/estimator.joblib"} <= set(tar.getnames())
        assert all(entry.isfile() and entry.mode == 0o644 for entry in tar.getmembers())
        tar.extractall(tmp_path / "opt", filter="data")
    assert Model(tmp_path / "opt").uuid == Model(model_dir).uuid


def test_what_cannot_be_packed(model_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert package.main(["--model", str(tmp_path), "--output", str(tmp_path / "m.tar.gz")]) == 2
    assert "holds no MLmodel" in capsys.readouterr().out
    assert package.main(["--model", str(model_dir), "--output", str(tmp_path / "m.zip")]) == 2
    assert "ends in .tar.gz" in capsys.readouterr().out
    copy = tmp_path / "copy"
    shutil.copytree(model_dir, copy)
    (copy / "link").symlink_to("/etc/hostname")
    assert package.main(["--model", str(copy), "--output", str(tmp_path / "m.tar.gz")]) == 2
    assert "remove" in capsys.readouterr().out


def test_a_model_in_a_folder_of_its_own_is_explained(model_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(model_dir, tmp_path / "model")
    with pytest.raises(FileNotFoundError, match=r"found: model\); model.tar.gz must have it at its top"):
        load_mlflow(tmp_path)


def test_a_model_of_another_scikit_learn_is_refused(
    model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_dir, folder)
    estimator = joblib.load(folder / "artifacts/estimator.joblib")
    with monkeypatch.context() as patch:
        # What an estimator of that version would carry in its pickle.
        patch.setattr("sklearn.base.__version__", "1.0.0")
        joblib.dump(estimator, folder / "artifacts/estimator.joblib")
    with pytest.raises(Exception, match=r"from version 1\.0\.0 when using version"):
        Model(folder)
