"""The preset for Vietnamese news: what stays is news of any form, what goes is none."""

from __future__ import annotations

import unicodedata

import pytest

from corpus.clean.quality import PRESETS, Verdict, judge, measure

BRIEF = """Xã Đồng Tre thông cầu mới

Sáng 12/3, xã Đồng Tre cho thông xe cây cầu mới qua sông Lụa sau bảy tháng thi công. Cầu dài 64 m, rộng 5 m."""

INTERVIEW = """Người giữ lửa lò gốm cuối làng

- Ông bắt đầu làm gốm từ khi nào?

- Tôi theo cha ra lò năm lên chín, lúc đầu chỉ nhào đất thôi.

- Vì sao cả làng bỏ nghề mà ông vẫn giữ?

- Cái nghề nó nuôi mình rồi, bỏ thì không đành.

- Lò này một tháng đốt mấy lần?

- Mùa khô thì hai, mùa mưa có khi cả tháng không đốt được lần nào."""

RESULTS = """Kết quả giải bóng chuyền huyện

Vòng bảng khép lại tối qua với bốn đội giành vé vào bán kết, trong đó chủ nhà Đồng Tre toàn thắng cả ba trận.

Bảng A
Đồng Tre 3-0 Bến Lụa
Gò Mây 1-3 Suối Cạn
Đồng Tre 3-1 Suối Cạn
Bến Lụa 2-3 Gò Mây
Bảng B
Núi Ngang 3-2 Cồn Sậy
Vàm Cũ 0-3 Bãi Dứa
Núi Ngang 3-1 Vàm Cũ
Cồn Sậy 1-3 Bãi Dứa"""

PRICES = """Giá lúa gạo hôm nay nhích nhẹ

Giá lúa tại ruộng sáng nay tăng 50 đến 100 đồng một kg, trong khi gạo xuất khẩu đi ngang.

Lúa thơm: 7.400 - 7.600 đồng/kg
Lúa dài: 6.900 - 7.050 đồng/kg
Nếp tươi: 8.100 - 8.300 đồng/kg
Gạo thường: 15.000 - 16.000 đồng/kg
Gạo thơm: 19.000 - 21.000 đồng/kg
Tấm: 8.700 - 8.900 đồng/kg
Cám: 5.600 - 5.700 đồng/kg"""

POEM = """Mưa qua bến cũ

Bến xưa ai đứng đợi đò
Áo nâu bạc nắng, câu hò bạc sương
Mưa qua ướt cả con đường
Ướt bao nhiêu chuyện còn vương bên này.

Người đi như sợi mây bay
Để tôi ngồi lại với cây với bờ
Sông trôi chẳng hẹn chẳng chờ
Chỉ con nước lớn vẫn mờ bóng trăng."""

LINKS = "\n".join(
    [
        "Giá gạo tăng trở lại sau mùa mưa lớn",
        "Cầu tre Đồng Tre thông xe trước Tết",
        "Ba đội giành vé vào bán kết bóng chuyền huyện",
        "Người giữ lửa lò gốm cuối cùng của làng",
        "Trường xã miền núi có thêm thư viện mới",
        "Nước sông Lụa dâng cao, dân ven bờ dọn nhà",
        "Chợ phiên vùng cao đông nghẹt những ngày cuối năm",
        "Vì sao cà phê năm nay mất mùa",
        "Thêm hai chuyến xe buýt về bến mới",
        "Làng hoa vào vụ, thợ làm không nghỉ trưa",
    ]
)

JUNK = {
    "links": LINKS,
    "one line again and again": "Bấm vào đây để xem thêm tin mới nhất của chúng tôi.\n" * 12,
    "symbols": "★ ★ ═══ ◆ ◇ ═══ ★ ★ | | ▓▓ ░░ | " * 8,
    "ten words": "Bạn cần đăng nhập để gửi bình luận cho bài này.",
    "without its signs": "Vay tien nhanh trong ngay, khong can the chap, lai suat thap nhat. Lien he ngay de duoc tu"
    " van mien phi. Chung toi co mat o khap noi va san sang phuc vu quy khach bat ky luc nao.",
    "menu": "Trang chủ\nThời sự\nThế giới\nKinh doanh\nThể thao\nGiải trí\nĐời sống\nDu lịch\nSức khỏe\nLiên hệ\nRSS",
    "numbers": "Kết quả xổ số hôm nay như sau: " + " ".join(f"{n * 7919 % 100000:05d}" for n in range(1, 90)) + ".",
    "tags": " ".join(f"#tin{n} #mới{n}" for n in range(20)) + " là của chúng ta.",
    "filler": "Lorem ipsum dolor sit amet, và đây là chỗ để viết nội dung của trang này khi nào có thì mới viết.",
    "calls": "Hay!\nTuyệt vời!\nQuá đẹp.\nLà sao?\nĐược đó.\nTrời ơi!\nĐỉnh!\nCũng thường.\nNgon quá!"
    "\nChê.\nThích!\nMê.\nLại nữa à?\nCó.",
    "codes": "Các mã trúng thưởng là: " + " ".join(f"m{n * 7919 % 1000:03d}-{n:03d}" for n in range(40)) + " và hết.",
    "shouting": "MUA NGAY KẺO HẾT! GIẢM GIÁ CHỈ CÓ TRONG HÔM NAY! ĐỪNG BỎ LỠ CƠ HỘI NÀY CỦA BẠN! GỌI CHO CHÚNG TÔI!",
    "teasers": "\n".join(f"{line}. Đọc tiếp phần sau của bài này ở đây…" for line in LINKS.split("\n")),
}

