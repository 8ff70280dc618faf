"""Telex: the keys of an on-screen keyboard become Vietnamese, word by word. Pure.

Tone marks stand as most people write them, by the old rule: `hòa`, `thủy`, `khỏe`; but `hoàn`, `quý`, `giếng`.
Typing a mark's key again takes the mark back and writes the key (`aaa` gives `aa`); `z` takes the tone away. A word
that is not Vietnamese in the end shows its keys as they were typed, so that `karaoke` needs no care.
"""

import re
import unicodedata
from functools import lru_cache

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TONE_KEYS = {mark: key for key, mark in _TONES.items()}
_DOUBLED = {"a": "â", "e": "ê", "o": "ô", "d": "đ"}
_HORNED = {"a": "ă", "o": "ơ", "u": "ư"}
_PLAIN = {marked: (base, base) for base, marked in _DOUBLED.items()}
_PLAIN |= {marked: (base, "w") for base, marked in _HORNED.items()}
_VOWELS = frozenset("aăâeêioôơuưy")
_WORD = re.compile(r"[^\W\d_]+")

_ONSETS = "b c ch d đ g gh gi h k kh kr l m n ng ngh nh p ph pl qu r s t th tr v x"
_NUCLEI = (
    "a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iu oa oă oe oi oo ôi ơi ua uâ ue uê ui uo uô uơ uy ưa ưi ưo "
    "ưu ươ ye yê iêu yêu oai oao oay oeo uao uây uôi uya uyê uyu ươi ươu"
)
_CODAS = "c ch k m n ng nh p t"


def _one_of(parts: str) -> str:
    return "|".join(sorted(parts.split(), key=len, reverse=True))


_SYLLABLE = re.compile(f"({_one_of(_ONSETS)})?({_one_of(_NUCLEI)})({_one_of(_CODAS)})?")
"""Onset, nucleus and coda of a syllable without its tone; `gi` and `qu` are onsets where a vowel follows."""


def composed(keys: str) -> str:
    """The text that typed keys give."""
    return _WORD.sub(lambda word: _composed_word(word[0]), keys)


def spelled(text: str) -> str:
    """Keys that give `text`, with each word's tone at its end; the way back from `composed`."""
    return _WORD.sub(lambda word: _spelled_word(word[0]), unicodedata.normalize("NFC", text))


def erased(keys: str) -> str:
    """The keys that are left when the last letter of what they show is erased."""
    shown = composed(keys)
    left = spelled(shown[:-1])
    return left if len(composed(left)) < len(shown) else keys[:-1]  # what is no word may have no other spelling


@lru_cache(maxsize=256)
def _composed_word(keys: str) -> str:
    if len(keys.lower()) != len(keys):  # letters of other scripts that have no single small one
        return keys
    word = _Word()
    for key in keys:
        word.press(key)
    return word.text() if word.literal or word.possible() else keys


def _spelled_word(word: str) -> str:
    keys, tone = "", ""
    for letter in word:
        base, mark = _without_tone(letter)
        plain, key = _PLAIN.get(base.lower(), (base, ""))
        keys += (plain.upper() if base.isupper() else plain) + key
        tone = tone or _TONE_KEYS.get(mark, "")
    doubled = (keys[:at] + keys[at - 1 :] for at in range(1, len(keys) + 1))  # takes a mark back that is not meant
    return next((each for each in (keys + tone, *doubled) if composed(each) == word), keys + tone)


def _without_tone(letter: str) -> tuple[str, str]:
    """A letter without its tone, and the tone's mark."""
    parts = unicodedata.normalize("NFD", letter)
    mark = next((part for part in parts if part in _TONE_KEYS), "")
    return unicodedata.normalize("NFC", parts.replace(mark, "")), mark


