"""The names of rules stand in the audits of old releases: a rule that changes its mind gets a new version."""

from __future__ import annotations

from corpus.clean import metadata
from corpus.clean.boilerplate import captions, frame, glued, sections, teasers, widgets

ROOMS = (captions, frame, glued, metadata, sections, teasers, widgets)
PUBLISHED = {
    "ad_label_v1",
    "byline_v1",
    "comment_counter_v1",
    "comment_section_v1",
    "counter_v1",
    "credit_line_v1",
    "date_line_v1",
    "glued_headlines_v1",
    "image_name_v1",
    "page_frame_v1",
    "photo_caption_v1",
    "related_section_v1",
    "repeated_caption_v1",
    "repeated_headline_v1",
    "share_bar_v1",
    "site_footer_v1",
    "url_line_v1",
}


def test_the_rules_are_the_published_ones() -> None:
    names = [value for room in ROOMS for value in vars(room).values() if str(value).endswith("_v1")]
    assert sorted(names) == sorted(PUBLISHED)
