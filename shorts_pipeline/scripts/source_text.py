"""Source text: which sentences of an article can be told aloud.

Taken away: markup, datelines and bylines, bracketed asides, addresses, the site's own talk (copyright, subscribe,
related stories), what a page says that is gone, and orders to a model or a reader. What is left is whole sentences,
each as its source wrote it otherwise.
"""

import html
from dataclasses import dataclass

import regex

from shorts_pipeline.language import clean_text, sentences, speaking_seconds
from shorts_pipeline.scripts.endings import is_whole, split_in_two
from shorts_pipeline.scripts.guard import LONGEST, addresses, without_addresses
from shorts_pipeline.scripts.orders import orders

# A sentence longer than this cannot be followed by ear, in seconds.
LONGEST_SECONDS = 22.0
SHORTEST_SECONDS = 1.2
# A Korean sentence longer than this is told in two where it can be, in seconds.
SPLIT_SECONDS = 6.0
_MOST_CHARACTERS = 20_000

_TAG = regex.compile(r"<(script|style)\b.*?</\1>|</?[a-zA-Z!][^<>]{0,500}>", regex.DOTALL | regex.IGNORECASE)
_BLOCK = regex.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|blockquote|figure|figcaption)\b[^<>]*>", regex.IGNORECASE
)
_ASIDE = regex.compile(
    r"\s*(?:\([^()]{0,120}\)|\[[^\[\]]{0,120}\]|【[^【】]{0,120}】|〈[^〈〉]{0,120}〉|<[^<>]{0,120}>|\{[^{}]{0,120}\})"
)
_DATELINE = regex.compile(
    r"^\s*(?:[(\[【][^)\]】]{1,30}(?:=|＝)[^)\]】]{1,30}[)\]】]\s*)?"
    r"(?:[가-힣]{2,4}(?:\s?[·,]\s?[가-힣]{2,4})*\s(?:\S{1,4}\s)?(?:기자|특파원|논설위원|인턴기자)\s*(?:=|＝|]|\))\s*)?"
)
_ENGLISH_DATELINE = regex.compile(
    r"^\s*\p{Lu}[\p{Lu}\s.,'’]{2,40}(?:,\s\p{Lu}\p{L}+\.?\s\d{1,2})?\s*(?:\([A-Za-z ]{2,20}\)\s*)?[—–-]+\s+"
)
_BOILERPLATE = regex.compile(
    r"무단\s?전재|재배포|저작권자|ⓒ|©|기자\s?=|@\w|https?:|www\.|\b\S+@\S+\.\S+|사진\s?=|사진\s?제공|자료\s?사진|"
    r"제보(?:는|하)|구독(?:하기|신청|과 좋아요)|좋아요와 구독|관련\s?기사|기사\s?원문|원문\s?보기|더\s?보기|"
    r"자세히 보기|뉴스레터|카카오톡|네이버에서|앱에서 보기|클릭|▶|☞|△|■|◆|"
    r"all rights reserved|copyright|read more|continue reading|click here|sign up|subscribe|newsletter|"
    r"appeared first on|follow us|related (?:stories|articles)|image credit|photo(?: credit| by|:)|getty images|"
    r"this (?:story|article) (?:was|is|has been) (?:originally|updated|published|part)|advertisement|"
    r"affiliate|terms of (?:use|service)|privacy policy|download the app|log in|comments? (?:section|below)|via email",
    regex.IGNORECASE,
)
# What a site says in place of an article that is gone or locked.
_NO_ARTICLE = regex.compile(
    r"페이지를 찾을 수|요청하신 (?:페이지|기사|주소)|존재하지 않는 (?:페이지|기사|게시물|주소)|삭제(?:된|되었거나|되거나) |잘못된 (?:접근|경로|주소)|"
    r"서비스 점검|접근이 (?:제한|차단)|로그인(?:이 필요|하셔야|해 주)|자바스크립트를|"
    r"page (?:you(?:'re| are) looking for|you requested|(?:was |could )?not (?:be )?found|cannot be found|no longer exists)|"
    r"\b404\b.{0,12}(?:error|not found)|^(?:error )?404\b|access (?:is |to this page )?(?:denied|has been denied)|(?:enable|turn on) "
    r"(?:javascript|cookies)|(?:are|you are|you're) (?:a )?(?:human|not a robot)|checking your browser|attention required|"
    r"(?:url|link|address) you (?:followed|entered)|went wrong|check the url|has been removed or",
    regex.IGNORECASE,
)
# The author speaking of himself: told by the persona, it would be a lie.
_AUTHOR = {
    "ko": regex.compile(
        r"필자|기자가|본지|본보|직접\s.{0,24}(?:봤|보았|보니)|^(?:나는|내가|저는|제가|우리는|우리가)\s"
    ),
    "en": regex.compile(r"(?<![\w.])(?:I|I'm|I've|[Ww]e|[Ww]e're|[Ww]e've|[Oo]ur|[Mm]y|us)(?![\w.])"),
}
_QUOTED = regex.compile(r"[\"“][^\"“”]*[\"”]")
_UNSPEAKABLE = regex.compile(r"[|{}<>\[\]\\^_~#=]|[(]|[)]|https?|\.\.\.|…")
_TERMINAL = regex.compile(r"""[.!?]["'”’]*$""")
_QUOTES = {"“": "”", "‘": "’"}
_JOINT_KO = regex.compile(
    r"^(?:그러면서|그러나|하지만|반면|다만|그런데|그리고|또한|또|한편|아울러|이어|특히|이에|따라서|그래서|결국|"
    r"이 때문에|이에 따라|더불어|게다가),?\s+"
)
_JOINT_EN = regex.compile(
    r"^(?:however|but|and|so|also|meanwhile|moreover|in addition|additionally|still|yet|then|instead|"
    r"as a result|therefore|for now|separately|in the meantime|furthermore),?\s+",
    regex.IGNORECASE,
)
_CONTRAST = regex.compile(r"^(?:그러나|하지만|반면|다만|그런데|however|but|still|yet|instead)\b", regex.IGNORECASE)
# A second half with its own "X는" at the start stands alone.
_SUBJECT = regex.compile(r"^(?:\S+\s){0,2}\S+(?:은|는|이|가|에서는|에는)\s")
_LEANING_KO = regex.compile(
    r"^(?:그는|그녀는|그가|이는|이를|이와|이로써|이같은|이 같은|이러한|이런|그\s|이\s|해당|이들|당시|같은\s|전자는|"
    r"후자는|여기에는|이날|앞서|이번|이후|이밖에|이 밖에|그중|이중|이 중|이 회사|이 제품|이 가운데)"
)
_LEANING_EN = regex.compile(
    r"^(?:he|she|it|they|this|these|those|that|his|her|its|their|there|such|both|the (?:two|company|firm|move|deal|"
    r"report|decision|change|latter|former|pair))\b",
    regex.IGNORECASE,
)


