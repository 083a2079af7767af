"""Korean sounds: Hangul as it is written to Hangul as it is said ("협력" → 혐녁), by the Standard Pronunciation rules.

Liaison, palatalisation, aspiration, nasalisation, liquidisation, tensification and the seven final consonants, syllable
by syllable inside a word. What depends on a word's origin ("물가" → 물까) stands in pronunciations.txt; what depends on
grammar ("신고": a report, or wearing shoes) is read as the noun. Numbers in brackets are articles of the standard
(표준어 규정, 제2부 표준 발음법).
"""

from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import regex

from shorts_pipeline.language.tables import listed, paired

ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
NUCLEI = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
CODAS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")


class Syllable(NamedTuple):
    """One syllable in jamo; `coda` is empty where there is none."""

    onset: str
    nucleus: str
    coda: str

    def __str__(self) -> str:
        return chr(0xAC00 + (ONSETS.index(self.onset) * 21 + NUCLEI.index(self.nucleus)) * 28 + CODAS.index(self.coda))


_WORD = regex.compile(r"[가-힣]+")
# After a verb's ending in ㄹ these nouns are said with a tense consonant (27): "할 것" → 할 껃.
_TENSED_NOUNS = paired("것=껏 거=꺼 건=껀 걸=껄 겁=껍 게=께 수=쑤 데=떼 바=빠 줄=쭐 적=쩍 지=찌 듯=뜻 정도=쩡도")
_L_SYLLABLES = "".join(chr(0xAC00 + number * 28 + 8) for number in range(19 * 21))
_AFTER_L = regex.compile(
    rf"(?<=[{_L_SYLLABLES}] )(?:것|겁(?=니)|거(?=[야예라다고])|건(?=\s|데)|걸(?=\s|로|까)|게(?=\s)|"
    r"수(?=[\s도가는록밖.]|있|없)|바(?=[를가\s])|줄(?=[을은도\s])|듯(?=[\s하이])|정도)"
)
_SEVEN = paired("""
    ㄲ=ㄱ ㅋ=ㄱ ㄳ=ㄱ ㄺ=ㄱ ㄵ=ㄴ ㄶ=ㄴ ㅌ=ㄷ ㅅ=ㄷ ㅆ=ㄷ ㅈ=ㄷ ㅊ=ㄷ ㅎ=ㄷ ㄼ=ㄹ ㄽ=ㄹ ㄾ=ㄹ ㅀ=ㄹ ㄻ=ㅁ
    ㅍ=ㅂ ㅄ=ㅂ ㄿ=ㅂ
    """)
_DOUBLE = paired("ㄳ=ㄱㅅ ㄵ=ㄴㅈ ㄶ=ㄴㅎ ㄺ=ㄹㄱ ㄻ=ㄹㅁ ㄼ=ㄹㅂ ㄽ=ㄹㅅ ㄾ=ㄹㅌ ㄿ=ㄹㅍ ㅀ=ㄹㅎ ㅄ=ㅂㅅ")
_TENSE = paired("ㄱ=ㄲ ㄷ=ㄸ ㅂ=ㅃ ㅅ=ㅆ ㅈ=ㅉ")
_ASPIRATED = paired("ㄱ=ㅋ ㄷ=ㅌ ㅂ=ㅍ ㅈ=ㅊ")
_NASAL = paired("ㄱ=ㅇ ㄷ=ㄴ ㅂ=ㅁ")
_PALATAL = paired("ㄷ=ㅈ ㅌ=ㅊ")
# A final ㄹ of a Sino-Korean syllable makes the next ㄷ, ㅅ, ㅈ tense (26): "결정" → 결쩡. Native words do not, nor do
# endings and particles ("알다", "말도"); these two sets tell most of them apart.
_SINO_L = frozenset("갈결골괄굴길달돌렬률멸물밀발벌별불살설솔술실알얼열울월율일절졸줄질찰철촬출칠탈팔필할활힐")
_SINO_NEXT = frozenset(
    "단달당대덕독돈동둔득등사산상생서석선설성세소속손송수순술습승시식신실심십작잔장재저적전절점접정제조족존종주준중증직진질집"
)
_NO_TENSE = frozenset(listed("서울시 서울대 돌산 불상사 하늘소 열두 여덟살 팔순 일상적"))
# Nouns in ㄴ before these read ㄹ as ㄴ (20): "생산량" → 생산냥, but "권력" → 궐력.
_STAYS_N = frozenset("량력란론료령")
_NOUN_LK = frozenset("닭흙칡")
_J_VOWELS = frozenset("ㅣㅑㅕㅛㅠ")
_PLAIN_J = paired("ㅑ=ㅏ ㅒ=ㅐ ㅕ=ㅓ ㅖ=ㅔ ㅛ=ㅗ ㅠ=ㅜ")


