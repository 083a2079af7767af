"""Titles: a feed's headline without what the newsroom hung on it, and the form by which headlines are compared.

Marks (`[속보]`, `(종합2보)`, "UPDATE 2-"), site names at the end, emoji, entities, odd spaces. What a title *means*
is not asked here.
"""

import hashlib
import html
import unicodedata
from dataclasses import dataclass

import regex

from shorts_pipeline.language import clean_line, detect
from shorts_pipeline.language.tables import listed

# A person's headline is not longer; what is, is a text in the wrong field.
LONGEST_TITLE = 300

_MARK_WORDS = (
    "속보|단독|종합|긴급|특보|특징주|포토|사진|영상|동영상|그래픽|인터뷰|팩트체크|사설|칼럼|기고|오피니언|르포|"
    "현장|기획|연재|특집|전문|부고|인사|카드뉴스|자막뉴스|이슈|화보|생중계|라이브|게시판|질문|정보|잡담|후기|유머|스압|공지|펌|"
    "breaking|exclusive|update[ds]?|live|watch|video|photos?|opinion|analysis|review|podcast|sponsored|ad|pdf|d|p|r|n"
)
_MARK = rf"(?:{_MARK_WORDS})(?:[\s·/ㆍ]*(?:{_MARK_WORDS}|\d보|뉴스|기사))*"
_IN_BRACKETS = regex.compile(rf"[\[【〈<［]\s*{_MARK}\s*[\]】〉>］]", regex.IGNORECASE)
_IN_PARENTHESES = regex.compile(
    r"\(\s*(?:종합\s*\d*보?|\d+보|상보|속보|영상|사진|포토|updated?|video|photos?|pdf)\s*\)", regex.IGNORECASE
)
_WIRE = regex.compile(
    r"^(?:UPDATE \d+-|BREAKING(?: NEWS)?\s*[:|-]|EXCLUSIVE\s*[:|-]|(?:LIVE|WATCH|VIDEO)\s*:|"
    r"(?:Show|Ask|Tell|Launch) HN:)\s*"
)
_TAG = regex.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_EMOJI = regex.compile(r"[\p{Extended_Pictographic}\p{EMod}\p{Regional_Indicator}\uFE0F\u20E3\u200D]+")
_SITE = regex.compile(r"^(?P<title>.*\S)\s+(?:[-–—―|│·•]|::?|»|<|[/])\s+(?P<site>[^-–—―|│»<]{2,40})$")
_SITE_WORDS = regex.compile(
    r"(?:뉴스|일보|신문|경제|방송|닷컴|투데이|매거진|블로그|미디어|저널|타임스|통신|"
    r"\bnews\b|\btimes\b|\bpost\b|\bblog\b|\bmagazine\b|\bdaily\b|\btribune\b|\bjournal\b|\bherald\b|\breview\b|\.(?:com|net|org|io|kr|co)\b)",
    regex.IGNORECASE,
)
_SITES = frozenset(
    name.replace("_", " ")
    for name in listed("""
        techcrunch the_verge ars_technica wired engadget zdnet cnet mashable gizmodo the_register hacker_news
        dev_community dev.to reuters bloomberg cnn bbc bbc_news the_guardian the_new_york_times ap_news npr cnbc
        forbes axios politico vox medium github youtube reddit 연합뉴스 네이버_뉴스 네이버 다음 다음뉴스
        다음_뉴스 한겨레 경향신문 동아일보 조선일보 중앙일보 한국경제 매일경제 머니투데이 전자신문 디지털타임스
        지디넷코리아 블로터 요즘it yozm_it ytn kbs mbc sbs jtbc 뉴시스 뉴스1 이데일리 오마이뉴스 프레시안
        노컷뉴스 아시아경제 서울경제 한국일보 국민일보 세계일보 클리앙 뽐뿌
        """)
)
_NOT_COMPARED = regex.compile(r"(?<=\d)[.,](?=\d)|(?<=[\p{L}\p{N}])[+#]+|%")
_COLLAPSED = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_GROUPING = regex.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMBER = regex.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Headline:
    """A cleaned title and the forms by which it is compared.

    `normalized` is NFC, case-folded, punctuation and spaces collapsed; `content_hash` its SHA-256 in hex.
    """

    title: str
    normalized: str
    content_hash: str
    language: str
    words: tuple[str, ...]
    numbers: frozenset[str]


def headline(title: str, *, site: str | None = None, language: str = "en") -> Headline:
    """The headline of a raw title; `language` where its letters do not tell, `site` the source's own name."""
    cleaned = clean_title(title, site=site)
    normalized = normalize_title(cleaned)
    return Headline(
        title=cleaned,
        normalized=normalized,
        content_hash=content_hash(normalized),
        language=detect(cleaned, default=language),
        words=tuple(sorted(normalized.split())),
        numbers=frozenset(_NUMBER.findall(normalized)),
    )


def clean_title(raw: str, *, site: str | None = None) -> str:
    """The story's title alone, on one line; "" where nothing of it is left."""
    # Feeds escape twice: "&amp;quot;".
    text = html.unescape(html.unescape(raw[: LONGEST_TITLE * 8]))
    text = clean_line(_EMOJI.sub(" ", _TAG.sub(" ", _IN_BRACKETS.sub(" ", clean_line(text)))))
    text = _IN_PARENTHESES.sub(" ", text)
    text = _WIRE.sub("", text.strip())
    text = _without_site(clean_line(text), site)
    text = clean_line(text.strip(" -–—|·:")).replace("<", "〈").replace(">", "〉")
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rsplit(" ", 1)[0]


def normalize_title(title: str) -> str:
    """NFC, case-folded, punctuation and spaces collapsed; signs that make a difference ("C++", "3.5%") stay."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", title).casefold())
    folded = _GROUPING.sub("", folded)
    kept, last = [], 0
    for match in _NOT_COMPARED.finditer(folded):
        kept += [_COLLAPSED.sub(" ", folded[last : match.start()]), match.group()]
        last = match.end()
    kept.append(_COLLAPSED.sub(" ", folded[last:]))
    return " ".join("".join(kept).split())


def content_hash(normalized: str) -> str:
    """SHA-256 hex of a normalised title."""
    return hashlib.sha256(normalized.encode("utf-8")).hexdigest()


def _without_site(text: str, site: str | None) -> str:
    """Without a site's name after the last separator; a subtitle that only looks like one stays."""
    for _ in range(2):  # "… - 연합뉴스 : 네이버 뉴스"
        match = _SITE.match(text)
        if match is None or len(match["title"]) < 4:
            return text
        tail = match["site"].strip().casefold()
        named = site is not None and (tail == site.casefold() or (len(tail) > 3 and tail in site.casefold()))
        looks_so = len(tail.split()) <= 4 and _SITE_WORDS.search(tail) is not None and not _NUMBER.search(tail)
        if not (named or tail in _SITES or looks_so):
            return text
        text = match["title"]
    return text
