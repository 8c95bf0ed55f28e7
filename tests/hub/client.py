"""The real client of the Hub in a process of its own that answers one expression after another.

A start of it costs seconds; tests of the server share one.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

from tests.hub.hub_helpers import Hub

_LOOP = """
import json, os, sys
from concurrent.futures import ThreadPoolExecutor
from huggingface_hub import *
from huggingface_hub.utils import build_hf_headers, disable_progress_bars

disable_progress_bars()
answers, sys.stdout = sys.stdout, sys.stderr
api = HfApi()

def add(path, content):
    return CommitOperationAdd(path, content.encode() if isinstance(content, str) else content)

def remove(path):
    return CommitOperationDelete(path)

def commit(repo, *operations, message="change", **how):
    return api.create_commit(repo, operations, commit_message=message, repo_type="dataset", **how)

def raw(method, url, **how):
    url = url if url.startswith("http") else os.environ["HF_ENDPOINT"] + url
    response = get_session().request(method, url, headers=how.pop("headers", build_hf_headers()), **how)
    return [response.status_code, response.text, dict(response.headers)]

def race(*calls):
    with ThreadPoolExecutor(len(calls)) as pool:
        return [told.result() for told in [pool.submit(attempt, call) for call in calls]]

def command(*arguments):
    from click.testing import CliRunner
    from corpus.cli import main
    done = CliRunner().invoke(main, arguments, prog_name="corpus")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return [done.exit_code, done.stdout, done.stderr]

def attempt(call):
    try:
        return {"answer": call()}
    except Exception as error:
        status = getattr(getattr(error, "response", None), "status_code", None)
        return {"error": [type(error).__name__, status, str(error)]}

for line in sys.stdin:
    asked = json.loads(line)
    os.environ.pop("HF_TOKEN", None)
    os.environ.update({"HF_TOKEN": asked["token"]} if asked["token"] else {})
    told = attempt(lambda: eval(asked["expression"]))
    print(json.dumps(told, default=lambda value: getattr(value, "__dict__", str(value))), file=answers, flush=True)
"""

_PATIENCE_S = 120


class Client:
    """Asks with one token until another is set."""

    def __init__(self, hub: Hub) -> None:
        self.token: str | None = None
        self._log = (hub.folder / "client.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LOOP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=hub.environment(),
        )

    def __call__(self, expression: str) -> Any:
        """What an expression answers, as JSON would."""
        told = self._ask(expression)
        assert "answer" in told, told
        return told["answer"]

    def refusal(self, expression: str) -> tuple[str, int | None, str]:
        """The error that an expression raises: its name, the status of the Hub's answer if there was one, its text."""
        told = self._ask(expression)
        assert "error" in told, told
        name, status, text = told["error"]
        return name, status, text

    def _ask(self, expression: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({"expression": expression, "token": self.token}), file=self._process.stdin, flush=True)
        if not select.select([self._process.stdout], [], [], _PATIENCE_S)[0]:
            self._process.kill()
            raise TimeoutError(f"no answer to {expression}")
        return json.loads(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()
        self._log.close()