@dataclass(frozen=True)
class Sentence:
    """A sentence that can be told: how it is told (`text`), as its source has it (`source`), and where it stood.

    `contrast`: it began with a but. `leaning`: it speaks of "he", "this", and so needs the sentence before it.
    """

    text: str
    source: str
    position: int
    telling: int = 0
    contrast: bool = False
    leaning: bool = False


def tellable(text: str, language: str, telling: int = 0) -> list[Sentence]:
    """The sentences of an article that can be told aloud, in their order."""
    found: list[Sentence] = []
    position = 0
    for source in _source_sentences(text, language):
        told = _told(source, language)
        if told is None:
            position += 1
            continue
        for number, piece in enumerate(_pieces(told, language)):
            leans_on_first = number > 0 and not _SUBJECT.search(piece)
            found.append(_sentence(piece, source, language, position, telling, leans_on_first))
            position += 1
    return found


def _pieces(told: str, language: str) -> tuple[str, ...]:
    """A long Korean sentence of two halves as two; anything else as it is."""
    if language != "ko" or speaking_seconds(told, language) <= SPLIT_SECONDS:
        return (told,)
    return split_in_two(told) or (told,)


def _sentence(told: str, source: str, language: str, position: int, telling: int, leaning: bool) -> Sentence:
    joint = (_JOINT_KO if language == "ko" else _JOINT_EN).match(told)
    bare = _capital(told[joint.end() :]) if joint else told
    leans = leaning or bool((_LEANING_KO if language == "ko" else _LEANING_EN).match(bare))
    return Sentence(bare, source, position, telling, bool(joint and _CONTRAST.match(told)), leans)


def plain(text: str) -> str:
    """An article without markup: block tags become paragraph breaks, entities letters."""
    text = html.unescape(_TAG.sub("", _BLOCK.sub("\n\n", text[: _MOST_CHARACTERS * 4])))
    return clean_text(text)[:_MOST_CHARACTERS]


def grounds(text: str, language: str) -> str:
    """What of a source's text a script may rest on: its sentences without addresses, orders and pages that are gone."""
    paragraphs = (
        " ".join(without_addresses(each) for each in sentences(paragraph, language) if _is_telling(each))
        for paragraph in plain(text).split("\n")
    )
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _is_telling(sentence: str) -> bool:
    if len(sentence) > LONGEST or orders(sentence) or _NO_ARTICLE.search(sentence):
        return False
    return not addresses(without_addresses(sentence))


def without_asides(text: str) -> str:
    """Brackets and what they hold taken out, also nested ones; spaces closed up."""
    before = ""
    while before != text:
        before, text = text, _ASIDE.sub("", text)
    return str(regex.sub(r"\s+([,.!?])", r"\1", " ".join(text.split())))


def _source_sentences(text: str, language: str) -> list[str]:
    whole = plain(text)
    cut_off = whole.endswith(("…", "...")) or (len(whole) >= _MOST_CHARACTERS)
    found = []
    for paragraph in regex.split(r"\n+", whole):
        paragraph = _DATELINE.sub("", paragraph) if language == "ko" else _ENGLISH_DATELINE.sub("", paragraph)
        found += sentences(paragraph, language)
    return found[:-1] if cut_off and found else found


def _told(source: str, language: str) -> str | None:
    """The sentence as it can be spoken, or None."""
    if _BOILERPLATE.search(source) or _NO_ARTICLE.search(source):
        return None
    told = without_asides(source).strip(" -–—·•▪*")
    if not told or _UNSPEAKABLE.search(told) or not _balanced(told) or orders(told):
        return None
    if addresses(told):
        return None
    if language in _AUTHOR and _AUTHOR[language].search(_QUOTED.sub("", told)):
        return None
    if not _TERMINAL.search(told):
        if language != "ko" or not is_whole(told):
            return None
        told += "."
    if language == "ko" and not told.endswith("?") and not is_whole(told):
        return None
    if not SHORTEST_SECONDS <= speaking_seconds(told, language) <= LONGEST_SECONDS:
        return None
    return told


def _balanced(text: str) -> bool:
    return text.count('"') % 2 == 0 and all(text.count(a) == text.count(b) for a, b in _QUOTES.items() if a != "‘")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
