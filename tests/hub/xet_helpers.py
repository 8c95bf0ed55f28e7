"""What tests of Xet storage share: the real client, with Xet as it comes, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.hub.call import Seen
from tests.hub.hub_helpers import Hub
from tests.support import tree

XET = {"HF_HUB_DISABLE_XET": "", "HF_XET_CLIENT_RETRY_BASE_DELAY": "10ms", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
"""Xet is on, and what is tried again is so at once."""

_UPLOAD = """
from pathlib import Path
from huggingface_hub import CommitOperationAdd, HfApi
folder = Path({folder!r})
files = sorted(path for path in folder.rglob("*") if path.is_file())
adds = [CommitOperationAdd(path.relative_to(folder).as_posix(), path) for path in files]
def commit():
    return HfApi().create_commit({repo!r}, adds, commit_message="more", repo_type="dataset").oid
"""
_DOWNLOAD = """
from huggingface_hub import snapshot_download
out = snapshot_download({repo!r}, repo_type="dataset", local_dir={folder!r})
"""
_REFUSED = """
try:
    commit()
except Exception as error:
    out = [f"{type(error).__module__}.{type(error).__name__}", str(error)]
"""


def upload(hub: Hub, repo_id: str, files: dict[str, bytes], token: str, **environment: str) -> str:
    """Put files into a repo in one commit; answer it."""
    code = _UPLOAD.format(folder=_written(hub, files), repo=repo_id)
    return str(hub.python(f"{code}\nout = commit()", HF_TOKEN=token, **XET | environment))


def refused_upload(hub: Hub, repo_id: str, files: dict[str, bytes], token: str) -> tuple[str, str]:
    """Try so in vain; answer the class of the error and its message."""
    code = _UPLOAD.format(folder=_written(hub, files), repo=repo_id)
    kind, message = hub.python(f"{code}\n{_REFUSED}", HF_TOKEN=token, **XET)
    return kind, message


def start_upload(
    hub: Hub, repo_id: str, files: dict[str, bytes], token: str, **environment: str
) -> subprocess.Popen[str]:
    """Begin to put files into a repo."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{_UPLOAD.format(folder=_written(hub, files), repo=repo_id)}\ncommit()"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=hub.environment(HF_TOKEN=token, **XET | environment),
    )


def download(hub: Hub, repo_id: str, token: str, **environment: str) -> dict[str, bytes]:
    """The files of a repo but hidden ones, as a client gets them that has none yet."""
    hub.forget()
    folder = hub.folder / "downloaded"
    hub.python(_DOWNLOAD.format(repo=repo_id, folder=str(folder)), HF_TOKEN=token, **XET | environment)
    return {path: content for path, content in tree(folder).items() if not path.startswith(".")}


def sent(hub: Hub, method: str, part: str) -> list[Seen]:
    """The calls that came in, by a part of their path."""
    return [seen for seen in hub.server.seen if seen.method == method and part in seen.path]


def _written(hub: Hub, files: dict[str, bytes]) -> str:
    folder = hub.folder / f"files-{len(list(hub.folder.iterdir()))}"
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return str(Path(folder))
