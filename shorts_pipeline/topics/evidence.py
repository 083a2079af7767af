"""Evidence: what two headlines share or contradict besides their meaning: figures, names, opposites.

Small models put "SK hynix starts HBM4" and "Samsung starts HBM4" as close together as two tellings of one story; a
name or figure that stands on each side alone tells them apart. Across languages names are compared by sound ("Nvidia"
is read 엔비디아), a few by translation, and what needs none (GPT-6) as it is.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Protocol

import regex

from shorts_pipeline.language import spell_out
from shorts_pipeline.language.korean_letters import known_reading, known_readings
from shorts_pipeline.language.tables import listed, paired

# Words of one line exclude one another.
_EXCLUSIVE = [
    frozenset(listed(line))
    for line in (
        "인상 인하 동결",
        "상승 하락 보합 오른 내린 급등 급락 상승세 하락세 반등 폭락 폭등",
        "증가 감소 늘어 줄어",
        "확대 축소",
        "강세 약세",
        "승리 패배 무승부",
        "찬성 반대",
        "흑자 적자",
        "출시 단종 출시연기",
        "성공 실패 연기 취소",
        "개막 폐막",
        "유죄 무죄",
        "통과 부결",
        "최고 최저",
        "시작 종료 연기 중단",
        "오늘 내일 어제 모레",
        "up down flat",
        "rise rises rose fall falls fell",
        "gain gains loss losses",
        "raises cuts holds",
        "hikes cuts holds",
        "surge surges plunge plunges",
        "wins win won loses lose lost",
        "buys sells",
        "higher lower",
        "approves rejects delays",
        "guilty acquitted",
        "launches delays cancels discontinues",
        "opens closes",
        "increase increases decrease decreases",
        "hires fires",
        "today tomorrow yesterday",
    )
]
_TRANSLATED = paired("""
    korea=한국 korean=한국 seoul=서울 busan=부산 jeju=제주 japan=일본 japanese=일본 china=중국 chinese=중국
    taiwan=대만 india=인도 vietnam=베트남 us=미국 america=미국 american=미국 russia=러시아 ukraine=우크라이나
    israel=이스라엘 iran=이란 germany=독일 france=프랑스 britain=영국 uk=영국 europe=유럽 european=유럽 eu=유럽연합
    un=유엔 fed=연준 federal=연준 tokyo=도쿄 beijing=베이징 mumbai=뭄바이 london=런던 paris=파리
    california=캘리포니아 texas=텍사스 georgia=조지아 arizona=애리조나 bok=한국은행 samsung=삼성 hyundai=현대
    moon=달 mars=화성 bitcoin=비트코인
    """)
_FIGURE = regex.compile(r"(?P<value>\d+(?:\.\d+)?)(?P<unit>.*)$")
_SAYS_NOTHING = frozenset(listed("to in at on of for from by with over and the a is as than 이상 넘어 에 만에"))
_LATIN = regex.compile(r"[A-Za-z][A-Za-z0-9+#-]*[A-Za-z0-9+#]")
_LONGEST_THING = 2  # words
_HANGUL = regex.compile(r"[가-힣][가-힣A-Za-z0-9]*")
_PARTICLES = regex.compile(
    r"(?:에게서|에서는|에서|에게|까지|부터|으로|보다|처럼|이라|라고|은|는|이|가|을|를|에|의|와|과|도|로|만|서)$"
)


class Evident(Protocol):
    """What a telling offers as evidence."""

    @property
    def title(self) -> str: ...
    @property
    def normalized(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def words(self) -> tuple[str, ...]: ...
    @property
    def numbers(self) -> frozenset[str]: ...
    @property
    def names(self) -> frozenset[str]: ...


def contradict(one: Evident, other: Evident) -> bool:
    """Whether they differ in what a paraphrase keeps: figures, opposites, a name on each side that the other lacks."""
    if one.language != other.language:
        return _names_apart_across(one, other)
    return (
        _figures_apart(one.normalized, other.normalized)
        or _exclusive(one.words, other.words)
        or _names_apart(_in_title(one), _in_title(other))
        or _capitals_replaced(one.title, other.title)
        or _one_thing_replaced(one.title, other.title)
    )


def shared_evidence(one: Evident, other: Evident) -> int:
    """How many names and telling figures (of more than one digit) are in both."""
    shared = sum(len(number) > 1 for number in one.numbers & other.numbers)
    if one.language != other.language:
        return shared + len(_shared_across(one, other))
    names = {name for name in one.names if any(same_name(name, theirs) for theirs in other.names)}
    looks = _distinct(one.title) & _distinct(other.title)
    return shared + len(names) + sum(not any(word in name.casefold() for name in names) for word in looks)


def replaced_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a word of one title stands where the other has another: not a spelling, a particle or an addition."""
    only_one, only_other = _only(one, other), _only(other, one)
    if not only_one or not only_other:
        return False
    fewer, more = sorted((only_one, only_other), key=len)
    return not all(any(_variants(a, b) for b in more) for a in fewer)


