"""The model's code. MLflow copies this file into the model and runs it on loading ("models from code"):
it must not import anything from this package.

See https://mlflow.org/docs/latest/ml/model/models-from-code/
"""

from __future__ import annotations

import warnings
from typing import Any

import joblib
import mlflow
import numpy as np
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.pyfunc import PythonModel, PythonModelContext
from sklearn.exceptions import InconsistentVersionWarning

ESTIMATOR = "estimator"
RANGES = {"hour": (0, 23), "dow": (0, 6), "temp_c": (-60, 60)}
SHOWN_VALUES = 3


class BikeshareModel(PythonModel):
    """Rentals per hour at a station."""

    def load_context(self, context: PythonModelContext) -> None:
        """Read the estimator; refuses one that another version of scikit-learn wrote."""
        with warnings.catch_warnings():
            # Only a warning to scikit-learn, but its predictions may differ silently.
            warnings.simplefilter("error", InconsistentVersionWarning)
            self._estimator = joblib.load(context.artifacts[ESTIMATOR])
        self._stations = set(
            self._estimator.named_steps["columns"].named_transformers_["station"].categories_[0]
        )

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> np.ndarray:
        """One number per row; raises MlflowException, INVALID_PARAMETER_VALUE, for values out of range."""
        faults = self._faults(model_input)
        if faults:
            raise MlflowException.invalid_parameter_value("; ".join(faults))
        return self._estimator.predict(model_input)

    def _faults(self, rows: pd.DataFrame) -> list[str]:
        faults = [
            f"{name}: got {_some(rows[name][~rows[name].between(low, high)])}; allowed: {low} to {high}"
            for name, (low, high) in RANGES.items()
            if not rows[name].between(low, high).all()
        ]
        unknown = rows["station_id"][~rows["station_id"].isin(self._stations)]
        if len(unknown) > 0:
            known = ", ".join(sorted(self._stations, key=int))
            faults.append(f"station_id: got {_some(unknown)}; the model knows {known}")
        return faults


def _some(values: pd.Series) -> str:
    """A few of the values, so that a large batch does not make a large message."""
    distinct = values.drop_duplicates().tolist()
    shown = ", ".join(repr(value) for value in distinct[:SHOWN_VALUES])
    return shown if len(distinct) <= SHOWN_VALUES else f"{shown} and {len(distinct) - SHOWN_VALUES} more"


mlflow.models.set_model(BikeshareModel())
