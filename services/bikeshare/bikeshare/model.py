"""A loaded MLflow model."""

from __future__ import annotations

from pathlib import Path

import mlflow.pyfunc
import numpy as np
from mlflow.exceptions import MlflowException

from bikeshare.errors import mismatch
from bikeshare.payload import Split
from bikeshare.signature import check_schema, to_frame

CLIENT_FAULTS = range(400, 500)


class Model:
    """Thread-safe: prediction changes nothing."""

    def __init__(self, folder: Path) -> None:
        """Load from a folder with an `MLmodel`; raises whatever keeps the model from being used."""
        self._model = mlflow.pyfunc.load_model(str(folder))
        self._schema = check_schema(self._model.metadata.get_input_schema())

    @property
    def uuid(self) -> str:
        """Which model this is; `bikeshare.train` derives it from the estimator."""
        return str(self._model.metadata.model_uuid)

    def predict(self, split: Split) -> list[float]:
        """One finite number per row; raises Refused for input that the model does not take."""
        frame = to_frame(split, self._schema)
        try:
            answer = np.asarray(self._model.predict(frame), dtype=float)
        except MlflowException as error:
            if error.get_http_status_code() in CLIENT_FAULTS:
                raise mismatch(error.message) from error
            raise
        if answer.shape != (len(split.data),) or not np.isfinite(answer).all():
            raise ValueError(
                f"the model answered {answer.shape} for {len(split.data)} rows, or with no number"
            )
        return answer.tolist()