@lru_cache(maxsize=100_000)
def same_name(one: str, other: str) -> bool:
    """삼성 / 삼성전자, 현대중공업 / HD현대중공업, 한은 / 한국은행: a name and its short form."""
    shorter, longer = sorted((one.casefold(), other.casefold()), key=len)
    if len(shorter) < 2:
        return False
    if longer.startswith(shorter) or (len(shorter) > 2 and longer.endswith(shorter)):
        return True
    return _is_hangul(shorter) and _abbreviates(shorter, longer)


def _figures_apart(one: str, other: str) -> bool:
    """Of one thing they give different figures: 10조원 / 9조원, "7 tips" / "5 tips", "GPT 6" / "GPT 5"."""
    mine, theirs = figures(one), figures(other)
    return any(
        not values & more
        for thing, values in mine.items()
        for other_thing, more in theirs.items()
        if _same_thing(thing, other_thing)
    )


@lru_cache(maxsize=20_000)
def figures(normalized: str) -> dict[str, frozenset[str]]:
    """What a normalised title counts, with its figures: by the unit glued to them, else by the words beside them."""
    tokens = normalized.split()
    found: dict[str, set[str]] = {}
    for index, token in enumerate(tokens):
        match = _FIGURE.match(token)
        if match is None:
            continue
        value, unit = match["value"], match["unit"]
        if unit:
            found.setdefault(unit, set()).add(value)
            continue
        if index + 1 < len(tokens):
            found.setdefault(tokens[index + 1], set()).add(value)
        if index and not _FIGURE.match(tokens[index - 1]):
            # "gpt 6", "iphone 17", 규모 4.9: a version or a measure stands after its name.
            found.setdefault(f"{tokens[index - 1]} #", set()).add(value)
    return {thing: frozenset(values) for thing, values in found.items()}


def _same_thing(one: str, other: str) -> bool:
    """조원 / 조, 대 / 대를: a unit and the unit with something glued to it."""
    if one == other:
        return one.removesuffix(" #") not in _SAYS_NOTHING
    return _is_hangul(one) and _is_hangul(other) and (one.startswith(other) or other.startswith(one))


def _in_title(telling: Evident) -> list[str]:
    """The names a title names; those only in the text below differ from article to article."""
    return [name for name in telling.names if name in telling.title]


def _exclusive(one: Sequence[str], other: Sequence[str]) -> bool:
    """A word of one and, in the other, a word that excludes it, with neither title saying both."""
    mine, theirs = set(map(_bare, one)), set(map(_bare, other))
    return any(mine & line and theirs & line and not mine & theirs & line for line in _EXCLUSIVE)


