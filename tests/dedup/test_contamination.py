"""Which documents hold evaluation data, and where."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from corpus.dedup.contamination import (
    Grams,
    find_hits,
    grams_table,
    hit_lines,
    ngrams,
    read_items,
    read_words,
    summarize,
)
from corpus.dedup.reading import groups_of

QUESTION = "Con kênh nào ở xã Vĩnh Hòa được đào trước mùa nước nổi năm ấy?"
"""15 words."""
OTHERS = "Chợ huyện họp mỗi tuần hai phiên."


def made(benchmarks: dict[str, Sequence[str]], size: int = 13) -> Grams:
    return Grams.of(grams_table([read_items(items, size) for items in benchmarks.values()]), size, list(benchmarks))


def found(documents: Sequence[str], grams: Grams) -> list[tuple[int, str, int, list[int]]]:
    """Document, benchmark, n-grams and items of all that is found."""
    hits = find_hits(read_words(documents).words, grams)
    return [(each.doc, each.benchmark, each.ngrams, each.items) for each in summarize(hits, grams)]


def lines(document: str, grams: Grams) -> list[int]:
    batch = read_words([document])
    return [line.index for line in hit_lines(batch, find_hits(batch.words, grams), grams)]


def words(count: int, start: int = 0) -> str:
    return " ".join(f"w{number}" for number in range(start, start + count))


class TestHit:
    def test_thirteen_words_in_a_row_are_one_and_twelve_are_none(self) -> None:
        grams = made({"quiz": [words(20)]})
        assert found([f"{OTHERS} {words(12, 3)} {OTHERS}"], grams) == []
        assert found([f"{OTHERS} {words(13, 3)} {OTHERS}"], grams) == [(0, "quiz", 1, [0])]

    def test_different_ngrams_are_counted_not_places(self) -> None:
        grams = made({"quiz": [words(20)]})
        assert found([f"{words(15)} and {words(15)}"], grams) == [(0, "quiz", 3, [0])]

    def test_case_and_punctuation_do_not_hide_it(self) -> None:
        shouted = QUESTION.upper().replace(" ", ", ").replace("?", "…")
        assert found([shouted], made({"quiz": [QUESTION]})) == [(0, "quiz", 3, [0])]

    def test_width_does_not_hide_it(self) -> None:
        wide = words(13).translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
        assert found([wide], made({"quiz": [words(13)]})) == [(0, "quiz", 1, [0])]

    def test_where_tone_marks_stand_does_not_hide_it(self) -> None:
        assert found([QUESTION.replace("Hòa", "Hoà")], made({"quiz": [QUESTION]})) == [(0, "quiz", 3, [0])]

    def test_it_may_go_over_line_breaks(self) -> None:
        assert found([QUESTION.replace(" ", "\n\n")], made({"quiz": [QUESTION]})) == [(0, "quiz", 3, [0])]
        assert found([QUESTION], made({"quiz": [QUESTION.replace(" ", "\n")]})) == [(0, "quiz", 3, [0])]

    def test_it_does_not_go_from_one_document_or_item_into_the_next(self) -> None:
        assert found([words(7), words(7, 7)], made({"quiz": [words(14)]})) == []
        assert found([words(14)], made({"quiz": [words(7), words(7, 7), words(13, 50)]})) == []

    def test_a_changed_word_parts_it(self) -> None:
        assert found([words(20).replace("w10", "v10")], made({"quiz": [words(20)]})) == []

    def test_scripts_without_spaces_have_a_word_to_a_letter(self) -> None:
        grams = made({"quiz": ["村民用三年時間在大運河上修建了一座橋"]})
        assert found(["據說村民用三年時間在大運河上修建"], grams) == [(0, "quiz", 2, [0])]

    def test_it_counts_for_every_benchmark_and_item_that_has_it(self) -> None:
        grams = made({"one": [words(13)], "two": [words(14), OTHERS, words(13)]})
        assert found(["", words(14)], grams) == [(1, "one", 1, [0]), (1, "two", 2, [0, 2])]

    def test_it_says_what_it_is(self) -> None:
        grams = made({"one": [words(15)], "two": [words(13), words(14)]})
        hits = find_hits(read_words([words(13)]).words, grams)
        assert [str(each) for each in summarize(hits, grams)] == ["one: 1 n-gram, 1 item", "two: 1 n-gram, 2 items"]

    def test_no_documents_and_no_ngrams_give_none(self) -> None:
        assert found([], made({"quiz": [words(13)]})) == []
        assert found([words(20)], made({"quiz": [words(5)]})) == []


class TestLines:
    def test_whole_lines_are_named_by_their_place_among_those_that_are_not_blank(self) -> None:
        document = f"\n{OTHERS}\n \n\n{OTHERS} {QUESTION} {OTHERS}\n\n{OTHERS}"
        assert lines(document, made({"quiz": [QUESTION]})) == [1]

    def test_all_lines_that_it_goes_over_are_named_but_for_those_without_words(self) -> None:
        document = f"{OTHERS}\n{words(6)}\n---\n{words(7, 6)} {OTHERS}\n{OTHERS}"
        assert lines(document, made({"quiz": [words(13)]})) == [1, 3]

    def test_each_line_knows_its_benchmarks(self) -> None:
        grams = made({"one": [words(13)], "two": [words(13, 20), words(13)]})
        batch = read_words([OTHERS, f"{words(13)}\n{words(13, 20)}"])
        named = [
            (line.doc, line.index, line.benchmarks) for line in hit_lines(batch, find_hits(batch.words, grams), grams)
        ]
        assert named == [(1, 0, ("one", "two")), (1, 1, ("two",))]


class TestCommon:
    TEMPLATE = "Chọn phương án đúng nhất trong bốn phương án dưới đây để trả lời câu hỏi:"

    def test_what_begins_in_more_than_ten_lines_does_not_count(self) -> None:
        items = [f"{self.TEMPLATE} {words(15, 100 * number)}" for number in range(11)]
        assert found([self.TEMPLATE], made({"quiz": items[:10]})) == [(0, "quiz", 4, list(range(10)))]
        assert found([self.TEMPLATE], made({"quiz": items})) == []
        assert found([items[4]], made({"quiz": items})) == [(0, "quiz", 15, [4])]

    def test_an_instruction_of_most_items_does_not_count_though_it_is_one_line(self) -> None:
        items = [f"{self.TEMPLATE}\n{words(15, 100 * number)}" for number in range(20)]
        assert found([self.TEMPLATE], made({"quiz": items[:19]})) == [(0, "quiz", 4, list(range(19)))]
        assert found([self.TEMPLATE], made({"quiz": items})) == []

    def test_a_passage_that_many_questions_are_about_counts(self) -> None:
        about = [f"{QUESTION}\n{words(15, 100 * number)}" for number in range(30)]
        grams = made({"quiz": [*about, *(words(15, 100 * number) for number in range(100, 200))]})
        assert found([QUESTION], grams) == [(0, "quiz", 3, list(range(30)))]

    def test_items_that_cannot_be_found_are_counted(self) -> None:
        items = [words(12), *[self.TEMPLATE] * 20, *(words(13, 100 * number) for number in range(1, 20))]
        read = read_items(items, 13)
        assert (read.items, read.too_short, read.common, len(read.hashes)) == (40, 1, 20, 19)


vocabulary = st.sampled_from(["a", "B.", "(c)", "Đò,", "–"])
separators = st.sampled_from([" ", "\n", "\n\n", "  "])
texts = st.lists(st.tuples(vocabulary, separators), max_size=25).map(lambda pairs: "".join(w + s for w, s in pairs))


def plain_words(text: str) -> list[str]:
    return [word for word in ("".join(filter(str.isalnum, each.lower())) for each in text.split()) if word]


def plain_ngrams(text: str, size: int) -> list[tuple[str, ...]]:
    split = plain_words(text)
    return [tuple(split[at : at + size]) for at in range(len(split) - size + 1)]


@given(st.lists(texts, max_size=5), st.lists(texts, max_size=4), st.lists(texts, max_size=4))
def test_what_is_found_is_what_a_plain_search_finds(documents: list[str], one: list[str], two: list[str]) -> None:
    expected = []
    for doc, document in enumerate(documents):
        for name, items in (("one", one), ("two", two)):
            have = {
                number: set(plain_ngrams(item, 4)) & set(plain_ngrams(document, 4)) for number, item in enumerate(items)
            }
            if any(have.values()):
                hit = set[tuple[str, ...]]().union(*have.values())
                expected.append((doc, name, len(hit), [number for number in have if have[number]]))
    assert found(documents, made({"one": one, "two": two}, 4)) == expected


@given(texts, st.lists(texts, max_size=4))
def test_lines_are_those_of_a_plain_search(document: str, items: list[str]) -> None:
    filled = [line for line in document.split("\n") if line.strip()]
    line_of = [number for number, line in enumerate(filled) for _ in plain_words(line)]
    wanted = {gram for item in items for gram in plain_ngrams(item, 4)}
    at = [start for start, gram in enumerate(plain_ngrams(document, 4)) if gram in wanted]
    assert lines(document, made({"quiz": items}, 4)) == sorted({line_of[a + step] for a in at for step in range(4)})


@given(st.lists(texts, max_size=6), st.lists(texts, min_size=1, max_size=3))
def test_what_is_found_in_a_document_does_not_depend_on_the_others(documents: list[str], items: list[str]) -> None:
    grams = made({"quiz": items}, 4)
    alone = [(doc, *rest) for doc, text in enumerate(documents) for _, *rest in found([text], grams)]
    assert found(documents, grams) == alone


@given(texts, st.integers(4, 8))
def test_ngrams_are_all_runs_in_order_and_equal_where_the_words_are(text: str, size: int) -> None:
    runs = ngrams(read_words([text]).words, size)
    plain = plain_ngrams(text, size)
    assert runs.at.tolist() == list(range(len(plain)))
    hashes = runs.hashes.tolist()
    assert len(set(hashes)) == len(set(plain)) == len(set(zip(hashes, plain, strict=True)))


@given(st.lists(texts), st.integers(1, 60))
def test_groups_hold_all_texts_in_order(documents: list[str], limit: int) -> None:
    made_groups = list(groups_of(documents, limit))
    assert [text for group in made_groups for text in group] == documents
    assert all(len(group) == 1 or sum(map(len, group)) <= limit for group in made_groups)
