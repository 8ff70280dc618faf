"""How a text is read aloud: digits of a ticket one by one, counters and minutes as normal numbers; pure.

The conventions are those of the halls: inside a ticket's number never mốt, tư or lăm.
"""

import re
from collections.abc import Callable

VIETNAMESE = "vi"
_DIGITS = {
    "vi": ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
_LETTERS = {
    "A": "a",
    "B": "bê",
    "C": "xê",
    "D": "dê",
    "E": "e",
    "G": "giê",
    "H": "hát",
    "K": "ca",
    "L": "e-lờ",
    "M": "em-mờ",
    "N": "en-nờ",
    "P": "pê",
    "Q": "quy",
    "R": "e-rờ",
    "S": "ét-sì",
    "T": "tê",
    "U": "u",
    "V": "vê",
    "X": "ích-xì",
    "Y": "i-cờ-rét",
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_GROUPS = ("", "nghìn", "triệu", "tỷ")
_TEENS = {1: "một", 4: "bốn", 5: "lăm"}
_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}


def ticket_number(number: str, language: str = VIETNAMESE) -> str:
    """`A015` → `A không một năm`, the letter by its Vietnamese name."""
    digits = _DIGITS.get(language, _DIGITS["en"])
    letters = _LETTERS if language == VIETNAMESE else {}
    return " ".join(digits[int(sign)] if sign.isdecimal() else letters.get(sign, sign) for sign in number)


def number(value: int) -> str:
    """A number in Vietnamese words, from 0 to below a billion billions: `15` → `mười lăm`, `1266` → `một nghìn …`."""
    if value == 0:
        return _DIGITS["vi"][0]
    groups: list[int] = []
    while value:
        value, rest = divmod(value, 1000)
        groups.append(rest)
    said = [
        f"{_hundreds(group, first=at == len(groups) - 1)} {_group_name(at)}".strip()
        for at, group in reversed(list(enumerate(groups)))
        if group
    ]
    return " ".join(said)


def _group_name(at: int) -> str:
    return " ".join(filter(None, (_GROUPS[at % 3] if at % 3 or not at else "", "tỷ" if at >= 3 else "")))


def _hundreds(group: int, *, first: bool) -> str:
    hundreds, rest = divmod(group, 100)
    digits = _DIGITS["vi"]
    said = [] if first and not hundreds else [f"{digits[hundreds]} trăm"]
    if rest:
        said.append(_tens(rest, alone=not said))
    return " ".join(said)


def _tens(rest: int, *, alone: bool) -> str:
    tens, ones = divmod(rest, 10)
    digits = _DIGITS["vi"]
    if tens == 0:
        return digits[ones] if alone else f"linh {digits[ones]}"
    if tens == 1:
        return f"mười {_TEENS.get(ones, digits[ones])}" if ones else "mười"
    return f"{digits[tens]} mươi {_AFTER_TENS.get(ones, digits[ones])}" if ones else f"{digits[tens]} mươi"


def said(text: str, language: str = VIETNAMESE) -> str:
    """A text of a screen as it is to be read aloud."""
    for pattern, spoken in _RULES.get(language, _RULES["en"]):
        text = pattern.sub(spoken, text)
    return " ".join(text.split())


# ---- rules, in this order -------------------------------------------------------

_TICKET = re.compile(r"\b[A-Z]{1,3}\d{3,9}\b")
_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})\b")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_RANGE = re.compile(r"\s*[–—]\s*")
_THOUSANDS = re.compile(r"\b\d{1,3}(?:\.\d{3})+\b")
_NUMBER = re.compile(r"\d+")
_LOUD = re.compile(r"\b[^\W\d_]{2,}\b")
_SIGNS = re.compile(r"[·•…\"“”()\[\]]+")
_LONGEST = 12
"""Longer runs of digits are codes: they are read one by one."""

_Spoken = Callable[["re.Match[str]"], str] | str


def _vietnamese_clock(found: "re.Match[str]") -> str:
    minutes = f" {number(int(found[2]))} phút" if int(found[2]) else ""
    return f"{number(int(found[1]))} giờ{minutes}"


def _vietnamese_date(found: "re.Match[str]") -> str:
    return f"ngày {number(int(found[1]))} tháng {number(int(found[2]))} năm {number(int(found[3]))}"


def _vietnamese_number(found: "re.Match[str]") -> str:
    digits = found[0].replace(".", "")
    return number(int(digits)) if len(digits) <= _LONGEST else ticket_number(digits)


def _english_date(found: "re.Match[str]") -> str:
    month = int(found[2])
    return f"{int(found[1])} {_MONTHS[month - 1]} {found[3]}" if 1 <= month <= len(_MONTHS) else found[0]


def _quiet(found: "re.Match[str]") -> str:
    """Words in capitals are words, not letters."""
    return found[0].lower() if found[0].isupper() else found[0]


_RULES: dict[str, tuple[tuple["re.Pattern[str]", _Spoken], ...]] = {
    "vi": (
        (_LOUD, _quiet),
        (_TICKET, lambda found: ticket_number(found[0])),
        (_DATE, _vietnamese_date),
        (_DAY, lambda found: f"ngày {number(int(found[1]))} tháng {number(int(found[2]))}"),
        (_CLOCK, _vietnamese_clock),
        (_RANGE, " đến "),
        (_THOUSANDS, _vietnamese_number),
        (_NUMBER, _vietnamese_number),
        (_SIGNS, ", "),
    ),
    "en": (
        (_LOUD, _quiet),
        (_TICKET, lambda found: ticket_number(found[0], "en")),
        (_DATE, _english_date),
        (_RANGE, " to "),
        (_SIGNS, ", "),
    ),
}