def exclude(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two titles' words exclude one another: 인상 / 인하, "rises" / "falls"."""
    return _exclusive(one, other)


def translation(word: str) -> str | None:
    """What a well-known name of one language is called in Korean ("Seoul" → 서울)."""
    return _TRANSLATED.get(word.casefold())


def _names_apart(one: Iterable[str], other: Iterable[str]) -> bool:
    """Each names somebody whom the other does not."""
    mine, theirs = list(one), list(other)
    return any(not any(same_name(a, b) for b in theirs) for a in mine) and any(
        not any(same_name(a, b) for a in mine) for b in theirs
    )


def _capitals_replaced(one: str, other: str) -> bool:
    """In the same sentence another name: a capitalised word where the other title has another one."""
    if _HANGUL.search(one) or _shouts(one) or _shouts(other):
        return False
    mine, theirs = _LATIN.findall(one), _LATIN.findall(other)
    matcher = SequenceMatcher(None, [w.casefold() for w in mine], [w.casefold() for w in theirs], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        first, second = _capitals(mine[a:b]), _capitals(theirs[c:d])
        if kind == "replace" and first and second and b - a <= 3 and d - c <= 3:
            apart = not any(_variants(x.casefold(), y.casefold()) for x in first for y in second)
            if apart and not set(first) & set(theirs) and not set(second) & set(mine):
                return True
    return False


def _one_thing_replaced(one: str, other: str) -> bool:
    """ "Flat prices rise for 8 weeks" / "Rents rise for 8 weeks": one sentence about two things."""
    mine, theirs = one.casefold().split(), other.casefold().split()
    fewer = min(len(mine), len(theirs))
    start = next((at for at in range(fewer) if mine[at] != theirs[at]), fewer)
    end = next((at for at in range(fewer - start) if mine[-1 - at] != theirs[-1 - at]), fewer - start)
    this, that = mine[start : len(mine) - end], theirs[start : len(theirs) - end]
    if not this or not that or start + end < 3 or max(len(this), len(that)) > _LONGEST_THING:
        return False
    return not any(_variants(x, y) for x in this for y in that)


def _names_apart_across(one: Evident, other: Evident) -> bool:
    """Each side has a well-known name that the other side does not have in its language."""
    korean, foreign = (one, other) if one.language == "ko" else (other, one)
    if korean.language != "ko":
        return False
    heard = _heard(korean)
    names = {word: reading for word in _LATIN.findall(foreign.title) if (reading := _reliable(word))}
    strangers = [word for word, reading in names.items() if not _hears(heard, reading)]
    readings = [spell_out(word, "ko") for word in _LATIN.findall(foreign.title) if word[0].isupper()]
    known = {word for word in map(_bare, _HANGUL.findall(korean.title)) if word in known_readings()}
    alone = [
        name
        for name in korean.names | known
        if not any(same_name(spell_out(name, "ko"), each) for each in [*names.values(), *readings])
    ]
    return bool(strangers and alone)


def _shared_across(one: Evident, other: Evident) -> set[str]:
    """Names of one that the other has in its own language."""
    shared = _distinct(one.title) & _distinct(other.title)
    korean, foreign = (one, other) if one.language == "ko" else (other, one)
    if korean.language != "ko":
        return shared
    heard = _heard(korean)
    for word in _LATIN.findall(foreign.title):
        reading = _reliable(word) or (spell_out(word, "ko") if word[0].isupper() and len(word) > 3 else None)
        if reading and _hears(heard, reading):
            shared.add(word.casefold())
    return shared


@lru_cache(maxsize=20_000)
def _reading(word: str) -> str:
    return spell_out(word, "ko")


def _heard(korean: Evident) -> frozenset[str]:
    """The words of a Korean title as they sound, with and without what may be a particle."""
    words = _HANGUL.findall(korean.title) + _LATIN.findall(korean.title)
    return frozenset(form for word in words for form in (_reading(word), _bare(_reading(word))))


def _hears(heard: Iterable[str], reading: str) -> bool:
    return any(word.startswith(reading) and len(reading) > 1 for word in heard)


def _reliable(word: str) -> str | None:
    """How a word is said in Korean, where that is known and not guessed."""
    if not word[0].isupper():
        return None
    word = word.rstrip("+#")
    return _TRANSLATED.get(word.casefold()) or (known_reading(word) if len(word) > 2 else None)


def _distinct(title: str) -> set[str]:
    """Latin words that are names by their look: capitals inside, or figures."""
    found = {
        word.casefold()
        for word in _LATIN.findall(title)
        if any(character.isupper() for character in word[1:]) or any(character.isdigit() for character in word)
    }
    return found - EVERYWHERE


# In half the headlines of a channel about technology; sharing them says nothing.
EVERYWHERE = frozenset(listed("ai it tv pc app us uk eu ceo api ipo ev evs gpu cpu llm 인공지능 반도체 q1 q2 q3 q4"))


def _shouts(title: str) -> bool:
    """Every Word of a Title Is Capitalised, so that capitals say nothing."""
    words = [word for word in _LATIN.findall(title) if len(word) > 3]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _capitals(words: Iterable[str]) -> list[str]:
    return [word for word in words if word[0].isupper()]


def _only(one: Sequence[str], other: Sequence[str]) -> list[str]:
    return [word for word in dict.fromkeys(one) if word not in other]


def _variants(one: str, other: str) -> bool:
    """서울 / 서울서, chip / chips, 있다 / 있었다: one word in two forms."""
    from rapidfuzz import fuzz

    shorter, longer = sorted((_bare(one) or one, _bare(other) or other), key=len)
    if any(character.isdigit() for character in one + other):
        return shorter == longer
    return (len(shorter) > 1 and longer.startswith(shorter)) or fuzz.ratio(one, other) >= 75


def _bare(word: str) -> str:
    """A Korean word without its particle, where a word of two syllables is left."""
    bare = _PARTICLES.sub("", word)
    return bare if len(bare) > 1 else word


def _is_hangul(word: str) -> bool:
    return all("가" <= character <= "힣" for character in word)


def _abbreviates(shorter: str, longer: str) -> bool:
    """Syllables of the longer name in their order, the first one first."""
    if shorter[0] != longer[0] or len(longer) > 10 or len(shorter) > 4:
        return False
    remaining = iter(longer)
    return all(syllable in remaining for syllable in shorter)
