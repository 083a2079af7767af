"""Latin letters in Korean text, as a Korean reader says them.

Known names by a list, capitals letter by letter ("AI" → 에이아이), the rest by spelling rules: not how an
English speaker says it, but what a Korean listener expects, and never silence.
"""

import unicodedata
from functools import lru_cache
from typing import Any

import regex

from shorts_pipeline.language.tables import paired

_LETTERS = paired("""
    a=에이 b=비 c=시 d=디 e=이 f=에프 g=지 h=에이치 i=아이 j=제이 k=케이 l=엘 m=엠 n=엔 o=오 p=피 q=큐 r=아르 s=에스
    t=티 u=유 v=브이 w=더블유 x=엑스 y=와이 z=제트
    """)
_NAMES = paired("""
    openai=오픈에이아이 chatgpt=챗지피티 google=구글 apple=애플 samsung=삼성 meta=메타 amazon=아마존
    microsoft=마이크로소프트 nvidia=엔비디아 tesla=테슬라 twitter=트위터 facebook=페이스북 instagram=인스타그램
    youtube=유튜브 netflix=넷플릭스 tiktok=틱톡 iphone=아이폰 ipad=아이패드 galaxy=갤럭시 android=안드로이드
    windows=윈도 linux=리눅스 mac=맥 python=파이썬 java=자바 javascript=자바스크립트 github=깃허브 claude=클로드
    anthropic=앤트로픽 gemini=제미나이 copilot=코파일럿 deepseek=딥시크 intel=인텔 amd=에이엠디 qualcomm=퀄컴 arm=암
    sony=소니 naver=네이버 kakao=카카오 line=라인 coupang=쿠팡 hyundai=현대 kia=기아 nasa=나사 nato=나토 opec=오펙
    kospi=코스피 kosdaq=코스닥 unesco=유네스코 unicef=유니세프 ted=테드 vs=대 app=앱 web=웹 the=더 and=앤드 of=오브
    new=뉴 one=원 pro=프로 plus=플러스 max=맥스 mini=미니 ultra=울트라 air=에어 cloud=클라우드 data=데이터 open=오픈
    source=소스 startup=스타트업 robot=로봇 chip=칩 online=온라인 game=게임 news=뉴스 live=라이브 shorts=쇼츠
    short=쇼트 video=비디오 smart=스마트 phone=폰 book=북 cafe=카페 love=러브 you=유 techcrunch=테크크런치
    reuters=로이터 bloomberg=블룸버그 x=엑스 wifi=와이파이 bluetooth=블루투스 dollar=달러 com=닷컴 ceo=시이오
    gpt=지피티 turbo=터보 api=에이피아이 ram=램 dram=디램 hbm=에이치비엠 spacex=스페이스엑스 starlink=스타링크
    docker=도커 kubernetes=쿠버네티스 rust=러스트 react=리액트 agent=에이전트 chrome=크롬 anthropic=앤트로픽
    mistral=미스트랄 perplexity=퍼플렉시티 spotify=스포티파이 airbnb=에어비앤비 uber=우버 zoom=줌 slack=슬랙
    oracle=오라클 adobe=어도비 disney=디즈니 nintendo=닌텐도 playstation=플레이스테이션 xbox=엑스박스 boeing=보잉
    airbus=에어버스 ford=포드 toyota=도요타 honda=혼다 volkswagen=폭스바겐 alibaba=알리바바 tencent=텐센트
    huawei=화웨이 xiaomi=샤오미 softbank=소프트뱅크 toshiba=도시바 krafton=크래프톤 nexon=넥슨 hynix=하이닉스
    posco=포스코 hanwha=한화 lotte=롯데 celltrion=셀트리온 toss=토스 pixel=픽셀 whatsapp=왓츠앱 telegram=텔레그램
    discord=디스코드 wikipedia=위키피디아 mozilla=모질라 firefox=파이어폭스 reddit=레딧 palantir=팔란티어
    waymo=웨이모 rivian=리비안 moderna=모더나 pfizer=화이자 elon=일론 musk=머스크 altman=올트먼 jensen=젠슨 huang=황
    sam=샘 tim=팀 cook=쿡 trump=트럼프 biden=바이든 zuckerberg=저커버그 pichai=피차이 nadella=나델라 bezos=베이조스
    vision=비전 llama=라마 grok=그록 sora=소라 siri=시리 alexa=알렉사 alphabet=알파벳 deepmind=딥마인드
    photoshop=포토샵 figma=피그마 notion=노션 roblox=로블록스 broadcom=브로드컴 micron=마이크론 cisco=시스코 dell=델
    lenovo=레노버 mercedes=메르세데스 benz=벤츠 audi=아우디 porsche=포르쉐 volvo=볼보 ferrari=페라리 nissan=닛산
    paypal=페이팔 visa=비자 mastercard=마스터카드 coinbase=코인베이스 bitcoin=비트코인 ethereum=이더리움
    nasdaq=나스닥 starbucks=스타벅스 nike=나이키 ikea=이케아 walmart=월마트 costco=코스트코 midjourney=미드저니
    codex=코덱스 opus=오퍼스 sonnet=소네트 haiku=하이쿠 flash=플래시 watch=워치 flip=플립 buds=버즈 edge=엣지
    forbes=포브스 york=요크 macbook=맥북 airpods=에어팟 cpu=시피유 gpu=지피유 ai=에이아이 usb=유에스비
    huggingface=허깅페이스 perplexity=퍼플렉시티 wall=월 street=스트리트 journal=저널
    """)

