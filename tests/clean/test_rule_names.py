"""The names of rules stand in the audits of old releases: a rule that changes its mind gets a new version."""

from __future__ import annotations

from corpus.clean import metadata
from corpus.clean.boilerplate.model.network import shipped
from corpus.clean.boilerplate.rules import captions, glued, replies, sections, teasers, widgets

ROOMS = (captions, glued, metadata, replies, sections, teasers, widgets)
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
    "photo_caption_v1",
    "related_section_v1",
    "repeated_caption_v1",
    "repeated_headline_v1",
    "replies_v1",
    "share_bar_v1",
    "site_footer_v1",
    "url_line_v1",
}


def test_the_rules_are_the_published_ones() -> None:
    names = [value for room in ROOMS for value in vars(room).values() if str(value).endswith("_v1")]
    assert sorted(names) == sorted(PUBLISHED)


def test_the_line_model_has_a_name_of_the_same_form() -> None:
    assert shipped().name == "line_model_v1"
