"""Routes by which a client makes repos, tags and branches, shortens histories, and asks who it is."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.hub.call import REPO, REVISION, Answer, Call, RefusedError, routes
from tests.hub.repos import NONE, Repo, StaleError

_NAME = r"(?P<name>[^/]+)"
_FRONT_MATTER = re.compile(r"---\s*\n(?P<yaml>.*?)\n---\s*(?:\n|$)", re.DOTALL)


def _whoami(call: Call) -> Answer:
    account = call.known_account()
    role = "write" if account.may_write else "read"
    return Answer.json(
        {
            "type": "user",
            "id": account.name,
            "name": account.name,
            "fullname": account.name,
            "orgs": [{"type": "org", "name": name, "roleInOrg": "write"} for name in account.organisations],
            "auth": {"type": "access_token", "accessToken": {"displayName": "press", "role": role}},
        }
    )


def _asked_for(call: Call) -> tuple[str, str, str]:
    """Kind and id of the repo that the body of a call names, where whoever asks may write; and what kind it is."""
    body = call.json()
    account = call.known_account()
    kind = body.get("type") or "model"
    namespace = body.get("organization") or account.name
    if not account.belongs_to(namespace):
        message = f'You don\'t have the rights to create a {kind} under the namespace "{namespace}"'
        raise RefusedError(403, message=message)
    call.may_write(account)
    if not re.fullmatch(r"[\w.-]{1,96}", body["name"]):
        raise RefusedError(400, message=f"Invalid repo name: {body['name']}")
    return f"{kind}s", f"{namespace}/{body['name']}", kind


def _create(call: Call) -> Answer:
    kind, repo_id, called = _asked_for(call)
    body = call.json()
    private = body.get("visibility") == "private" or body.get("private") is True
    url = f"{call.server.endpoint}/{f'{kind}/' if kind != 'models' else ''}{repo_id}"
    try:
        call.server.repos.create(repo_id, private=private, kind=kind)
    except FileExistsError:
        return Answer.json({"error": f"You already created this {called} repo", "url": url}, status=409)
    return Answer.json({"url": url, "name": repo_id, "id": repo_id, "private": private})


def _delete(call: Call) -> Answer:
    kind, repo_id, _ = _asked_for(call)
    call.writable(f"{kind}/{repo_id}")
    call.server.repos.delete(f"{kind}/{repo_id}")
    return Answer.json({})


def _new_ref(call: Call, found: Repo, ref: str, revision: str, taken: str) -> Answer:
    commit = call.commit_of(found, revision)
    if found.git("check-ref-format", "--normalize", f"{ref}").decode().strip() != ref:
        raise RefusedError(400, message=f"Invalid name: {ref}")
    try:
        found.move(ref, commit, NONE)
    except StaleError as error:
        raise RefusedError(409, message=taken) from error
    return Answer.json({})


def _no_ref(found: Repo, kind: str, name: str) -> Answer:
    commit = found.refs(kind).get(name)
    if commit is None:
        raise RefusedError(404, "RevisionNotFound", f"Invalid rev id: {name}")
    found.move(f"refs/{kind}/{name}", None, commit)
    return Answer.json({})


def _tag(call: Call, repo: str, revision: str) -> Answer:
    found = call.writable(repo)
    return _new_ref(call, found, f"refs/tags/{call.json()['tag']}", revision, "Tag reference exists already")


def _untag(call: Call, repo: str, name: str) -> Answer:
    return _no_ref(call.writable(repo), "tags", name)


def _branch(call: Call, repo: str, name: str) -> Answer:
    found = call.writable(repo)
    start = call.json().get("startingPoint", "main")
    return _new_ref(call, found, f"refs/heads/{name}", start, "Reference already exists")


def _unbranch(call: Call, repo: str, name: str) -> Answer:
    found = call.writable(repo)
    if name == "main":
        raise RefusedError(403, message="Cannot delete the default branch")
    return _no_ref(found, "heads", name)


def _squash(call: Call, repo: str, revision: str) -> Answer:
    """One commit without parent, of the same tree, in place of all of a branch."""
    found = call.writable(repo)
    with found.lock:
        head = found.refs("heads").get(revision)
        if head is None:
            raise RefusedError(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        squashed = found.write_tree(call.json()["message"], f"{head}^{{tree}}", [], call.known_account().name)
        found.move(f"refs/heads/{revision}", squashed, head)
    return Answer.json({})


def _validate_yaml(call: Call) -> Answer:
    """Whether the metadata of a card are a mapping in YAML; what its fields may hold, the Hub alone knows."""

    def told(*errors: str, warnings: tuple[str, ...] = ()) -> Answer:
        found: dict[str, Any] = {
            "errors": [{"message": m} for m in errors],
            "warnings": [{"message": m} for m in warnings],
        }
        return Answer.json(found, status=400 if errors else 200)

    found = _FRONT_MATTER.match(call.json()["content"])
    if found is None:
        return told(warnings=("empty or missing yaml metadata in repo card",))
    try:
        metadata = yaml.safe_load(found["yaml"])
    except yaml.YAMLError as error:
        return told(f"Failed to parse YAML metadata: {error}")
    return told() if isinstance(metadata, dict) else told("YAML metadata must be an object")


ROUTES = routes(
    ("GET", "/api/whoami-v2", _whoami),
    ("POST", "/api/validate-yaml", _validate_yaml),
    ("POST", "/api/repos/create", _create),
    ("DELETE", "/api/repos/delete", _delete),
    ("POST", f"/api/{REPO}/tag/{REVISION}", _tag),
    ("DELETE", f"/api/{REPO}/tag/{_NAME}", _untag),
    ("POST", f"/api/{REPO}/branch/{_NAME}", _branch),
    ("DELETE", f"/api/{REPO}/branch/{_NAME}", _unbranch),
    ("POST", f"/api/{REPO}/super-squash/{REVISION}", _squash),
)
