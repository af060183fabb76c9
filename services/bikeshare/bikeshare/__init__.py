"""Predicts how many bikes are rented at a station within an hour, behind SageMaker's container contract."""

import os

# MLflow reports its use to its makers unless told otherwise, and reads this when it is imported.
# See https://mlflow.org/docs/latest/community/usage-tracking/
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

# Requests are served side by side already, and training adds up in the same order everywhere.
os.environ.setdefault("OMP_NUM_THREADS", "1")
