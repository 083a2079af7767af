"""Summaries: the first whole sentences of a text, at most 200 characters, without the newsroom's frame.

No sentence is cut unless the first one alone is too long. Nothing is written that the source did not say.
"""

import html

import regex

from shorts_pipeline.language import clean_line, clean_text, cut_words, sentences

LONGEST_SUMMARY = 200
# A summary is in the first paragraphs; analysing a whole book for it is waste.
_READ = 6_000

# An unclosed script takes the rest of the text with it: linear in time, and nobody's prose.
_SCRIPT = regex.compile(r"<(script|style)\b[^<]*+(?:<(?!/\1)[^<]*+)*+(?:</\1\s*>|$)", regex.IGNORECASE | regex.DOTALL)
_TAG = regex.compile(r"</?[a-zA-Z!][^<>]{0,2000}>")
_BLOCK = regex.compile(r"</?(?:p|div|br|li|h[1-6]|tr|blockquote)\b[^<>]{0,500}>", regex.IGNORECASE)
_DATELINES = (
    # (서울=연합뉴스) 홍길동 기자 =        [서울=뉴시스]홍길동 기자 =        【서울=뉴스핌】
    regex.compile(
        r"^\s*[(\[【][^)\]】]{1,30}=[^)\]】]{1,30}[)\]】]\s*"
        r"(?:[가-힣·,\s]{2,30}?(?:기자|특파원|통신원|인턴기자|PD|앵커)\s*)?[=:]?\s*"
    ),
    # 홍길동 기자 =        [이데일리 홍길동 기자]        [앵커]
    regex.compile(r"^\s*[\[(【]?[가-힣A-Za-z\s]{0,15}[가-힣]{2,4}\s?(?:기자|특파원|앵커|논설위원)\s*[\])】=:]+\s*"),
    regex.compile(r"^\s*\[(?:앵커|기자|리포트|아나운서)\]\s*"),
    # SEOUL, March 2 (Reuters) -        SAN FRANCISCO (AP) —
    regex.compile(
        r"^\s*[A-Z][A-Z.\s,]{2,40}(?:[A-Z][a-z]{2,8}\.? \d{1,2}\s*)?"
        r"\((?:Reuters|AP|AFP|Yonhap|Bloomberg|UPI|dpa)\)\s*[-–—]+\s*"
    ),
)
_BOILERPLATE = regex.compile(
    r"무단\s?(?:전재|복제|배포)|재배포\s?금지|저작권자|ⓒ|©|제보는|카카오톡\s?okjebo|구독하기|기사보내기|네이버에서\s?구독|"
    r"[\w.+-]{1,64}+@[\w-]+\.\w+|"
    r"^(?:사진|그래픽|자료|영상)\s?[=:]|=\s?(?:연합뉴스|뉴시스|뉴스1)\s*(?:제공|자료사진)?\s*$|기자\s*=?\s*$|"
    r"^(?:Continue reading|Read more|Read the full|Sign up|Subscribe|Click here|Follow us|Advertisement|Comments?$)|"
    r"^(?:Photo(?: by|:)|Image:)|"
    r"The post .{1,200} appeared first on|All rights reserved|This article (?:was )?originally (?:appeared|published)",
    regex.IGNORECASE,
)
_ELLIPSIS_END = regex.compile(
    r"\s*(?:\[(?:…|\.\.\.|&hellip;)\]|\(계속\)|\(끝\)|<끝>|〈끝〉|Read more\s*[»›.…]*)\s*$", regex.IGNORECASE
)


def plain_text(raw: str) -> str:
    """A feed's text without markup, as paragraphs; entities are characters."""
    text = raw[: _READ * 3]
    if "<" in text:
        text = _TAG.sub(" ", _BLOCK.sub("\n\n", _SCRIPT.sub(" ", text)))
    return clean_text(html.unescape(html.unescape(text)))[:_READ]


def body_sentences(text: str, language: str) -> list[str]:
    """The sentences of a plain text, without datelines, bylines and boilerplate."""
    text = _ELLIPSIS_END.sub("", text)
    for pattern in _DATELINES:
        text = pattern.sub("", text, count=1)
    return [sentence for sentence in sentences(text, language) if not _BOILERPLATE.search(sentence)]


def summarize(text: str, language: str, limit: int = LONGEST_SUMMARY) -> str | None:
    """The first whole sentences that fit into `limit` characters; None where the text says nothing."""
    taken: list[str] = []
    length = 0
    for sentence in body_sentences(text, language):
        line = clean_line(sentence).replace("<", "〈").replace(">", "〉")
        if not taken and len(line) > limit:
            return cut_words(line, limit)
        if length + len(line) + bool(taken) > limit:
            break
        length += len(line) + bool(taken)
        taken.append(line)
    return " ".join(taken) or None