class _Word:
    """One word while it is typed: its letters with their quality marks, in small letters, and its tone."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.capital: list[bool] = []
        self.tone = ""
        self.literal = False
        """After a mark was taken back, the rest of the word is written as typed."""

    def press(self, key: str) -> None:
        """Let one key change a mark, or write its letter."""
        small = key.lower()
        if self.literal or not (self._set_tone(small) or self._mark(small)):
            self._write(key)

    def possible(self) -> bool:
        """Whether it can stand as it is: no mark at all, an abbreviation such as NĐ, or a Vietnamese syllable."""
        word = "".join(self.letters)
        marked = bool(self.tone) or any(letter in _PLAIN for letter in self.letters)
        return not marked or not _VOWELS & set(self.letters) or _SYLLABLE.fullmatch(word) is not None

    def text(self) -> str:
        """The word as it is shown."""
        shown = list(self.letters)
        if self.tone and (place := self._tone_place()) is not None:
            shown[place] = unicodedata.normalize("NFC", shown[place] + self.tone)
        return "".join(letter.upper() if big else letter for letter, big in zip(shown, self.capital, strict=True))

    def _write(self, key: str) -> None:
        self.letters.append(key.lower())
        self.capital.append(key != key.lower())
        self.letters = _joined(self.letters)

    def _set_tone(self, key: str) -> bool:
        if key == "z" and self.tone:
            self.tone = ""
            return True
        if key not in _TONES or _SYLLABLE.fullmatch("".join(self.letters)) is None:
            return False
        if self.tone == _TONES[key]:
            self.tone, self.literal = "", True
            return False
        self.tone = _TONES[key]
        return True

    def _mark(self, key: str) -> bool:
        """Mark the letter that a key doubles or horns; a second time takes the mark back."""
        place = self._place_of(key)
        if place is None:
            return False
        letter = self.letters[place]
        if _PLAIN.get(letter, ("", ""))[1] == key:
            self.letters[place], self.literal = _PLAIN[letter][0], True
            return False
        self.letters[place] = (_HORNED if key == "w" else _DOUBLED)[_PLAIN.get(letter, (letter, ""))[0]]
        self.letters = _joined(self.letters)
        return True

    def _place_of(self, key: str) -> int | None:
        """Which letter a key marks: the last one that it can, so that the word stays possible."""
        if key == "d":
            return self._place_of_d()
        marks = _HORNED if key == "w" else {key: _DOUBLED[key]} if key in _DOUBLED else {}
        fresh = [
            at for at, letter in enumerate(self.letters) if self._base(letter, key) in marks and self._fits(at, marks)
        ]
        done = [at for at, letter in enumerate(self.letters) if letter in marks.values()]
        return next(reversed(fresh or done), None)

    def _place_of_d(self) -> int | None:
        if self.letters and self.letters[-1] in "dđ":
            return len(self.letters) - 1
        return 0 if self.letters[:1] == ["d"] and _VOWELS & set(self.letters) else None

    @staticmethod
    def _base(letter: str, key: str) -> str:
        """The letter without its mark; nothing for one that has the mark of this key already."""
        base, mark = _PLAIN.get(letter, (letter, ""))
        return "" if mark == key else base

    def _fits(self, place: int, marks: dict[str, str]) -> bool:
        base = _PLAIN.get(self.letters[place], (self.letters[place], ""))[0]
        changed = _joined([*self.letters[:place], marks[base], *self.letters[place + 1 :]])
        return _SYLLABLE.fullmatch("".join(changed)) is not None

    def _tone_place(self) -> int | None:
        found = _SYLLABLE.fullmatch("".join(self.letters))
        if found is None:
            return next((at for at, letter in enumerate(self.letters) if letter in _VOWELS), None)
        first, nucleus = found.start(2), found[2]
        marked = [at for at, letter in enumerate(nucleus) if letter in _PLAIN]
        if marked:
            return first + marked[-1]
        return first + (1 if len(nucleus) == 3 or (len(nucleus) == 2 and found[3]) else 0)


def _joined(letters: list[str]) -> list[str]:
    """`uơ` and `ưo` are both meant as `ươ` as soon as a letter follows: `thuở`, but `thương`."""
    word = "".join(letters)
    return list(re.sub("(?<!q)(uơ|ưo)(?=.)", "ươ", word))
