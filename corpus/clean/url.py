"""Addresses: one canonical form for a page, and the site that it belongs to."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(r"utm_|mc_|pk_|hsa_|(?:fbclid|gclid|dclid|msclkid|yclid|igshid|zarsrc|ref_src|_ga)$")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@lru_cache(maxsize=1024)  # id and site of a document both rest on it
def canonical_url(url: str) -> str:
    """One form for all addresses of a page.

    Scheme and host in lower case, no default port, no fragment, no tracking parameters, `/` for an empty path,
    https for http. A string that is no http address is answered as it is, without white space around it.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return url
    host = parts.hostname.rstrip(".")
    if port is not None and f":{port}" not in _DEFAULT_PORTS.values():
        host = f"{host}:{port}"
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)]
    return urlunsplit(("https", host, parts.path or "/", urlencode(query), ""))


def site_of(url: str) -> str | None:
    """Host of an http address in lower case, without `www.`; None for anything else."""
    host = urlsplit(canonical_url(url)).hostname if url.strip().lower().startswith(("http://", "https://")) else None
    return host.removeprefix("www.") if host else None


def hosts_of(site: str) -> list[str]:
    """A site and the hosts above it: what is said of one of these holds for the site too."""
    labels = site.split(".")
    return [".".join(labels[step:]) for step in range(len(labels))]
