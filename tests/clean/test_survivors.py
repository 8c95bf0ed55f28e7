"""Texts of short lines that are nothing but content come through untouched."""

from __future__ import annotations

import pytest

from corpus.clean import clean

POEM = """Chiều qua bến cũ

Con đò nằm ngủ bên sông
Gió đưa câu hát phiêu bồng về đâu
Người đi từ thuở qua cầu
Trăng còn in bóng mái đầu hoa râm

Con đò nằm ngủ bên sông
Gió đưa câu hát phiêu bồng về đâu
Ai còn đứng đợi đêm thâu
Nghe con nước vỗ chân cầu gọi tên"""

RECIPE = """Canh chua cá lóc

Nguyên liệu:
- 1 con cá lóc khoảng 700 g
- 200 g dứa
- 2 quả cà chua
- Một nắm giá đỗ
- Me chua, nước mắm, đường

Cách làm:
1. Cá làm sạch, cắt khúc, ướp nước mắm trong 15 phút.
2. Phi thơm hành tỏi, cho cà chua và dứa vào xào sơ rồi đổ nước, nêm nước cốt me, đường và nước mắm cho vừa miệng.
3. Nước sôi thì thả cá vào, nấu lửa vừa đến khi cá chín, cho giá đỗ và rau thơm vào rồi tắt bếp.

Mách nhỏ
Ăn nóng với bún"""

LAW = """Chương 2
Quyền và nghĩa vụ

Điều 7. Quyền của người trồng rừng
1. Được giao đất theo quy hoạch.
2. Được hưởng lợi từ rừng trồng.
a) Gỗ;
b) Lâm sản ngoài gỗ.

Điều 8. Nghĩa vụ của người trồng rừng
1. Bảo vệ rừng, phòng cháy và chữa cháy.
2. Báo cho kiểm lâm khi phát hiện người chặt phá rừng trái phép trong khu vực được giao.

Điều 9. Chuyển tiếp
Hợp đồng đã ký trước ngày Luật này có hiệu lực thì tiếp tục được thực hiện cho đến khi hết thời hạn ghi trong hợp đồng."""

INTERVIEW = """Hỏi: Ông bắt đầu đan lát từ khi nào?
Đáp: Từ hồi lên bảy.
Hỏi: Ai dạy ông?
Đáp: Bà ngoại tôi dạy, bà đan đẹp nhất vùng, người ta đi bộ nửa ngày đường để mua cho được một chiếc gùi của bà.
Hỏi: Bây giờ còn ai học nghề?
Đáp: Còn hai đứa cháu."""

FORUM = """chủ thớt
có bác nào biết sửa máy bơm không ạ
máy nhà em chạy mà không lên nước

thợ già
xả khí chưa
kiểm tra van một chiều đi

chủ thớt
được rồi bác ơi cảm ơn bác nhiều"""

LIST = """Ten birds of the valley
Wren
Dipper
Kingfisher
Grey wagtail
Blue tit
Goldcrest
Nuthatch
Treecreeper
Tawny owl
Heron"""

CODE = """def area(width, height):
    # no rounding here
    return width * height

print(area(3, 4))"""


@pytest.mark.parametrize("text", [POEM, RECIPE, LAW, INTERVIEW, FORUM, LIST, CODE])
def test_nothing_is_taken(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.text == text
    assert cleaned.removed == ()


@pytest.mark.parametrize("text", [POEM, INTERVIEW, FORUM, LIST, CODE])
def test_a_first_line_without_prose_below_it_is_no_title(text: str) -> None:
    assert clean(text).title is None
