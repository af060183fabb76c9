"""Packs a model as SageMaker wants it: `python -m bikeshare.package --model model --output model.tar.gz`.

SageMaker unpacks the archive into /opt/ml/model, so the model's files stand at the archive's top. The same
files give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import logging
import sys
import tarfile
from pathlib import Path

from bikeshare.logs import event, start_logging

FILE_MODE = 0o644


class PackagingError(ValueError):
    """The folder cannot be packed."""


def package(folder: Path, archive: Path) -> str:
    """Write the archive and return its SHA-256 in hex; raises PackagingError."""
    files = list_files(folder)
    if archive.suffixes[-2:] != [".tar", ".gz"]:
        raise PackagingError(f"output: got {archive.name}; allowed: a name that ends in .tar.gz")
    # No name and no time in the header of gzip: they would differ for the same model.
    with (
        archive.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for file in files:
            entry = tarfile.TarInfo(file.relative_to(folder).as_posix())
            entry.size = file.stat().st_size
            entry.mode = FILE_MODE
            with file.open("rb") as content:
                tar.addfile(entry, content)
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def list_files(folder: Path) -> list[Path]:
    """The model's files in a fixed order; raises PackagingError for what is no model or cannot travel."""
    if not (folder / "MLmodel").is_file():
        raise PackagingError(f"model: {folder} holds no MLmodel; write one with python -m bikeshare.train")
    entries = sorted(folder.rglob("*"))
    odd = [str(entry) for entry in entries if entry.is_symlink() or not (entry.is_file() or entry.is_dir())]
    if odd:
        raise PackagingError(f"model: only files and folders can be packed; remove {', '.join(odd)}")
    return [entry for entry in entries if entry.is_file()]


def main(arguments: list[str]) -> int:
    """Pack and log the digest; 2 for a folder that cannot be packed."""
    start_logging()
    parser = argparse.ArgumentParser(prog="python -m bikeshare.package")
    parser.add_argument("--model", type=Path, default=Path("model"), help="folder to pack (default: model)")
    parser.add_argument("--output", type=Path, default=Path("model.tar.gz"), help="default: model.tar.gz")
    options = parser.parse_args(arguments)
    try:
        digest = package(options.model, options.output)
    except PackagingError as error:
        event(logging.ERROR, "packaging_failed", reason=str(error))
        return 2
    size = options.output.stat().st_size
    event(logging.INFO, "packaged", archive=str(options.output), sha256=digest, bytes=size)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
