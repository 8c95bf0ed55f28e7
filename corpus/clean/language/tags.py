"""Tags of BCP-47 for what detectors call languages."""

from __future__ import annotations

import re

_TAGS = {
    "als": "gsw",  # Wikipedia's name; `als` itself is Tosk Albanian
    "bat-smg": "sgs",
    "iw": "he",
    "nb": "no",
    "sh": "sr-Latn",
    "zh-cn": "zh-Hans",
    "zh-tw": "zh-Hant",
}
_HAN = re.compile("[\u3400-\u9fff]+")
_LATIN = re.compile("[A-Za-z]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def tag_of(name: str) -> str:
    """The tag of a language by the name that a detector has for it.

    Norwegian is `no`: langdetect's profile calls Nynorsk and Bokmål the same, so that `nb` would promise too much.
    """
    return _TAGS.get(name, name)


def written(tag: str, text: str) -> str:
    """A tag with the script where a language is written in two: `zh-Hans`, `zh-Hant`, and `sr-Latn` beside `sr`."""
    if tag == "zh":
        return "zh-Hant" if _is_traditional(text) else "zh-Hans"
    if tag == "sr" and len(_LATIN.findall(text)) > len(_CYRILLIC.findall(text)):
        return "sr-Latn"
    return tag


def _is_traditional(text: str) -> bool:
    """Whether more ideographs are in Taiwan's character set than in mainland China's."""
    han = "".join(_HAN.findall(text))
    return len(han.encode("big5", "ignore")) > len(han.encode("gb2312", "ignore"))
