"""Which digits behind a `+` can be a telephone number: country codes of ITU-T E.164 and the lengths in use there."""

from __future__ import annotations

import re

# Fewest and most digits behind the country code, in subscribers' numbers.
_LENGTHS: dict[tuple[int, int], str] = {
    (4, 7): "290 683 690",
    (5, 8): "247 500 682 676 677 678 686 688",
    (5, 10): "27 82 352 358 685",
    (6, 7): "298 299 597 672 681 687",
    (6, 9): "40 252 359 376 421 508",
    (6, 10): "53 63 95 98 353 880",
    (6, 13): "39 43 49",
    (7, 7): "238 239 246 248 269 291 297 501 592 673 674 679 680 691 692 960",
    (7, 8): "230 241 267 372 507 599 670 675 961 975",
    (7, 9): "46 48 220 231 254 265 354 423 595 967",
    (7, 12): "62 86 243 381 882",
    (8, 8): "45 47 65 216 222 223 226 227 228 232 235 236 253 257 266 268 350 356 357 370 371 373 374 382 386 389 502 "
    "503 504 505 506 509 591 598 689 852 853 965 968 973 974 993",
    (8, 9): "32 36 51 66 213 224 250 258 264 355 377 385 387 593 855 886 962 963 970 971",
    (8, 10): "20 57 60 64 378 850 856 964 976 977",
    (8, 12): "383 883 972",
    (9, 9): "33 34 41 56 61 93 94 211 212 218 221 233 237 240 242 244 245 249 251 255 256 260 261 262 263 351 375 380 "
    "420 590 594 596 966 992 994 995 996 998",
    (9, 11): "31 44 81 92 870 881",
    (10, 10): "1 7 30 52 58 90 91 225 229 234",
    (10, 11): "54 55",
}
_BY_CODE = {code: lengths for lengths, codes in _LENGTHS.items() for code in codes.split()}
_NORTH_AMERICAN = re.compile(r"1[2-9][0-9]{2}[2-9][0-9]{6}")


def is_international(digits: str) -> bool:
    """Whether digits are a country code (Vietnam's apart) and as many more as numbers have there."""
    if digits[:1] == "1":
        return _NORTH_AMERICAN.fullmatch(digits) is not None
    for size in (3, 2, 1):
        lengths = _BY_CODE.get(digits[:size])
        if lengths is not None:
            return lengths[0] <= len(digits) - size <= lengths[1]
    return False
