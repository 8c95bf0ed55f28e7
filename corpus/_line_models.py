"""Line models in files of their own, beside the one that comes with the program."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from corpus.clean.boilerplate.model.features import feature_names
from corpus.clean.boilerplate.model.network import Network
from corpus.errors import UsageError


def load_line_model(path: Path) -> tuple[Network, str]:
    """Read a line model that `corpus train` wrote; answers it and the SHA-256 of the file.

    Raises:
        UsageError: it cannot be read, is no line model, or was fitted on other features.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; `corpus train` makes a line model") from None
    return _load(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _load(path: Path, mtime_ns: int, size: int) -> tuple[Network, str]:  # noqa: ARG001 - they tell states of a file apart
    try:
        raw = path.read_bytes()
        network = Network.from_json(raw.decode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"{path}: not a line model: {error}") from None
    if network.features != feature_names():
        raise UsageError(f"{path}: fitted by another version of the program; run `corpus train` again")
    return network, hashlib.sha256(raw).hexdigest()
