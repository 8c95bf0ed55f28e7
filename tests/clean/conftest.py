"""Articles written for the tests; no line of them stands on any site."""

from __future__ import annotations

import pytest

_VIETNAMESE = (
    "Sáng nay, người dân xóm Đồi tập trung rất sớm bên bờ suối để dựng lại cây cầu tre bị lũ cuốn trôi hồi tháng trước.",
    "Ông Lò Văn Pín, năm nay đã ngoài bảy mươi tuổi, kể rằng cây cầu cũ được dựng từ thời ông còn là một cậu bé chăn trâu.",
    "Mỗi nhà góp mười cây tre già, hai cuộn dây và một ngày công, còn bữa trưa thì do các bà, các chị trong xóm cùng nấu.",
    "Theo tính toán của anh Pha, trưởng xóm, cây cầu mới sẽ cao hơn cầu cũ một mét và có thêm lan can cho trẻ nhỏ đi học.",
    "Đến đầu giờ chiều, nhịp cầu cuối cùng đã được buộc xong trong tiếng reo hò của lũ trẻ đứng chờ ở phía bên kia suối.",
    "Từ ngày mai, con đường đến trường của hơn ba mươi em nhỏ trong xóm sẽ ngắn lại gần hai cây số so với đường vòng.",
)
_ENGLISH = (
    "The little railway museum at the edge of town opened its doors again on Saturday after two years of careful repairs.",
    "Volunteers had spent most evenings of the winter scraping rust from the wheels of an engine that last ran in 1961.",
    "Visitors can now climb into the cab, pull the brass whistle cord and read the driver's own notes from his last run.",
    "The curator says that the roof alone cost more than the whole collection did, and that nobody regrets a penny of it.",
    "School classes are admitted free of charge on weekdays, provided that somebody sweeps the coal dust up afterwards.",
    "A second engine, still in pieces behind the shed, is expected to be ready for the spring festival in two years' time.",
)


@pytest.fixture
def vietnamese() -> tuple[str, ...]:
    """Six paragraphs about a bridge."""
    return _VIETNAMESE


@pytest.fixture
def english() -> tuple[str, ...]:
    """Six paragraphs about a museum."""
    return _ENGLISH
