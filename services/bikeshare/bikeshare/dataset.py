"""A small made-up data set: hourly rentals at eight stations, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pandas as pd

FEATURES = ("station_id", "hour", "temp_c", "dow")
TARGET = "rentals"
SEED = 20_240_601
ROWS = 6_000

# Rentals in an average hour. Stations are text, as in public bike-share feeds.
STATION_RATES = {
    "12": 3.0,
    "31": 5.0,
    "47": 6.5,
    "58": 8.0,
    "72": 11.0,
    "86": 13.0,
    "93": 4.0,
    "104": 9.0,
}
SATURDAY = 5


def make_dataset(seed: int = SEED, rows: int = ROWS) -> pd.DataFrame:
    """FEATURES and TARGET. `dow` is 0 for Monday, `temp_c` is in degrees Celsius."""
    draw = np.random.default_rng(seed)
    hour = draw.integers(0, 24, rows)
    dow = draw.integers(0, 7, rows)
    temp_c = np.round(draw.normal(14 + 5 * np.sin((hour - 9) * np.pi / 12), 7, rows), 1)
    station = draw.choice(list(STATION_RATES), rows)
    base = np.array([STATION_RATES[name] for name in station])
    rate = base * _daily_course(hour, dow >= SATURDAY) * _weather(temp_c)
    columns = {"station_id": station, "hour": hour, "temp_c": temp_c, "dow": dow, TARGET: draw.poisson(rate)}
    return pd.DataFrame(columns).astype({"station_id": object})


def _daily_course(hour: np.ndarray, weekend: np.ndarray) -> np.ndarray:
    """Two rush hours on working days, one long afternoon at weekends."""
    working = 0.2 + 1.8 * _bump(hour, 8, 1.5) + 2.0 * _bump(hour, 17.5, 2.0)
    free = 0.2 + 1.6 * _bump(hour, 14, 4.0)
    return np.where(weekend, free, working)


def _bump(hour: np.ndarray, centre: float, width: float) -> np.ndarray:
    return np.exp(-0.5 * ((hour - centre) / width) ** 2)


def _weather(temp_c: np.ndarray) -> np.ndarray:
    """Most rentals at 22 degrees; cold keeps more people away than heat."""
    distance = temp_c - 22
    return np.exp(-0.5 * (distance / np.where(distance < 0, 16, 10)) ** 2)
