"""What a picture leaves behind when only the text of a page is kept.

- `image_name_v1`: a file name such as `photo_12.jpg` alone on a line
- `photo_caption_v1`: a caption that ends with its photographer, `(Photo: N. N.)`
- `repeated_caption_v1`: a caption that occurs several times, with a photographer or under a file name; every
  copy goes
"""

from __future__ import annotations

import re
from functools import cache

from corpus.clean.boilerplate.lines.page import Page
from corpus.clean.boilerplate.lines.phrases import words_before

IMAGE_NAME = "image_name_v1"
PHOTO_CAPTION = "photo_caption_v1"
REPEATED_CAPTION = "repeated_caption_v1"

MAX_CAPTION_WIDTH = 300
_FILE_NAME = re.compile(r"[^\s/][^/]{0,120}\.(?:jpe?g|png|gif|webp|svg|bmp|avif|tiff?)", re.IGNORECASE)
_MARKS = re.compile(r"[:：/©(\[（|]")
_NUMBERED = re.compile(r".{1,200} [-–] (?:ảnh|hình|photo|foto|image|bild) \d{1,3}\.?", re.IGNORECASE)


def captions(page: Page) -> dict[int, str]:
    """Captions and image names, by index."""
    taken: dict[int, str] = {}
    under_name = False
    for index, line in enumerate(page.lines):
        if is_image_name(line.text):
            taken[index] = IMAGE_NAME
            under_name = True
            continue
        if line.width <= MAX_CAPTION_WIDTH and has_photo_credit(line.text):
            taken[index] = REPEATED_CAPTION if line.copies > 1 else PHOTO_CAPTION
        elif under_name and index in page.core and line.headline and not line.prose and line.copies > 1:
            taken[index] = REPEATED_CAPTION
        under_name = False
    return taken


def is_image_name(text: str) -> bool:
    """Whether a line is nothing but the name of an image file."""
    return len(text) <= 130 and text.count(" ") <= 8 and bool(_FILE_NAME.fullmatch(text))


def has_photo_credit(text: str) -> bool:
    """Whether a line ends as captions do: `... (Photo: N. N.)`, `... Photo: N. N.`, `... - Photo 3.`"""
    if len(text) > MAX_CAPTION_WIDTH:
        return False
    # Most lines have none of the marks, and the search over all words of all languages is slow.
    marked = _MARKS.search(text) is not None
    return (marked and bool(_credit_pattern().search(text.casefold()))) or bool(_NUMBERED.fullmatch(text))


@cache
def _credit_pattern() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in words_before("photo"))
    # In brackets a colon or slash may be missing; without brackets the name is short and nothing follows it.
    return re.compile(
        rf"[(\[（]\s*(?:{words})\s*(?:[:：/©]|by\b|\)|[-–])[^()\[\]（）]{{0,80}}[)\]）]?[.\s]*$"
        rf"|(?:^|[\s.!?…|])(?:{words})\s*[:：©]\s*[^:.!?]{{1,60}}\.?$"
        r"|[|(/]\s*(?:getty images|reuters|afp|dpa|ap|epa|imago[^)]{0,20})[^)]{0,30}\)?$"
    )
