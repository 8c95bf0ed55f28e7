"""Made-up Vietnamese news pages, the same in every run: `python -m benchmarks.texts MEGABYTES > pages.jsonl`."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator

_SYLLABLES = (
    "và của là có trong được cho không người các một những đã với để khi này đến từ về trên theo năm nước nhà "
    "thành phố tỉnh huyện xã dân sinh viên học trường kinh tế phát triển công nghệ thông tin dự án đầu tư doanh "
    "nghiệp sản xuất lúa gạo cà phê biển đảo rừng núi sông suối mưa nắng gió bão mùa xuân hạ thu đông sáng chiều "
    "tối đêm đường cầu chợ bệnh viện bác sĩ y tế giáo dục văn hóa nghệ thuật âm nhạc bóng đá đội tuyển trận đấu "
    "thắng thua hòa bàn huấn luyện khán giả du lịch khách sạn món ăn ẩm thực gia đình cha mẹ con cháu ông bà"
).split()
_TAIL = "\n\nTin liên quan\n\nGiá cà phê tăng trở lại sau mùa mưa\n\nCầu mới qua sông thông xe\n\nBình luận (0)"


def pages(megabytes: float, seed: int = 7) -> Iterator[dict[str, str]]:
    """Pages of about 5 KB of UTF-8 each; one in ten repeats an earlier one under another address."""
    rng = random.Random(seed)
    written = number = 0
    recent: list[str] = []
    while written < megabytes * 1_000_000:
        if recent and rng.random() < 0.1:
            text = rng.choice(recent)
        else:
            text = "\n\n".join([_sentence(rng, 9).rstrip("."), *(_paragraph(rng) for _ in range(8))]) + _TAIL
            recent = [*recent[-50:], text]
        number += 1
        written += len(text.encode())
        yield {"url": f"https://bao{number % 40}.example/bai-{number}.html", "text": text}


def _paragraph(rng: random.Random) -> str:
    return " ".join(_sentence(rng, rng.randint(12, 30)) for _ in range(5))


def _sentence(rng: random.Random, length: int) -> str:
    words = " ".join(rng.choices(_SYLLABLES, k=length))
    return words[0].upper() + words[1:] + "."


def main() -> None:
    """Write JSON lines to stdout."""
    for page in pages(float(sys.argv[1])):
        sys.stdout.write(json.dumps(page, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
