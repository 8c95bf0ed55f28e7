"""Tags of a repo on the Hub, which only ever come and go, and never move."""

from __future__ import annotations

from huggingface_hub import HfApi, errors

from corpus.errors import ReleaseError
from corpus.hub.retrying import retrying


def set_tag(repo: str, tag: str, commit: str, message: str | None = None) -> None:
    """Set a tag, and see that it is where it belongs; it may be there already, as after an answer that was lost.

    Raises:
        UsageError: the Hub refuses it.
        ReleaseError: it is at another commit, or the Hub does not work.
    """
    api = HfApi()

    def create() -> None:
        try:
            api.create_tag(repo, tag=tag, tag_message=message, revision=commit, repo_type="dataset")
        except errors.HfHubHTTPError as error:
            if error.response.status_code != 409:
                raise

    retrying(repo, create)
    refs = retrying(repo, lambda: api.list_repo_refs(repo, repo_type="dataset"))
    target = next((ref.target_commit for ref in refs.tags if ref.name == tag), None)
    if target != commit:
        raise ReleaseError(
            f"{repo}: the tag {tag} is at {target} and not at {commit}: somebody else has set it meanwhile"
        )