_WORD = regex.compile(r"[Ww]i[- ]?[Ff]i(?!\p{Latin})|(?:\p{Latin}\p{M}*)+")
_PART = regex.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_VOWELS = paired("""
    ae=ㅐ eo=ㅓ oo=ㅜ ee=ㅣ ea=ㅣ ou=ㅏㅜ ow=ㅗ ai=ㅔㅣ ay=ㅔㅣ au=ㅗ aw=ㅗ ei=ㅔㅣ ey=ㅣ eu=ㅠ ew=ㅠ ie=ㅣ oa=ㅗ
    oe=ㅗ oi=ㅗㅣ oy=ㅗㅣ ue=ㅜ ui=ㅜㅣ wa=ㅘ we=ㅞ wi=ㅟ wo=ㅝ ya=ㅑ ye=ㅖ yo=ㅛ yu=ㅠ a=ㅏ e=ㅔ i=ㅣ o=ㅗ u=ㅜ
    y=ㅣ w=ㅜ
    """)
# An r is kept as a letter until it is known whether a vowel follows; "wh" is silent before one.
_CONSONANTS = paired("""
    tch=ㅊ sch=ㅅ ch=ㅊ sh=ㅅ th=ㅅ ph=ㅍ ck=ㅋ gh=ㄱ ng=ㅇ kn=ㄴ wr=ㄹ qu=ㅋㅜ b=ㅂ c=ㅋ d=ㄷ f=ㅍ g=ㄱ h=ㅎ j=ㅈ
    k=ㅋ l=ㄹ m=ㅁ n=ㄴ p=ㅍ q=ㅋ r=r s=ㅅ t=ㅌ v=ㅂ x=ㄱㅅ z=ㅈ
    """) | {"wh": ""}
_SPELLING = regex.compile("|".join(sorted({*_VOWELS, *_CONSONANTS}, key=len, reverse=True)))
_LONG = {"a": "ㅔㅣ", "i": "ㅏㅣ", "o": "ㅗ", "u": "ㅠ", "e": "ㅣ"}
_SILENT_E = regex.compile(r"([aeiou])([bcdfgklmnpstvz])e$")
_ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_NUCLEI = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_CODAS = {"ㄴ": 4, "ㅁ": 16, "ㅇ": 21, "ㄹ": 8, "ㅋ": 1, "ㄱ": 1, "ㅍ": 17, "ㅂ": 17}
_SONORANT = "ㄴㅁㅇㄹ"


def spell_letters(text: str) -> str:
    """The text with every Latin word in Hangul."""
    return str(_WORD.sub(_word, text))


def known_reading(word: str) -> str | None:
    """How a well-known name is read ("Nvidia" → 엔비디아); None for a word that only the spelling rules read."""
    return _NAMES.get(word.casefold())


@lru_cache
def known_readings() -> frozenset[str]:
    """How all well-known names are read."""
    return frozenset(_NAMES.values())


def _word(match: Any) -> str:
    word = unicodedata.normalize("NFKD", match.group())
    word = "".join(character for character in word if character.isascii() and character.isalpha())
    known = _NAMES.get(word.lower())
    if known:
        return known
    return "".join(_part(part) for part in _PART.findall(word))


def _part(part: str) -> str:
    known = _NAMES.get(part.lower())
    if known:
        return known
    lower = part.lower()
    if part.isupper() or len(part) == 1 or not regex.search("[aeiouy]", lower):
        return "".join(_LETTERS[letter] for letter in lower)
    return _compose(_sounds(lower))


def _sounds(word: str) -> list[str]:
    """The word as Hangul jamo, one list entry each; "r" stands for an r that only sounds before a vowel."""
    tail: list[str] = []
    silent = _SILENT_E.search(word) if len(word) > 3 else None
    if silent:
        word = word[: silent.start()]
        consonant = "s" if silent[2] == "c" else silent[2]
        tail = [*_LONG[silent[1]], _CONSONANTS[consonant]]
    word = regex.sub(r"([bcdfgklmnprstvz])\1", r"\1", word)
    word = regex.sub(r"c(?=[eiy])", "s", word)
    found: list[str] = []
    for match in _SPELLING.finditer(word):
        spelled = match.group()
        found.extend(_VOWELS.get(spelled) or _CONSONANTS[spelled])
    return found + tail


def _compose(sounds: list[str]) -> str:
    """Jamo into syllables: a lone consonant closes the syllable before it, or takes ㅡ (ㅣ after ㅊ and ㅈ)."""
    syllables: list[list[int]] = []
    onset = ""
    for position, sound in enumerate(sounds):
        following = sounds[position + 1] if position + 1 < len(sounds) else ""
        if sound in _NUCLEI:
            syllables.append([_ONSETS.index(onset or "ㅇ"), _NUCLEI.index(sound), 0])
            onset = ""
        elif following and following in _NUCLEI:
            onset = "ㄹ" if sound == "r" else sound
            if onset == "ㅇ":
                _close(syllables, "ㅇ")
                onset = "ㄱ"
        elif sound != "r" or not syllables:
            _lone(syllables, "ㄹ" if sound == "r" else sound, last=not following)
    return "".join(chr(0xAC00 + (a * 21 + b) * 28 + c) for a, b, c in syllables)


def _close(syllables: list[list[int]], sound: str) -> bool:
    if syllables and not syllables[-1][2] and sound in _CODAS:
        syllables[-1][2] = _CODAS[sound]
        return True
    return False


def _lone(syllables: list[list[int]], sound: str, *, last: bool) -> None:
    if (sound in _SONORANT or (last and sound in "ㅋㄱㅍㅂ")) and _close(syllables, sound):
        return
    onset = "ㅇ" if sound == "ㅇ" else sound
    syllables.append([_ONSETS.index(onset), _NUCLEI.index("ㅣ" if sound in "ㅊㅈ" else "ㅡ"), 0])
