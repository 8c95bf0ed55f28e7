"""What each kind takes and what it leaves, where the cases alone do not say why."""

from __future__ import annotations

import pytest

from corpus.clean.privacy import Kind, find_all, mask


def masked(text: str, *kinds: Kind) -> str:
    return mask(text, find_all([text], kinds)[0] if kinds else find_all([text])[0])


class TestPhone:
    def test_service_lines_belong_to_nobody(self) -> None:
        assert masked("Gọi 1900 1234, 1800.5678 hoặc 0912345678") == "Gọi 1900 1234, 1800.5678 hoặc [PHONE]"

    def test_brackets_around_a_number_stay(self) -> None:
        assert masked("(0912345678) (024) 38251234") == "([PHONE]) [PHONE]"

    @pytest.mark.parametrize("number", ["0912345678", "01234567890", "+84912345678", "02438251234", "02363123456"])
    def test_prefixes_of_the_numbering_plan(self, number: str) -> None:
        assert masked(f"số {number}") == "số [PHONE]"

    @pytest.mark.parametrize(
        "number", ["0212345678", "0512345678", "0112345678", "+84112345678", "091234567", "09123456789"]
    )
    def test_numbers_that_nobody_can_have(self, number: str) -> None:
        assert masked(f"số {number}") == f"số {number}"

    def test_area_codes_of_before_2017_need_a_label(self) -> None:
        assert masked("04 38251234, ĐT: 04 38251234") == "04 38251234, ĐT: [PHONE]"

    def test_a_word_for_another_number_counts_up_to_a_word_for_a_telephone(self) -> None:
        assert masked("Đơn hàng 0912345678") == "Đơn hàng 0912345678"
        assert masked("Đơn hàng: gọi 0912345678") == "Đơn hàng: gọi [PHONE]"

    def test_a_number_in_an_address_is_a_key_but_for_messengers(self) -> None:
        assert masked("https://bao.example/0912345678 https://zalo.me/0912345678").endswith(
            "0912345678 https://zalo.me/[PHONE]"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "ĐT 2019-2020",
            "Hotline 12.05.2024",
            "+12.345.678.901",
            "09 1 2 3 4 5 6 7 8",
            "0912345678.5",
            "0912.345.678,5",
            "0912345678x",
            "+47 123456",
            "+210 123 456 789",
            "kỳ 0912 số 34 56 78",
        ],
    )
    def test_dates_sums_rows_and_lengths_that_no_country_has(self, text: str) -> None:
        assert masked(text) == text

    def test_a_bracket_may_open_a_number(self) -> None:
        assert masked("nhé (+84) 912 345 678, +47 2222 3333") == "nhé [PHONE], [PHONE]"

    def test_a_word_for_another_number_reaches_over_no_line_and_no_placeholder(self) -> None:
        assert masked("Đơn hàng\n0912345678") == "Đơn hàng\n[PHONE]"
        assert masked("Đơn hàng [EMAIL] 0912345678") == "Đơn hàng [EMAIL] [PHONE]"


class TestCitizenId:
    def test_twelve_digits_need_a_province_and_a_year_of_birth(self) -> None:
        assert masked("001099012345") == "[CITIZEN_ID]"
        assert masked("003099012345") == "003099012345"
        assert masked("001399012345") == "001399012345"

    def test_nine_digits_need_a_label(self) -> None:
        assert masked("012345678, CMND 012345678") == "012345678, CMND [CITIZEN_ID]"

    def test_a_label_speaks_for_a_row(self) -> None:
        assert masked("CMND 012345678, 023456789 và 034567891") == "CMND [CITIZEN_ID], [CITIZEN_ID] và [CITIZEN_ID]"

    def test_a_label_reaches_no_further_than_its_line(self) -> None:
        assert masked("CMND\n012345678") == "CMND\n012345678"

    def test_a_bar_code_with_its_check_digit_is_none(self) -> None:
        assert masked("036185001204, 036185001205") == "036185001204, [CITIZEN_ID]"

    def test_numbers_of_other_countries_need_their_check_digits(self) -> None:
        assert masked("111.222.333-96, 111.222.333-97").count("[CITIZEN_ID]") == 1


class TestTaxCode:
    def test_ten_digits_need_a_label_and_the_check_digit(self) -> None:
        assert masked("MST 0199123001") == "MST [TAX_CODE]"
        assert masked("MST 0199123002") == "MST 0199123002"
        assert masked("0199123001") == "0199123001"


