"""Guard: what no script may hold, whoever wrote it: addresses of any kind, secrets, markup, orders to model or viewer.

A script is spoken, so that it needs no address at all: not a foreign one and not its source's. Only the channel's own
link, handle and hashtag may stand in it. Orders are orders.py's. What is found is named by its kind and never
repeated: reasons are stored, shown, and given back to a model.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import regex

from shorts_pipeline.database.documents.secrets import holds_token
from shorts_pipeline.language import clean_line
from shorts_pipeline.scripts.orders import orders

_TLD = (
    "com|net|org|io|ai|kr|co|jp|cn|ru|uk|us|de|fr|eu|in|info|biz|shop|store|xyz|me|ly|gg|tv|app|dev|link|top|site|online|"
    "club|live|vip|win|bet|pro|cc|to|ws|su|ml|tk|ga|cf|gq|eth|crypto|onion|example|test|invalid|zip|mov|click|page|news|"
    "fun|icu|buzz|rest|lol|work|world|today|group|finance|money|cash|exchange|trade|art|cloud|tech|space|website|asia"
)
_LABEL = r"[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?"
# Names of software that are written like addresses.
_SOFTWARE = r"(?!(?:[\p{L}\p{N}]+\.(?:js|cpp)|(?:asp|vb|ado|ml)?\.net)(?![\p{L}\p{N}]|\.[\p{L}\p{N}]))"
_COMPANIES = "SSG|쓱|아마존|롯데|알리바바|부킹|징둥|옥션|트립"
_DIGIT_KO = "[공영일이삼사오육륙칠팔구]"
_DIGIT_EN = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_KINDS: dict[str, tuple[str, ...]] = {
    "a web address": (
        r"[a-z][a-z0-9+.-]{1,15}\s?:\s?//\s?\S|\b(?:javascript|mailto|data):\S|\bhxxps?\b|\bwww\s?\.",
        # Small letters after the point are an address; capitals may begin a sentence ("said.The"), if it is no domain.
        rf"(?<![\p{{L}}\p{{N}}.]){_SOFTWARE}(?:{_LABEL}\.)*(?:[a-zA-Z0-9-]{{2,}}|[a-z0-9-]\.[a-z0-9-]{{2,}})"
        rf"\.(?:(?-i:[a-z]{{2,24}})|(?:{_TLD}))(?![a-zA-Z0-9])",
        rf"[\p{{L}}\p{{N}}]\.(?:(?:{_TLD})(?![a-zA-Z0-9])|(?:한국|닷컴|닷넷)(?:으로|에서|에)?(?![가-힣]))",
        rf"[a-z0-9-]+\s+\.\s?(?:{_TLD})(?![a-zA-Z0-9])",
        r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)",
        r"[\[({]\s?(?:dot|\.|점|닷)\s?[\])}]|\b[\w-]+\sdot\s(?:com|net|org|io|ai|co|kr|example|xyz|shop)\b",
        rf"(?<!{_COMPANIES})(?<=[\p{{L}}\p{{N}}]\s?)닷\s?(?:컴|넷)(?!\s?(?:버블|기업|붕괴|시대|열풍))|"
        r"[점쩜]\s?(?:컴|씨오|케이알|아이오|오알지|넷|에이아이)(?:으로|에서|에|을|를)?(?![가-힣])",
    ),
    "an e-mail address or a handle": (
        r"@|[\[({]\s?at\s?[\])}]|골뱅이\s?(?:지메일|네이버|다음|한메일|[a-z])",
        r"\bat\s(?:gmail|proton\s?mail|hotmail)\b|\bat\s(?:naver|daum|outlook|proton\w*|yahoo|hotmail|mail)\s?(?:dot|\.)",
    ),
    "a hashtag": (r"(?<!\b[CFJ])#\s?(?!\d{1,2}(?![\p{L}\d]))[\p{L}\p{N}_]",),
    "a phone number": (
        r"(?<![\d,.-])0\d{1,2}[\s.)-]{0,2}\d{3,4}[\s.-]?\d{4}(?![\d,])|(?<!\d)\+\s?\d[\d\s().-]{7,}\d",
        r"(?<![\d,.-])1(?:522|544|566|577|588|599|600|611|644|661|666|670|688|800|811|833|855|877|899)-\d{4}(?!\d)",
        r"(?<![\d,.-])(?:1[\s.-])?\(?\d{3}\)?[\s.-]\d{3}[.-]\d{4}(?!\d)",
        rf"(?:(?<![가-힣])|(?<=\s))(?:{_DIGIT_KO}[\s,-]?){{8,}}|(?:\b{_DIGIT_EN}\b[\s,-]*){{7,}}",
    ),
    "a wallet, an account or a code": (
        r"\b0x[0-9a-f]{4,}|\bbc1[a-z0-9]{8,}|\b[13][a-km-zA-HJ-NP-Z1-9]{25,}\b",
        r"(?<![\d-])(?!(?:19|20)\d\d-\d{1,2}-\d{1,2}(?!\d))\d{2,6}-\d{2,6}-\d{2,8}(?:-\d{1,6})?(?!\d)",
        r"(?<![\d.,])\d{9,}(?![\d.,])",
        r"[A-Za-z0-9+/_-]{30,}={0,2}|(?=[A-Za-z+/]*\d)(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])[A-Za-z0-9+/]{20,}={0,2}|[A-Za-z0-9+/]{12,}==?",
    ),
    "a secret": (r"(?-i:\b[A-Z][A-Z0-9]+_(?:[A-Z0-9]+_)*(?:KEY|TOKEN|SECRET|PASSWORD|URL|DSN)\b)|\bsk-[a-z0-9]{4,}",),
}
_PATTERNS = {kind: regex.compile("|".join(found), regex.IGNORECASE) for kind, found in _KINDS.items()}
# What every address has at least one of: most sentences have none, and are told apart cheaply.
_SUSPECT = regex.compile(
    rf"[@#:\[({{+_=]|\p{{L}}\s?\.\s?[\p{{L}}\p{{N}}]|\d\.\d+\.|\d{{3}}|\b(?:www|dot|hxxp)|0x|bc1|sk-|닷|[점쩜]\s?[컴씨케]|골뱅이|"
    rf"\S{{12,}}|\sat\s|(?:{_DIGIT_KO}[\s,-]?){{8}}|(?:\b{_DIGIT_EN}\b[\s,-]*){{5}}",
    regex.IGNORECASE,
)
_MARKUP = regex.compile(r"[<>{}\[\]\\`|*_]|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});|\n", regex.IGNORECASE)
# "Booking.com", "Character.AI": a company by its address is told by its name.
_COMPANY = regex.compile(
    r"(?<![\p{L}\p{N}./@:-])(\p{Lu}[\p{Latin}\d]+)\.(?:com|ai|io|net)(?![\p{Latin}\d./-])", regex.IGNORECASE
)
_DOTS = str.maketrans({"。": ".", "․": ".", "•": ".", "∙": ".", "＠": "@", "﹫": "@", "﹟": "#"})


# Nothing longer is a sentence; some patterns would take minutes over a book without a full stop.
LONGEST = 1_000
TOO_LONG = "more than a sentence"


def addresses(text: str, own: Iterable[str] = ()) -> list[str]:
    """The kinds of addresses and secrets in a text, those that the channel calls its `own` left out."""
    if len(text) > LONGEST:
        return [TOO_LONG]
    read = unicodedata.normalize("NFKC", clean_line(text)).translate(_DOTS)
    for address in own:
        read = _own(address).sub(" ", read)
    if not _SUSPECT.search(read):
        return []
    found = [kind for kind, pattern in _PATTERNS.items() if pattern.search(read)]
    return [*found, "a secret"] if holds_token(read) and "a secret" not in found else found


def intrusions(text: str, own: Iterable[str] = (), phrases: frozenset[str] = frozenset()) -> list[str]:
    """What a sentence, title or tag must not have, by kind; orders are no fault of the persona's own `phrases`."""
    found = addresses(text, own)
    if TOO_LONG in found:
        return found
    if _MARKUP.search(text):
        found.append("markup")
    if text != clean_line(text):
        found.append("an invisible character")
    return found if text in phrases else [*found, *orders(text)]


def without_addresses(text: str) -> str:
    """A source's sentence with "…" where an address stood, and companies by their name; for a writer to read."""
    text = _COMPANY.sub(r"\1", text)
    if not addresses(text):
        return text
    for pattern in _PATTERNS.values():
        text = pattern.sub("…", text)
    return text


@lru_cache(maxsize=200)
def _own(address: str) -> Any:
    """What finds a link, handle or hashtag of the channel's own, and nothing that only begins like it."""
    bare = regex.sub(r"^https?://(?:www\.)?|/$", "", address.strip())
    end = r"(?![\p{L}\p{N}_])" if bare.startswith("#") else r"(?![A-Za-z0-9_/@#-]|\.[A-Za-z0-9])"
    start = r"(?<![\p{L}\p{N}_.@#/-])(?:https?://)?(?:www\.)?"
    return regex.compile(start + regex.escape(bare) + "/?" + end, regex.IGNORECASE)
