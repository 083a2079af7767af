"""Clauses: a Korean statement as a clause before a noun: "값이 올랐다." → "값이 올랐다는" (소식).

Of reported speech it is what is reported: "값이 올랐다고 밝혔다." → "값이 올랐다는". Opinions and forecasts are no
facts, and so become no clause.
"""

from collections.abc import Sequence
from itertools import pairwise

from shorts_pipeline.language.tokens import Morpheme
from shorts_pipeline.scripts.endings import STATEMENTS, read, respelled, without_mark

# Who "reports" says what is so; who claims, expects or points out says what he thinks.
_REPORTS = frozenset({"밝히", "전하", "알리"})
_REPORTING_NOUNS = frozenset({"발표", "공개", "공시", "집계", "보도", "공지"})
_GUESSES = frozenset(
    {"보이", "예상", "전망", "관측", "분석", "추정", "기대", "것", "듯", "모양", "주장", "우려", "지적"}
)
_LONGEST_REPORT = 12
_VERBS, _ADJECTIVES, _COPULAS = frozenset({"VV", "XSV"}), frozenset({"VA", "XSA"}), frozenset({"VCP", "VCN"})
_EXISTS = frozenset({"있", "없", "계시"})


def as_clause(sentence: str) -> str | None:
    """The statement as a clause before a noun; None for what is no fact, and where its ending is not understood."""
    head, mark = without_mark(sentence)
    found = read(head)
    if "?" in mark or len(found) < 3:
        return None
    quoting = next((i for i in range(len(found) - 1, 0, -1) if _quotes(found, i)), None)
    if quoting is not None:
        return _reported(head, found, quoting)
    if any(each.form in _GUESSES for each in found[-6:]):
        return None
    ending = _ending(found)
    return None if ending is None else respelled(head, found, ending)


def _quotes(found: Sequence[Morpheme], index: int) -> bool:
    """Whether reported speech ends with this morpheme: "…했다고", "…이라며"."""
    each = found[index]
    spoken = each.tag == "EC" and each.form.endswith(
        ("다고", "라고", "다며", "라며", "자고", "냐고", "다면서", "라면서")
    )
    return spoken or each.tag == "JKQ"


def _reported(head: str, found: list[Morpheme], index: int) -> str | None:
    """What is reported, where somebody says that it is so."""
    said, verb = found[index], found[index + 1 :]
    if said.tag != "EC" or not said.form.endswith(("다고", "라고")) or not _is_report(verb):
        return None
    inner = found[: index + 1]
    if any(each.form in _GUESSES for each in inner[-6:]) or any(_quotes(found, i) for i in range(1, index)):
        return None
    changed = [*inner[:-1], Morpheme(said.form[:-1] + "는", "ETM", said.start, said.end)]
    return respelled(head[: said.end], inner, changed)


def _is_report(verb: Sequence[Morpheme]) -> bool:
    if not verb or len(verb) > _LONGEST_REPORT or any(each.tag in {"EC", "JKQ"} for each in verb):
        return False
    return any(each.tag == "VV" and each.form in _REPORTS for each in verb) or any(
        noun.form in _REPORTING_NOUNS and suffix.tag == "XSV" for noun, suffix in pairwise(verb)
    )


def _ending(found: list[Morpheme]) -> list[Morpheme] | None:
    """The morphemes with an ending that goes before a noun, None where the last one is no statement."""
    last = found[-1]
    if last.tag == "JX" and last.form == "요":
        found, last = found[:-1], found[-2]
    stem = found[-2] if len(found) > 1 else last
    if last.tag != "EF" or last.form not in STATEMENTS:
        return None
    if stem.tag in _COPULAS:
        form = "라는"
    elif stem.tag == "EP" or stem.tag in _ADJECTIVES or stem.form in _EXISTS:
        form = "다는"
    elif stem.tag in _VERBS:
        form = "는다는"
    else:
        return None
    return [*found[:-1], Morpheme(form, "ETM", last.start, last.end)]