def pronounced(text: str) -> str:
    """The text with every Hangul word as it is said; all else is left. Spell figures out first (numerals.py)."""
    text = _AFTER_L.sub(lambda match: _TENSED_NOUNS[match.group()], text)
    return str(_WORD.sub(lambda match: _word(match.group()), text))


def taken_apart(word: str) -> list[Syllable]:
    """The syllables of a Hangul word."""
    found = []
    for character in word:
        rest, coda = divmod(ord(character) - 0xAC00, 28)
        onset, nucleus = divmod(rest, 21)
        found.append(Syllable(ONSETS[onset], NUCLEI[nucleus], CODAS[coda]))
    return found


@lru_cache(maxsize=20_000)
def _word(word: str) -> str:
    word = _exceptions(word)
    sounds = [_vowel(syllable, at, word) for at, syllable in enumerate(taken_apart(word))]
    for at in range(len(sounds) - 1):
        before, after = sounds[at], sounds[at + 1]
        coda, onset = _meet(before, after, word, at)
        sounds[at], sounds[at + 1] = before._replace(coda=coda), after._replace(onset=onset)
    if sounds:
        sounds[-1] = sounds[-1]._replace(coda=_SEVEN.get(sounds[-1].coda, sounds[-1].coda))
    return "".join(str(_after_affricate(sound)) for sound in sounds)


def _meet(before: Syllable, after: Syllable, word: str, at: int) -> tuple[str, str]:
    """What a final consonant and the next syllable's first become."""
    coda, onset = before.coda, after.onset
    if not coda:
        return coda, onset
    if onset == "ㅇ":
        return _joined(coda, after.nucleus)
    if onset == "ㅎ" and coda not in "ㄴㄹㅁㅇ":
        return _with_h(coda, after.nucleus)
    if coda in "ㅎㄶㅀ":
        return _after_h(coda, onset)
    hard = _tensed(before, after, word, at)
    if coda == "ㄺ" and onset == "ㄱ" and word[at] not in _NOUN_LK:  # (11)
        return "ㄹ", "ㄲ"
    closed = "ㅂ" if word[at] == "밟" else _SEVEN.get(coda, coda)
    if onset in "ㄴㅁ":  # (18, 20)
        return ("ㄹ", "ㄹ") if closed == "ㄹ" and onset == "ㄴ" else (_NASAL.get(closed, closed), onset)
    if onset == "ㄹ":
        return _before_l(closed, word, at)
    return closed, _TENSE.get(onset, onset) if hard else onset


def _joined(coda: str, nucleus: str) -> tuple[str, str]:
    """Liaison (13, 14), with ㅎ silent (12) and ㄷ, ㅌ before ㅣ as ㅈ, ㅊ (17)."""
    if coda == "ㅇ":
        return coda, "ㅇ"
    stays, moves = tuple(_DOUBLE.get(coda, " " + coda))
    if moves == "ㅎ":
        return ("", stays) if stays != " " else ("", "ㅇ")
    if nucleus in "ㅣㅕ":
        moves = _PALATAL.get(moves, moves)
    if stays != " " and moves == "ㅅ":
        moves = "ㅆ"
    return stays.strip(), moves


def _with_h(coda: str, nucleus: str) -> tuple[str, str]:
    """A stop and ㅎ make one aspirate (12, 17)."""
    stays, last = tuple(_DOUBLE.get(coda, " " + coda))
    if last in "ㅎㅅ" and coda in _DOUBLE:
        return _SEVEN.get(coda, coda), _ASPIRATED.get(_SEVEN.get(coda, coda), "ㅎ")
    plain = last if last in "ㄱㅂㅈ" else _SEVEN.get(last, last)
    aspirate = "ㅊ" if plain == "ㄷ" and last == "ㄷ" and nucleus == "ㅣ" else _ASPIRATED.get(plain, "ㅎ")
    return stays.strip(), aspirate


