"""Entities: who and what a story names, by rules: `{name, type, sentiment}`.

Korean from proper nouns and what follows or ends them, English from capitals inside sentences. Rules see a person by
the title beside the name; what they cannot tell is a plain `name`. A language model, where configured, does better.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import regex

from shorts_pipeline.language import Morpheme
from shorts_pipeline.language.stopwords import ENGLISH
from shorts_pipeline.language.tables import listed

MOST_ENTITIES = 12


@dataclass(frozen=True)
class Entity:
    """A named thing: `type` is person, organisation, place or name; `sentiment` negative, neutral or positive."""

    name: str
    type: str
    sentiment: str = "neutral"

    def as_json(self) -> dict[str, Any]:
        """As it stands in `topics.entities`."""
        return asdict(self)


_KOREAN_TITLES = frozenset(
    listed("""
        대통령 총리 장관 차관 의원 대표 회장 부회장 사장 부사장 교수 감독 선수 위원장 총재 원장 시장 지사 검사 판사
        변호사 박사 작가 배우 가수 씨 최고경영자 창업자 연구원 행장 청장 본부장 이사장 대변인 실장 국장 총장 여사
        기자
    """)
)
_KOREAN_ORGANISATION = regex.compile(
    r".(?:전자|은행|그룹|증권|자동차|화학|제약|바이오|대학교?|병원|위원회|협회|공사|공단|재단|법원|검찰|경찰청|연구원|연구소|중공업|건설|생명|카드|통신|텔레콤|"
    r"에너지|솔루션|하이닉스|디스플레이|엔터테인먼트|항공|물산|방송|신문|[가-힣]당|재정부|외교부|국방부|과기정통부|산업부|교육부|법무부|복지부|국회|청와대)$"
)
_KOREAN_PLACE = regex.compile(r"(?:[가-힣]{2,}(?:특별시|광역시|시|군|구|읍|면|동|역|공항|반도)|[가-힣]+도)$")
_PLACES = frozenset(
    listed("""
        한국 대한민국 북한 미국 중국 일본 러시아 영국 프랑스 독일 인도 대만 우크라이나 이스라엘 이란 베트남 캐나다
        호주 유럽 아시아 중동 서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남 경북 경남 제주
        도쿄 베이징 뉴욕 워싱턴 런던 파리 korea japan china america russia britain france germany india taiwan
        ukraine israel iran vietnam canada australia europe asia seoul tokyo beijing washington london paris
        brussels california texas
    """)
)
_ENGLISH_ORGANISATION = regex.compile(
    r"\b(?:Inc|Corp|Ltd|LLC|Group|Bank|University|Commission|Ministry|Department|Agency|Institute|Labs?|Foundation|Association|Court|Council|"
    r"Motors|Electronics|Technologies|Systems|Party|Reserve|Union)\.?$"
)
_ENGLISH_PERSON = regex.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|President|CEO|Senator|Minister|Secretary|Judge|Gov|founder|chief|executive)\.?\s*$"
)
_CAPITALISED_WORD = r"(?:\p{Lu}[\p{L}\p{N}'’&+.-]*[\p{L}\p{N}+]|\p{Ll}+\p{Lu}[\p{L}\p{N}]*)"
_CAPITALISED = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}]){_CAPITALISED_WORD}"
    rf"(?:\s+(?:of\s+|the\s+)?(?:{_CAPITALISED_WORD}|\p{{Lu}}\.|\d{{1,2}}(?![\d.,\p{{L}}])))*"
)
_DISTINCT = regex.compile(r"[a-z][A-Z]|[A-Z]{2}|\p{L}\d")
_NEGATIVE = regex.compile(
    r"사망|구속|논란|의혹|혐의|사기|폭락|급락|적자|체포|비판|사고|기소|징역|횡령|참사|해킹|유출|결함|파산|해고|리콜|피해|위기|"
    r"\b(?:dies?|dead|killed|arrest\w*|fraud|scandal|lawsuit|sue[sd]?|crash\w*|guilty|charged|accus\w+|breach\w*|layoffs?|bankrupt\w*|recall\w*|"
    r"hack\w*|leak\w*|fine[ds]?)\b",
    regex.IGNORECASE,
)
_POSITIVE = regex.compile(
    r"수상|우승|흑자|급등|신기록|최고치|호평|성공|돌파|쾌거|1위|회복|구조|"
    r"\b(?:wins?|won|award\w*|record|surg\w+|soar\w*|success\w*|breakthrough|praise[ds]?|rescued?)\b",
    regex.IGNORECASE,
)


def korean_entities(morphemes: Sequence[Morpheme], text: str) -> list[Entity]:
    """Named things among the morphemes of `text`, in order of appearance."""
    found: dict[str, Entity] = {}
    index = 0
    while index < len(morphemes):
        name, after = _compound(morphemes, index, text)
        if name and name not in found and not _is_common(name):
            found[name] = Entity(name, _korean_type(name, morphemes, after), _sentiment_near(text, name))
        index = max(after, index + 1)
    return list(found.values())[:MOST_ENTITIES]


def english_entities(title: str, body: Iterable[str]) -> list[Entity]:
    """Named things of an English title and the sentences under it, in order of appearance."""
    found: dict[str, Entity] = {}
    inside = list(body)
    running = " ".join(inside)
    for sentence in [title, *inside]:
        # In a Headline Written Like This every word has a capital: only what the running text confirms is a name.
        shouting = _mostly_capitals(sentence)
        for match in _CAPITALISED.finditer(sentence):
            name = _trimmed(match.group())
            first = not sentence[: match.start()].strip(" \"'“‘(")
            if not name or name in found or _is_common(name):
                continue
            if (first or shouting) and not _DISTINCT.search(name) and not _inside(name, running):
                continue
            found[name] = Entity(name, _english_type(name, sentence[: match.start()]), _sentiment_near(sentence, name))
    return list(found.values())[:MOST_ENTITIES]


def _compound(morphemes: Sequence[Morpheme], index: int, text: str) -> tuple[str, int]:
    """A name that starts here: proper nouns (or Latin) that touch, with the common nouns glued to them."""
    first = morphemes[index]
    if not (first.tag == "NNP" or (first.tag == "SL" and regex.search("[A-Z]", first.form))):
        return "", index + 1
    after = index + 1
    while after < len(morphemes) and morphemes[after].start == morphemes[after - 1].end:
        tag = morphemes[after].tag
        if not (tag in {"NNP", "SL", "SN"} or (tag == "NNG" and morphemes[after].form not in _KOREAN_TITLES)):
            break
        after += 1
    name = text[first.start : morphemes[after - 1].end]
    return (name if len(name) > 1 else ""), after


def _korean_type(name: str, morphemes: Sequence[Morpheme], after: int) -> str:
    following = morphemes[after].form if after < len(morphemes) else ""
    if following in _KOREAN_TITLES and regex.fullmatch(r"[가-힣]{2,4}", name) and name not in _PLACES:
        return "organisation" if _KOREAN_ORGANISATION.search(name) else "person"
    if name in _PLACES:
        return "place"
    if _KOREAN_ORGANISATION.search(name):
        return "organisation"
    return "place" if len(name) > 2 and _KOREAN_PLACE.search(name) else "name"


def _english_type(name: str, before: str) -> str:
    if _ENGLISH_PERSON.search(before):
        return "person"
    if _ENGLISH_ORGANISATION.search(name):
        return "organisation"
    return "place" if name.casefold() in _PLACES or name.split()[-1].casefold() in _PLACES else "name"


def _trimmed(name: str) -> str:
    words = regex.sub(r"['’]s$", "", name.rstrip(".")).split()
    while words and words[0].casefold() in ENGLISH and not words[0].isupper():
        words.pop(0)
    return " ".join(words)


def _is_common(name: str) -> bool:
    folded = name.casefold()
    return len(name) < 2 or folded in ENGLISH or folded in _CALENDAR or folded in _NO_NAMES


def _inside(name: str, running: str) -> bool:
    """Whether the running text has the name where a common word would have no capital."""
    return regex.search(rf"(?<=[\p{{Ll}}\d,;]\s){regex.escape(name)}\b", running) is not None


def _mostly_capitals(sentence: str) -> bool:
    words = [word for word in sentence.split() if word[:1].isalpha() and len(word) > 3]
    return len(words) > 2 and sum(word[0].isupper() for word in words) / len(words) > 0.6


def _sentiment_near(text: str, name: str) -> str:
    """What is said within 60 characters of the name; both or nothing is neutral."""
    at = text.find(name)
    near = text[max(at - 60, 0) : at + len(name) + 60]
    negative, positive = bool(_NEGATIVE.search(near)), bool(_POSITIVE.search(near))
    if negative == positive:
        return "neutral"
    return "negative" if negative else "positive"


_CALENDAR = frozenset(
    listed("""
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
        september october november december
    """)
)
# Capitals and Latin letters that name nobody.
_NO_NAMES = frozenset(
    listed("""
        ai it tv pc ev evs us uk eu gb mb tb kb hd ip app apps api cpu gpu ram dram ceo cto cfo ipo usb led oled vr ar
        xr iot ott korean american chinese japanese british european german french russian indian celsius series english
        한국어 영어 온디바이스 생성형 인공지능 디램
    """)
)
