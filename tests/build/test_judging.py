"""What a recipe says about quality, personal data, encodings and languages, from raw file to release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.vietnamese_encoders import tcvn3, vni, windows_1258
from corpus.clean import clean
from corpus.recipe import Cleaning, Privacy
from corpus.release.manifest import Accounting, read_manifest
from tests.support import article, build, rows_of, run, run_json, write_jsonl, write_recipe

SPAM = "MUA NGAY ### GIÁ SỐC ### MUA NGAY ### GIÁ SỐC"
STRIPPED = "Sang nay xa Vinh Hoa khanh thanh cay cau moi bac qua con kenh lon, rut ngan duong den cho huyen."
ENGLISH = "The new bridge over the canal was opened this morning by the people who had built it themselves."
CALL = "Muốn đặt chỗ, bà con gọi số 0912 345 678 hoặc viết về ben.do@xomdoi.example.com trước năm giờ chiều."


def corpus_of(folder: Path, texts: list[str], **fields: Any) -> Path:
    write_jsonl(folder / "pages.jsonl", [{"text": text} for text in texts])
    write_recipe(folder, [{"name": "press", "path": "*.jsonl"}], **fields)
    return folder


def accounts(release: Path) -> Accounting:
    return read_manifest(release).accounting


class TestQuality:
    def test_without_presets_all_documents_stay_and_are_measured(self, tmp_path: Path) -> None:
        release = build(corpus_of(tmp_path / "raw", [article(1), SPAM]), tmp_path / "dist")
        news, spam = rows_of(release)
        assert news["quality"]["hash_word_ratio"] == 0
        assert spam["quality"]["hash_word_ratio"] == 0.8182  # nine for eleven words
        assert news["quality"]["words"] == news["n_words"]

    def test_a_document_that_breaks_a_limit_is_dropped_with_signal_value_and_limit(self, tmp_path: Path) -> None:
        raw = corpus_of(tmp_path / "raw", [article(1), SPAM], quality={"presets": ["gopher"]})
        release = build(raw, tmp_path / "dist")
        assert [row["text"] for row in rows_of(release)] == [article(1)]
        [fate] = [row for row in rows_of(release, "ledger") if row["status"] == "dropped"]
        assert (fate["reason"], fate["detail"]) == ("quality", "gopher.hash_word_ratio 0.8182 > 0.1")
        assert accounts(release).dropped == {"quality": 1}
        assert accounts(release).limits == {"gopher.hash_word_ratio": 1}
        assert run("verify", release).exit_code == 0

    def test_a_limit_of_ones_own_takes_the_place_of_a_presets(self, tmp_path: Path) -> None:
        limits = {"words": {"min": 5}, "hash_word_ratio": {"max": 0.5}}
        raw = corpus_of(tmp_path / "raw", [article(1), SPAM], quality={"presets": ["gopher"], "limits": limits})
        [fate] = [row for row in rows_of(build(raw, tmp_path / "dist"), "ledger") if row["status"] == "dropped"]
        assert fate["detail"] == "recipe.hash_word_ratio 0.8182 > 0.5"

    @pytest.mark.parametrize("limit", [{}, {"max": 0.5, "languages": ["en"]}])
    def test_a_limit_can_be_taken_away_or_hold_for_a_language(self, tmp_path: Path, limit: dict[str, Any]) -> None:
        text = f"{article(1)} " + "## " * 8
        quality = {"presets": ["gopher"], "limits": {"hash_word_ratio": limit}}
        release = build(corpus_of(tmp_path / "raw", [text, article(2)], quality=quality), tmp_path / "dist")
        assert accounts(release).limits == ({"gopher.hash_word_ratio": 1} if limit else {})

    def test_a_dropped_document_takes_no_copy_with_it(self, tmp_path: Path) -> None:
        """The one that stays of two copies is never the one that is dropped for quality."""
        raw = corpus_of(tmp_path / "raw", [SPAM, SPAM, article(1)], quality={"limits": {"words": {"min": 20}}})
        assert accounts(build(raw, tmp_path / "dist")).dropped == {"quality": 2}

    def test_a_cleaning_pass_leaves_dropped_documents_out(self, tmp_path: Path) -> None:
        raw = corpus_of(tmp_path / "raw", [article(1), SPAM], quality={"presets": ["vi-news"]})
        source = raw / "pages.jsonl"
        told = run_json("clean", source, "--recipe", raw, "-o", tmp_path / "out", "--format", "jsonl")
        assert told["dropped"] == {"quality": 1}
        assert sum(told["limits"].values()) == 1
        lines = (tmp_path / "out" / "documents.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["text"] for line in lines] == [article(1)]
        run_json("clean", source, "--recipe", raw, "-o", tmp_path / "text")
        assert (tmp_path / "text" / "pages-000002.txt").read_text(encoding="utf-8") == ""
        assert (tmp_path / "text" / "pages-000001.txt").read_text(encoding="utf-8") == article(1) + "\n"


class TestPrivacy:
    TEXT = f"{article(1)}\n\n{CALL}\n\n{article(2)}"

    def test_off_by_default(self, tmp_path: Path) -> None:
        release = build(corpus_of(tmp_path / "raw", [self.TEXT]), tmp_path / "dist")
        assert rows_of(release)[0]["text"] == self.TEXT
        assert accounts(release).masked == {}

    def test_masked_values_are_nowhere_in_the_release(self, tmp_path: Path) -> None:
        tail = "\n\nBình luận (2)\n\nLê Văn Tám 0987 654 321\n\nTrần Thị Bé be@xomdoi.example.com"
        raw = corpus_of(tmp_path / "raw", [self.TEXT + tail], privacy={"mode": "mask"})
        release = build(raw, tmp_path / "dist")
        [row] = rows_of(release)
        assert "gọi số [PHONE] hoặc viết về [EMAIL] trước" in row["text"]
        assert accounts(release).masked == {"email": 1, "phone": 1}
        everything = json.dumps([rows_of(release, table) for table in ("data", "ledger", "audit")], default=str)
        assert rows_of(release, "audit")
        for value in ("345 678", "xomdoi.example", "654 321"):
            assert value not in everything

    def test_fields_are_masked_too(self) -> None:
        options = Cleaning(privacy=Privacy(mode="mask"))
        cleaned = clean(article(1), title="Gọi 0912 345 678", author="Lê Tám be@xomdoi.example.com", options=options)
        assert (cleaned.title, cleaned.author) == ("Gọi [PHONE]", "Lê Tám [EMAIL]")

    def test_dropped_documents_are_named_by_kind_and_number(self, tmp_path: Path) -> None:
        raw = corpus_of(tmp_path / "raw", [self.TEXT, article(3)], privacy={"mode": "drop", "kinds": ["phone"]})
        release = build(raw, tmp_path / "dist")
        assert [row["text"] for row in rows_of(release)] == [article(3)]
        [fate] = [row for row in rows_of(release, "ledger") if row["status"] == "dropped"]
        assert (fate["reason"], fate["detail"]) == ("privacy", "phone 1")

    def test_an_explanation_shows_what_is_masked(self, tmp_path: Path) -> None:
        raw = corpus_of(tmp_path / "raw", [self.TEXT], privacy={"mode": "mask"})
        shown = run("explain", raw / "pages.jsonl", "--recipe", raw).stdout
        assert "[PHONE]" in shown
        assert "345 678" not in shown
        assert "email 1, phone 1" in shown


class TestRepairAndLanguage:
    def test_records_are_counted_by_the_encoding_they_were_in(self, tmp_path: Path) -> None:
        (tmp_path / "raw").mkdir()
        (tmp_path / "raw" / "a.txt").write_bytes(article(1).encode())
        (tmp_path / "raw" / "b.txt").write_bytes(article(2).encode("utf-16"))
        (tmp_path / "raw" / "c.txt").write_bytes(windows_1258(article(3)))
        write_recipe(tmp_path / "raw", [{"name": "press", "path": "*.txt"}])
        release = build(tmp_path / "raw", tmp_path / "dist")
        assert [row["text"] for row in rows_of(release)] == [article(1), article(2), article(3)]
        assert accounts(release).encodings == {"utf-16-le": 1, "utf-8": 1, "windows-1258": 1}

    def test_vietnamese_from_before_unicode_is_converted_and_counted(self, tmp_path: Path) -> None:
        (tmp_path / "raw").mkdir()
        (tmp_path / "raw" / "a.txt").write_bytes(tcvn3(article(1)))
        (tmp_path / "raw" / "b.txt").write_bytes(vni(article(2)))
        write_recipe(tmp_path / "raw", [{"name": "press", "path": "*.txt"}])
        release = build(tmp_path / "raw", tmp_path / "dist")
        assert [row["text"] for row in rows_of(release)] == [article(1), article(2)]
        assert accounts(release).repaired == {"TCVN3": 1, "VNI": 1}

    def test_letters_that_nfc_leaves_apart_are_composed(self) -> None:
        cleaned = clean("Đa\u0301\u0302t nước có chiều mưa bay, bà con gọi nhau ra đồng.")
        assert cleaned.text.startswith("Đất nước")
        assert cleaned.repaired == ("form",)

    @pytest.mark.parametrize(("vietnamese", "written"), [(True, "Đây là Đông"), (False, "Ðây là Ðông")])
    def test_look_alikes_are_put_right_unless_the_recipe_says_no(
        self, tmp_path: Path, vietnamese: bool, written: str
    ) -> None:
        text = f"{article(1)}\n\nÐây là Ðông Ngạc."
        release = build(corpus_of(tmp_path / "raw", [text], clean={"vietnamese": vietnamese}), tmp_path / "dist")
        assert written in rows_of(release)[0]["text"]
        assert accounts(release).repaired == ({"spelling": 1} if vietnamese else {})

    def test_a_declared_encoding_is_taken_at_its_word(self, tmp_path: Path) -> None:
        (tmp_path / "raw").mkdir()
        (tmp_path / "raw" / "a.txt").write_bytes("Zażółć".encode("iso-8859-2"))
        write_recipe(tmp_path / "raw", [{"name": "press", "path": "*.txt", "encoding": "iso-8859-2"}])
        assert rows_of(build(tmp_path / "raw", tmp_path / "dist"))[0]["text"] == "Zażółć"

    def test_documents_are_counted_by_what_was_mended(self, tmp_path: Path) -> None:
        texts = [article(1), article(2).encode().decode("latin-1"), article(3).replace(" ", "\u00a0")]
        release = build(corpus_of(tmp_path / "raw", texts), tmp_path / "dist")
        assert [row["text"] for row in rows_of(release)] == [article(1), article(2), article(3)]
        assert accounts(release).repaired == {"invisible": 1, "mojibake": 1}

    def test_copies_that_differ_in_the_place_of_tones_are_one(self, tmp_path: Path) -> None:
        texts = ["Bà con xã Vĩnh Hòa khỏe mạnh trở về.", "Bà con xã Vĩnh Hoà khoẻ mạnh trở về."]
        release = build(corpus_of(tmp_path / "raw", texts), tmp_path / "dist")
        [row] = rows_of(release)
        assert row["text"] in texts
        assert row["duplicates"] == 2

    @pytest.mark.parametrize(("tone", "written"), [("keep", "hòa, hoà"), ("old", "hòa, hòa"), ("new", "hoà, hoà")])
    def test_tones_stand_where_the_recipe_wants_them(self, tmp_path: Path, tone: str, written: str) -> None:
        text = f"{article(1)}\n\nHai cách viết: hòa, hoà."
        [row] = rows_of(build(corpus_of(tmp_path / "raw", [text], clean={"tone": tone}), tmp_path / "dist"))
        assert f"Hai cách viết: {written}." in row["text"]

    def test_text_without_marks_is_tagged_and_stays(self, tmp_path: Path) -> None:
        [row] = rows_of(build(corpus_of(tmp_path / "raw", [STRIPPED]), tmp_path / "dist"))
        assert row["language"] == "vi-t-d0-ascii"

    def test_a_mixed_document_has_its_shares(self, tmp_path: Path) -> None:
        text = "\n\n".join([article(1), " ".join([ENGLISH] * 6)])
        [row] = rows_of(build(corpus_of(tmp_path / "raw", [text]), tmp_path / "dist"))
        assert {share["tag"] for share in row["languages"]} == {"vi", "en"}
        assert sum(share["share"] for share in row["languages"]) == pytest.approx(1)

    def test_a_detector_that_is_not_installed_is_told_before_anything_is_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(__import__("sys").modules, "lingua", None)
        raw = corpus_of(tmp_path / "raw", [article(1)], clean={"detector": "lingua"})
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert result.exit_code == 2
        assert result.stderr.strip().endswith("pip install 'corpus-press[lingua]'")
        assert not list(raw.rglob("tasks/read/*"))