DIALOGUE = """Hỏi chuyện người chèo đò
- Ông chèo đò ở bến này bao lâu rồi?
- Từ hồi còn nhỏ, cha tôi chèo trước, tôi theo phụ.
- Ngày nào đông khách nhất?
- Ngày chợ phiên, có hôm chở hơn trăm lượt.
- Có cầu mới rồi ông tính sao?
- Thì nghỉ thôi, ai đi đò nữa.
- Ông có buồn không?
- Buồn chứ, nhưng tụi nhỏ đi học đỡ sợ mùa nước.
- Con đò này ông sẽ để đâu?
- Kéo lên vườn, trồng rau vào đó.
- Ông có nhớ chuyến đò nào nhất?
- Chuyến chở bà nhà tôi về làm dâu.
- Bà có say sóng không?
- Có, mà không dám nói.
- Khách có ai quịt tiền ông không?
- Có, hôm sau lại đem bó rau ra bù.
- Ông biết bơi từ bao giờ?
- Từ lúc biết đi.
- Sông này sâu chỗ nào nhất?
- Chỗ gốc bần, cả hai con sào.
- Cháu nào theo nghề của ông không?
- Không, tụi nó lên phố hết rồi."""

REAL = {
    "dialogue": DIALOGUE,
    "brief": BRIEF,
    "interview": INTERVIEW,
    "results": RESULTS,
    "prices": PRICES,
    "poem": POEM,
}


def verdict(text: str, preset: str = "vi-news", language: str = "vi") -> Verdict | None:
    return judge(measure([text], [language]).rows()[0], language, [PRESETS[preset]])


@pytest.mark.parametrize("text", REAL.values(), ids=list(REAL))
def test_news_of_any_form_stays(text: str) -> None:
    assert verdict(text) is None


@pytest.mark.parametrize("text", JUNK.values(), ids=list(JUNK))
def test_what_is_no_news_goes(text: str) -> None:
    assert verdict(text) is not None


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("links", "terminal_char_share"),
        ("symbols", "alpha_word_share"),
        ("ten words", "words"),
        ("without its signs", "vietnamese_word_share"),
        ("numbers", "alpha_word_share"),
        ("tags", "hash_word_ratio"),
        ("filler", "lorem_ipsum"),
        ("calls", "line_break_word_ratio"),
        ("codes", "letter_share"),
        ("shouting", "upper_share"),
        ("teasers", "ellipsis_line_share"),
    ],
)
def test_the_verdict_says_what_is_wrong(name: str, signal: str) -> None:
    found = verdict(JUNK[name])
    assert found is not None
    assert found.signal == signal


def test_articles_stay_under_every_preset(vietnamese: tuple[str, ...], english: tuple[str, ...]) -> None:
    for preset in PRESETS:
        assert verdict("\n\n".join(vietnamese), preset) is None
        assert verdict("\n\n".join(english), preset, "en") is None


def test_english_is_not_asked_for_vietnamese_letters(english: tuple[str, ...]) -> None:
    assert verdict("\n\n".join(english), "vi-news", "en") is None
    assert verdict("\n\n".join(english), "vi-news", "vi") is not None


def test_vietnamese_is_not_held_against_english_limits() -> None:
    """Numbers between short syllables: 2.6 letters a word, which is too few in English alone."""
    text = "Ở xã ta có ba bà cụ đã 90 tuổi mà cứ đi bộ ra ao cá, ra bờ đê và ra cả sở xã. "
    rows = measure([text], ["vi"]).rows()[0] | {"words": 100}
    assert rows["mean_word_length"] < 3
    assert judge(rows, "vi", [PRESETS["gopher"]]) is None
    assert str(judge(rows, "en", [PRESETS["gopher"]])).startswith("gopher.mean_word_length")


def test_composed_letters_are_what_counts() -> None:
    """Cleaned text is composed; a decomposed one would have plain letters and marks."""
    assert measure([unicodedata.normalize("NFC", POEM)], ["vi"]).columns["vietnamese_word_share"][0] > 0.7
