"""Korean names: from a table of known ones, from proper nouns with what is glued to them, from titles and quotations.

Rules see a person by the title beside the name or by the family name, an office by its ending. Particles and case are
the analyser's business (language/tokens.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from shorts_pipeline.language import Morpheme
from shorts_pipeline.language.known_names import kind_of, known_korean
from shorts_pipeline.language.lexicon import is_common
from shorts_pipeline.language.tables import listed, paired
from shorts_pipeline.topics.entities import MOST_ENTITIES, Entity, EntityType

_TITLES = listed("""
    대통령 총리 부총리 장관 차관 의원 대표 공동대표 회장 부회장 사장 부사장 전무 상무 이사 교수 감독 코치 선수 위원장
    총재 원장 시장 도지사 지사
    군수 구청장 검사 판사 대법관 변호사 박사 작가 배우 가수 씨 군 양 최고경영자 창업자 연구원 행장 청장 본부장 이사장
    대변인 실장 국장 총장 여사
    후보 앵커 기자 아나운서 PD CEO
""")
_TITLE_SET = frozenset(_TITLES)
_AFTER = "|".join(sorted(_TITLES, key=len, reverse=True))
_BEFORE = "배우|가수|감독|선수|작가|교수|의원|대표|회장|장관|공격수|투수|타자|방송인|개그맨|소설가|시인|화가|기수|골퍼"
_ORGANISATION = regex.compile(
    r".(?:전자|은행|그룹|증권|자동차|화학|제약|바이오|대학교?|대병원|병원|위원회|협회|연합회|조합|노조|공사|공단|재단|법원|지법|고법|지검|고검|검찰청?|경찰서?|경찰청|"
    r"교육청|시청|구청|군청|도청|연구원|연구소|진흥원|평가원|기술원|중공업|건설|생명|화재|카드|캐피탈|통신|텔레콤|에너지|솔루션|하이닉스|디스플레이|엔터|"
    r"엔터테인먼트|게임즈|소프트|항공|해운|물산|상사|제지|제철|철강|정밀|로보틱스|로틱스|테크|랩스|클라우드|모빌리티|페이|인베스트먼트|벤처스|파트너스|운용|방송|"
    r"신문|일보|[가-힣]{2}당|재정부|외교부|국방부|과기정통부|산업부|교육부|법무부|복지부|통상부|노동부|국회|의회|중앙회|마트|플러스|푸드|식품|백화점|면세점|"
    r"유나이티드|트윈스|이글스|라이온즈|타이거즈|베어스|랜더스|위즈|다이노스|히어로즈|자이언츠|FC)$"
)
_OFFICE = regex.compile(
    r".(?:위원회|협회|연합회|공사|공단|재단|법원|지법|고법|지검|교육청|시청|구청|연구원|연구소|평가원|진흥원|기술원|경찰청|경찰서|은행|대학교|복지부|"
    r"교육부|법무부|산업부|외교부|국방부|노동부|중앙회|노조|대병원)$"
)
_PLACE = regex.compile(
    r"(?:[가-힣]{2,}(?:특별시|광역시|특별자치도|시|군|구|읍|면|동|리|역|공항|항|산단|산업단지|센터|반도|해협|해역|섬|강|산|호수|공원|터널|대교|광장|단지|로|대로)|"
    r"[가-힣]{2,}도)$"
)
_WORK = regex.compile(
    r"드라마|영화|게임|신작|소설|웹툰|앨범|노래|신곡|예능|뮤지컬|연극|다큐|모델|출시|개봉|관객|흥행|오픈소스|공개|방영|연재|발매|서비스|만\s?명|앱|플랫폼"
)
_QUOTED = regex.compile(r"['‘「『《〈](?P<work>[\p{L}\p{N}][\p{L}\p{N}\s:·+-]{1,14})['’」』》〉]")
_SPOKEN = regex.compile(r"(?:[다요까네죠자라며면서고나냐]|해야|\d)$")
_FAMILY = "".join(
    listed("""
        김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류
        나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥
    """)
)
_GIVEN_NAME = regex.compile(rf"[{_FAMILY}][가-힣]{{2}}")
_IDEOGRAPHS = paired(
    "美=미국 日=일본 中=중국 英=영국 北=북한 獨=독일 佛=프랑스 露=러시아 印=인도 韓=한국 伊=이탈리아 臺=대만"
)
_NO_NAMES = frozenset(
    listed("""
        AI IT TV PC EV US UK EU GB TB MB IP APP API CPU GPU RAM DRAM CEO CTO CFO IPO USB LED OLED VR AR XR IOT OTT CI
        PR ESG M&A
        ETF GDP QR SNS PD MC HD UHD LTE 5G 6G D램 한국어 영어 온디바이스 생성형 인공지능 디램 코스피 코스닥 시리즈B
    """)
)


@dataclass(frozen=True)
class _Found:
    """A name as it stands in the text."""

    name: str
    type: EntityType
    start: int
    end: int


def korean_entities(morphemes: Sequence[Morpheme], text: str) -> list[Entity]:
    """Named things among the morphemes of `text`, in order of appearance."""
    known = [_Found(each.name, _as_type(each.type), each.start, each.end) for each in known_korean(text)]
    found = [*_works(text), *known]
    for each in _proper_nouns(morphemes, text):
        if not any(_keeps(other, each) for other in found):
            found = [other for other in found if not _inside(other, each)]
            found.append(each)
    found += _countries(text)
    entities: dict[str, Entity] = {}
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if each.name not in entities and each.name.upper() not in _NO_NAMES and len(each.name) > 1:
            entities[each.name] = Entity(each.name, each.type)
    return list(entities.values())[:MOST_ENTITIES]


def _keeps(known: _Found, compound: _Found) -> bool:
    """Whether the known name stays: it covers the compound, or only a direction or a title is glued to it (제주행)."""
    if compound.end <= known.start or known.end <= compound.start:
        return False
    if known.start <= compound.start and compound.end <= known.end:
        return True
    rest = compound.name[len(known.name) :]
    return compound.name.startswith(known.name) and (rest in {"행", "발", "산", "측", "인"} or rest in _TITLE_SET)


def _inside(one: _Found, other: _Found) -> bool:
    return other.start <= one.start and one.end <= other.end


def _works(text: str) -> Iterator[_Found]:
    """What stands in quotation marks beside a word for works and products; speech and emphasis do not."""
    for match in _QUOTED.finditer(text):
        work = match["work"].strip()
        around = text[max(match.start() - 12, 0) : match.start()] + " " + text[match.end() : match.end() + 25]
        if _WORK.search(around) and not _SPOKEN.search(work):
            kind = kind_of(work)
            yield _Found(work, _as_type(kind) if kind else "name", match.start("work"), match.start("work") + len(work))


def _proper_nouns(morphemes: Sequence[Morpheme], text: str) -> Iterator[_Found]:
    """Runs of nouns that touch and hold a proper noun, a Latin name, or end like an office."""
    index = 0
    while index < len(morphemes):
        after = _run(morphemes, index)
        if after == index:
            index += 1
            continue
        start, end = morphemes[index].start, morphemes[after - 1].end
        name = text[start:end]
        if _is_name(morphemes[index], name):
            yield _Found(name, _type(name, text), start, end)
        index = after


def _run(morphemes: Sequence[Morpheme], index: int) -> int:
    """Where the nouns that touch each other end; a title ends them (김철수 | 대표)."""
    after = index
    while after < len(morphemes) and (after == index or morphemes[after].start == morphemes[after - 1].end):
        each = morphemes[after]
        if each.tag not in {"NNP", "NNG", "SL", "SN"} or (after == index and each.tag == "SN"):
            break
        if after > index and each.form in _TITLE_SET:
            break
        after += 1
    return after


def _is_name(first: Morpheme, name: str) -> bool:
    if first.tag == "NNP":
        return len(name) > 1
    if first.tag == "SL":
        return regex.search(r"\p{Lu}", name) is not None or (len(first.form) > 2 and not is_common(first.form))
    return first.tag == "NNG" and (_OFFICE.search(name) is not None and len(name) > 4)


def _type(name: str, text: str) -> EntityType:
    if kind := kind_of(name):
        return _as_type(kind)
    if regex.fullmatch(r"[가-힣]{2,4}", name) and _has_title(name, text) and not _ORGANISATION.search(name):
        return "person"
    if _ORGANISATION.search(name):
        return "organisation"
    if len(name) > 2 and _PLACE.search(name):
        return "place"
    if _GIVEN_NAME.fullmatch(name):
        return "person"
    # Whoever says, decides and sells is a company more often than not; a person would have a title.
    acts = rf"{regex.escape(name)}(?:\([^)]*\))?(?:은|는|이|가|측은|측이)\s"
    return "organisation" if regex.search(acts, text) and regex.search(r"[가-힣A-Z]", name) else "name"


@lru_cache(maxsize=5_000)
def _titled(name: str) -> "regex.Pattern[str]":
    escaped = regex.escape(name)
    return regex.compile(rf"{escaped}\s?(?:전\s)?(?:{_AFTER})(?![가-힣]{{2}})|(?:{_BEFORE})\s{escaped}")


def _has_title(name: str, text: str) -> bool:
    return _titled(name).search(text) is not None


def _countries(text: str) -> Iterator[_Found]:
    """日, 美: how headlines write countries."""
    for match in regex.finditer(r"(?<!\p{Han})\p{Han}(?!\p{Han})", text):
        if country := _IDEOGRAPHS.get(match.group()):
            yield _Found(country, "place", match.start(), match.end())


def _as_type(kind: str) -> EntityType:
    return "person" if kind == "person" else "place" if kind == "place" else "organisation"
