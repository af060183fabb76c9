"""Trains the model and writes it as an MLflow model: `python -m bikeshare.train --output model`.

The same sources and package versions give the same bytes, so that the hash of an artifact says what is in it.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import sys
import tempfile
import uuid
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import joblib
import mlflow.pyfunc
import numpy as np
import pandas as pd
from mlflow.models import Model, ModelSignature
from mlflow.types import ColSpec, Schema
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import mean_absolute_error
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder

from bikeshare.dataset import FEATURES, SEED, TARGET, make_dataset
from bikeshare.logs import event, start_logging

MODEL_CODE = Path(__file__).with_name("pyfunc_model.py")
SIGNATURE = ModelSignature(
    inputs=Schema(
        [
            ColSpec("string", "station_id"),
            ColSpec("long", "hour"),
            ColSpec("double", "temp_c"),
            ColSpec("long", "dow"),
        ]
    ),
    outputs=Schema([ColSpec("double")]),
)
# Also payload.json: a working day's rush hour, a mild night, a weekend afternoon.
SAMPLE = pd.DataFrame([["72", 8, 20.5, 2], ["12", 3, 11.0, 4], ["104", 15, 24.5, 6]], columns=list(FEATURES))
RUNTIME_PACKAGES = ("joblib", "mlflow-skinny", "numpy", "pandas", "scikit-learn")
HELD_BACK = 0.2
# Against always answering the mean. Below it, something is wrong with the data or the features.
LEAST_GAIN = 0.4
EPOCH = "1970-01-01 00:00:00.000000"


class TrainingError(RuntimeError):
    """The model is not good enough to be written."""


@dataclass(frozen=True)
class Quality:
    """Errors on rows that training did not see, in rentals per hour."""

    error: float
    error_of_mean: float

    @property
    def gain(self) -> float:
        """0: no better than the mean; 1: no error at all."""
        return 1 - self.error / self.error_of_mean


def new_estimator() -> Pipeline:
    """Rentals are counts, hence the Poisson loss; it also keeps predictions positive."""
    columns = ColumnTransformer([("station", OrdinalEncoder(), ["station_id"])], remainder="passthrough")
    booster = HistGradientBoostingRegressor(
        loss="poisson", categorical_features=[0], max_iter=120, random_state=SEED
    )
    return Pipeline([("columns", columns), ("booster", booster)])


def fit(rows: pd.DataFrame) -> tuple[Pipeline, Quality]:
    """Fit on the first rows, measure on the rest; raises TrainingError below LEAST_GAIN."""
    cut = int(len(rows) * (1 - HELD_BACK))
    seen, unseen = rows.iloc[:cut], rows.iloc[cut:]
    estimator = new_estimator().fit(seen[list(FEATURES)], seen[TARGET])
    mean = np.full(len(unseen), seen[TARGET].mean())
    quality = Quality(
        error=float(mean_absolute_error(unseen[TARGET], estimator.predict(unseen[list(FEATURES)]))),
        error_of_mean=float(mean_absolute_error(unseen[TARGET], mean)),
    )
    if quality.gain < LEAST_GAIN:
        raise TrainingError(
            f"the model is {quality.gain:.0%} better than the mean; allowed: {LEAST_GAIN:.0%} or more"
        )
    return estimator, quality


def save(estimator: Pipeline, folder: Path) -> None:
    """Write the MLflow model; the folder must not exist."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "estimator.joblib")
        joblib.dump(estimator, file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        mlflow.pyfunc.save_model(
            path=folder,
            python_model=str(MODEL_CODE),
            artifacts={"estimator": str(file)},
            signature=SIGNATURE,
            input_example=SAMPLE,
            pip_requirements=[f"{name}=={version(name)}" for name in RUNTIME_PACKAGES],
            mlflow_model=Model(model_uuid=uuid.UUID(digest[:32]).hex, utc_time_created=EPOCH),
        )
    _forget_places(folder)


def _forget_places(folder: Path) -> None:
    """MLflow notes where files came from; only their names are read again on loading."""
    model = Model.load(folder)
    flavor = model.flavors[mlflow.pyfunc.FLAVOR_NAME]
    flavor["model_code_path"] = MODEL_CODE.name
    for artifact in flavor["artifacts"].values():
        artifact["uri"] = artifact["path"]
    model.save(folder / "MLmodel")


def main(arguments: list[str]) -> int:
    """Train and save; 1 when the model is not good enough, 2 when the output exists."""
    start_logging()
    parser = argparse.ArgumentParser(prog="python -m bikeshare.train")
    parser.add_argument("--output", type=Path, default=Path("model"), help="folder to write (default: model)")
    folder: Path = parser.parse_args(arguments).output
    if folder.exists():
        event(
            logging.ERROR, "output_exists", folder=str(folder), change="remove it, or choose another --output"
        )
        return 2
    try:
        estimator, quality = fit(make_dataset())
    except TrainingError as error:
        event(logging.ERROR, "training_failed", reason=str(error))
        return 1
    save(estimator, folder)
    event(
        logging.INFO,
        "trained",
        folder=str(folder),
        error=round(quality.error, 3),
        error_of_mean=round(quality.error_of_mean, 3),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