class TestBank:
    def test_a_card_needs_its_check_digit(self) -> None:
        assert masked("4111 1111 1111 1111, 4111 1111 1111 1112") == "[BANK_CARD], 4111 1111 1111 1112"

    def test_an_account_that_is_a_telephone_number_is_an_account(self) -> None:
        assert masked("STK: 0912345678") == "STK: [BANK_ACCOUNT]"

    def test_the_nearest_label_that_fits_decides(self) -> None:
        assert masked("STK, MST: 0199123001") == "STK, MST: [TAX_CODE]"

    def test_a_word_that_says_less_needs_the_number_right_behind_it(self) -> None:
        assert masked("TK 0011004123456, tài khoản thứ 0011004123456") == (
            "TK [BANK_ACCOUNT], tài khoản thứ 0011004123456"
        )
        assert masked("TK 123456") == "TK 123456"

    @pytest.mark.parametrize("text", ["số tài khoản mở ngày 12-05-2024", "số tài khoản mới: 1.234.567"])
    def test_dates_and_sums_are_no_accounts(self, text: str) -> None:
        assert masked(text) == text


class TestIpAddress:
    @pytest.mark.parametrize(
        "address", ["10.0.0.5", "192.168.1.1", "172.31.0.9", "127.0.0.1", "169.254.1.1", "224.0.0.99", "fe80::1:2"]
    )
    def test_addresses_of_no_one_stay(self, address: str) -> None:
        assert masked(f"địa chỉ IP {address}") == f"địa chỉ IP {address}"

    def test_small_numbers_need_a_word_for_an_address(self) -> None:
        assert masked("1.2.3.4 Phạm vi; máy chủ 1.2.3.4") == "1.2.3.4 Phạm vi; máy chủ [IP_ADDRESS]"

    def test_time_and_scope_are_no_address(self) -> None:
        assert masked("03:04:05 std::x 2024:12:31 2024::5") == "03:04:05 std::x 2024:12:31 2024::5"


class TestSecret:
    def test_a_private_key_goes_with_its_lines(self) -> None:
        body = "\n".join("Ab3+" * 16 for _ in range(4))
        head, tail = "-----BEGIN " + "PRIVATE KEY-----", "-----END " + "PRIVATE KEY-----"
        assert masked(f"a\n{head}\n{body}\n{tail}\nb") == "a\n[SECRET]\nb"
        assert masked(f"a\n{head}\n{body}\n") == "a\n[SECRET]\n"
        assert masked(f"{head}\n...\n{tail}") == f"{head}\n...\n{tail}"

    def test_of_an_address_only_user_and_password_go(self) -> None:
        assert masked("ftp://lan:Xy9" + "zzQ@files.example/a") == "ftp://[SECRET]@files.example/a"

    def test_a_web_token_has_a_header_that_reads(self) -> None:
        rest = "." + "eyJ" + "zdWIiOiJ4eHgifQ" + "." + "c2lnbmF0dXJl" * 3
        assert masked("eyJhbGciOiJIUzI1NiJ9" + rest) == "[SECRET]"
        assert masked("eyJhbGciOiJIUzI1Ni!9" + rest) != "[SECRET]"
        assert "eyJ0eXAiOiJKV1QifQ" in masked("eyJ0eXAiOiJKV1QifQ" + rest)

    def test_a_value_without_digits_is_a_word(self) -> None:
        assert masked("password: correcthorsebattery") == "password: correcthorsebattery"

    def test_what_goes_on_behind_its_length_is_no_token(self) -> None:
        key = "AK" + "IA" + "Q2W3E4R5T6Y7U2I3"
        assert masked(f"{key} {key}8 x{key}") == f"[SECRET] {key}8 x{key}"


class TestEmail:
    def test_letters_of_latin_alphabets_belong_to_it(self) -> None:
        assert masked("hỏi nguyễn.vân@báo.example nhé") == "hỏi [EMAIL] nhé"

    def test_it_may_stand_between_ideographs(self) -> None:
        assert masked("请写a@b.example谢谢") == "请写[EMAIL]谢谢"

    def test_a_name_of_more_than_64_characters_is_none(self) -> None:
        assert masked("a" * 64 + "@b.example") == "[EMAIL]"
        assert masked("a" * 65 + "@b.example") == "a" * 65 + "@b.example"