def _after_h(coda: str, onset: str) -> tuple[str, str]:
    """ㅎ before a consonant (12): "좋다" → 조타, "많소" → 만쏘, "놓는" → 논는, "싫네" → 실레."""
    stays = {"ㅎ": "", "ㄶ": "ㄴ", "ㅀ": "ㄹ"}[coda]
    if onset in _ASPIRATED:
        return stays, _ASPIRATED[onset]
    if onset == "ㅅ":
        return stays, "ㅆ"
    if onset == "ㄴ":
        return stays or "ㄴ", "ㄹ" if stays == "ㄹ" else "ㄴ"
    return stays or "ㄷ", onset


def _before_l(closed: str, word: str, at: int) -> tuple[str, str]:
    """Before ㄹ (19, 20): ㄴ becomes ㄹ except in derived nouns, stops and ㅁ, ㅇ make it ㄴ."""
    if closed == "ㄹ":
        return "ㄹ", "ㄹ"
    if closed == "ㄴ":
        derived = at >= 1 and word[at + 1] in _STAYS_N
        return ("ㄴ", "ㄴ") if derived else ("ㄹ", "ㄹ")
    return _NASAL.get(closed, closed), "ㄴ"


def _tensed(before: Syllable, after: Syllable, word: str, at: int) -> bool:
    """Whether the next consonant becomes tense (23–26)."""
    coda = before.coda
    if coda in "ㄵㄻㄼㄾ" or _SEVEN.get(coda, coda) in "ㄱㄷㅂ":
        # A noun's ㄻ ("삶과") stays plain; verbs are more frequent ("닮고").
        return not (coda == "ㄻ" and word[at] == "삶" and after.onset == "ㄱ")
    if coda != "ㄹ" or after.onset not in "ㄷㅅㅈ":
        return False
    inside_native = any(known in word and at < word.find(known) + len(known) for known in _NO_TENSE)
    return word[at] in _SINO_L and word[at + 1] in _SINO_NEXT and not inside_native


def _vowel(syllable: Syllable, at: int, word: str) -> Syllable:
    """Vowels (5): "계" → 게, "희" → 히; 의 is ㅢ at the beginning, ㅔ as a particle, else ㅣ."""
    onset, nucleus, _ = syllable
    if nucleus == "ㅖ" and onset not in "ㅇㄹ":
        return syllable._replace(nucleus="ㅔ")
    if nucleus != "ㅢ":
        return syllable
    if onset != "ㅇ":
        return syllable._replace(nucleus="ㅣ")
    if at == 0:
        return syllable
    return syllable._replace(
        nucleus="ㅔ" if at == len(word) - 1 and not syllable.coda and word not in _NOUN_UI else "ㅣ"
    )


_NOUN_UI = frozenset(
    listed("회의 합의 협의 논의 정의 주의 동의 강의 항의 결의 질의 의의 편의 창의 호의 사의 심의 유의")
)


def _after_affricate(sound: Syllable) -> Syllable:
    """After ㅈ, ㅉ, ㅊ there is no y (5): "가져" → 가저."""
    plain = _PLAIN_J.get(sound.nucleus) if sound.onset in "ㅈㅉㅊ" else None
    return sound._replace(nucleus=plain) if plain else sound


@lru_cache
def _known() -> tuple[dict[str, str], "regex.Pattern[str]"]:
    """What is said otherwise than the rules have it. A key counts at a word's beginning, with "~" anywhere in it."""
    text = files("shorts_pipeline.language").joinpath("pronunciations.txt").read_text(encoding="utf-8")
    known = paired(" ".join(line for line in text.splitlines() if not line.startswith("#")))
    keys = sorted(known, key=len, reverse=True)
    pattern = "|".join(key[1:] if key.startswith("~") else f"^{key}" for key in keys)
    return {key.lstrip("~"): said for key, said in known.items()}, regex.compile(pattern)


def _exceptions(word: str) -> str:
    known, pattern = _known()
    return str(pattern.sub(lambda match: known[match.group()], word))
