"""A cleaned document knows which line of the repaired text each of its lines was."""

from __future__ import annotations

from corpus.clean import clean
from corpus.clean.cleaner import mend_all
from corpus.recipe import Clean, Cleaning, Privacy

PLAIN = Clean(boilerplate=False, metadata=False)
MASKED = Cleaning(clean=PLAIN, privacy=Privacy(mode="mask"))


def private_key(lines: int = 4) -> list[str]:
    return ["-----BEGIN " + "PRIVATE KEY-----", *["Ab3+" * 16] * lines, "-----END " + "PRIVATE KEY-----"]


def test_blank_lines_and_lines_that_went_are_counted(vietnamese: tuple[str, ...]) -> None:
    text = "\n".join(["", *vietnamese[:3], "", "Bình luận (0)", "", *vietnamese[3:]])
    assert clean(text).lines == (2, 3, 4, *range(8, 8 + len(vietnamese) - 3))


def test_they_are_lines_of_the_repaired_text() -> None:
    text = "Một\r\n\r\nHai\x0cBa\u2028Bốn"
    (mended,) = mend_all([text], Clean())
    lines = mended.text.split("\n")
    assert [lines[number - 1] for number in clean(text).lines] == ["Một", "Hai", "Ba", "Bốn"]


def test_an_empty_document_has_none() -> None:
    assert clean(" \n\n").lines == ()


def test_masking_within_a_line_changes_no_number() -> None:
    result = clean("Một\n\nViết cho an@thu.example nhé\nHai", options=MASKED)
    assert result.text == "Một\n\nViết cho [EMAIL] nhé\nHai"
    assert result.lines == (1, 3, 4)


def test_a_masked_private_key_is_the_line_that_it_began_on() -> None:
    result = clean("\n".join(["Một", *private_key(), "", "Hai"]), options=MASKED)
    assert result.text == "Một\n[SECRET]\n\nHai"
    assert result.lines == (1, 2, 9)


def test_what_stands_behind_a_masked_key_belongs_to_its_first_line() -> None:
    result = clean(
        "\n".join(["Khóa: " + private_key()[0], *private_key()[1:-1], private_key()[-1] + " hết", "Hai"]),
        options=MASKED,
    )
    assert result.text == "Khóa: [SECRET] hết\nHai"
    assert result.lines == (1, 7)


def test_two_keys_in_one_document() -> None:
    result = clean("\n".join([*private_key(), "Một", "", *private_key(6), "Hai"]), options=MASKED)
    assert result.text == "[SECRET]\nMột\n\n[SECRET]\nHai"
    assert result.lines == (1, 7, 9, 17)
