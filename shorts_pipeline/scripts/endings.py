"""Endings: a Korean sentence in the persona's formality, where grammar allows.

Only the last predicate's ending changes; a sentence whose ending is not understood stays as it is.
kiwipiepy conjugates ("늘" + "었" + "어요" → "늘었어요"), so no table of verbs is needed.
"""

import re
from itertools import pairwise
from typing import Literal

from shorts_pipeline.language.josa import with_josa
from shorts_pipeline.language.tokens import Morpheme, analyser, morphemes

Formality = Literal["formal", "polite", "casual"]

_MARK = re.compile(r"""[.!?…]+["'”’)]*$""")
STATEMENTS = frozenset({"다", "ᆫ다", "는다", "습니다", "ᆸ니다", "네", "네요"}) | frozenset(
    {"어요", "아요", "에요", "예요", "이에요", "어", "아", "야"}
)
_COPULA = frozenset({"VCP", "VCN"})
# After these nouns a news sentence leaves out its "is": "출시할 예정." is "출시할 예정이다."
_LEFT_OUT_COPULA = frozenset({"예정", "전망", "계획", "방침", "상태", "상황", "설명"}) | frozenset(
    {"수준", "분석", "것", "셈", "때문", "입장", "관측"}
)
# Signs that are written letters or figures; others (quotation marks, %) end what may be written anew.
_WRITTEN = frozenset({"SN", "SL", "SH"})
_SPOKEN = {"formal": "습니다", "polite": "어요", "casual": "어"}
_SPOKEN_COPULA = {"formal": "ᆸ니다", "polite": "에요", "casual": "야"}
_IS = {"polite": "이에요/예요", "casual": "이야/야"}


def adapted(sentence: str, formality: Formality) -> str:
    """The sentence ending in `formality` (합니다 / 해요 / 해); the same sentence where that is not possible."""
    head, mark = without_mark(sentence)
    if not head or mark.startswith("?"):
        return sentence
    found = read(head)
    changed = _after_sign(head, found, formality) or respelled(head, found, _spoken_end(found, formality))
    return sentence if changed is None else changed + (mark or ".")


def is_whole(sentence: str) -> bool:
    """Whether a Korean sentence has a predicate at its end, said or left out by habit; headlines often have none."""
    found = read(without_mark(sentence)[0])
    if not found:
        return False
    last = found[-1]
    if last.tag == "JX" and last.form == "요":
        return True
    return last.tag in {"EF", "ETN"} or (last.tag in {"NNG", "NNB"} and last.form in _LEFT_OUT_COPULA)


def split_in_two(sentence: str) -> tuple[str, str] | None:
    """Two sentences out of "A했고, B했다" and the like, the first one with an ending of its own; None if it is not one.

    Left whole: reported speech ("…했다고 밝혔다"), where the first half would lose who said it.
    """
    head, _ = without_mark(sentence)
    found = read(head)
    for index, (joint, comma) in enumerate(pairwise(found)):
        if joint.tag != "EC" or joint.form not in {"고", "며", "으며"} or comma.form != "," or index == 0:
            continue
        before, after = found[index - 1], found[index + 2 :]
        reported = any(
            m.tag in {"EC", "ETM"} and m.form.endswith(("다고", "라고", "다는", "라는", "다며", "라며")) for m in after
        )
        quoted = any(m.tag == "JKQ" for m in after)
        if before.tag not in {"EP", "VCP"} or reported or quoted or len(after) < 5 or index < 5:
            continue
        changed = [*found[:index], Morpheme("다", "EF", joint.start, joint.end)]
        first = respelled(head[: joint.end], found[: index + 1], changed)
        if first is not None:
            return first + ".", sentence[comma.end :].strip()
    return None


def without_mark(sentence: str) -> tuple[str, str]:
    """A sentence without the marks that end it, and the marks."""
    mark = _MARK.search(sentence)
    return (sentence[: mark.start()], mark.group()) if mark else (sentence.strip(), "")


def _spoken_end(found: list[Morpheme], formality: Formality) -> list[Morpheme] | None:
    """The morphemes with another last ending; None where the last one is no statement."""
    if not found:
        return None
    last, before = found[-1], found[:-1]
    if last.tag == "JX" and last.form == "요" and before and before[-1].tag == "EF":
        last, before = before[-1], before[:-1]
    if last.tag == "NNG" or last.tag == "NNB":
        if last.form not in _LEFT_OUT_COPULA:
            return None
        copula = Morpheme("이", "VCP", last.end, last.end)
        return [*found, copula, Morpheme(_SPOKEN_COPULA[formality], "EF", last.end, last.end)]
    if not before or not ((last.tag == "EF" and last.form in STATEMENTS) or last.tag == "ETN"):
        return None
    form = _SPOKEN_COPULA[formality] if before[-1].tag in _COPULA else _SPOKEN[formality]
    return [*before, Morpheme(form, "EF", last.start, last.end)]


def read(head: str) -> list[Morpheme]:
    """Morphemes of a sentence without its full stop; it is read with one, since an ending alone is ambiguous."""
    return [morpheme for morpheme in morphemes(head + ".") if morpheme.end <= len(head)]


def _after_sign(head: str, found: list[Morpheme], formality: Formality) -> str | None:
    """ "AI다", "50%다": an "is" after something that is no Hangul, which the joiner misreads."""
    stem = head[:-1]
    copula = [m.tag for m in found[-2:]] == ["VCP", "EF"]
    if not copula or not head.endswith("다") or not stem or "가" <= stem[-1] <= "힣" or stem[-1] in "\"'”’":
        return None
    return stem + "입니다" if formality == "formal" else with_josa(stem, _IS[formality])


def respelled(head: str, found: list[Morpheme], changed: list[Morpheme] | None) -> str | None:
    """`head` with the end of its last eojeol written anew from the changed morphemes; the rest stays as it was written.

    None where the joiner does not give back even the unchanged end as it stands: then it was misread.
    """
    if changed is None:
        return None
    start = head.rfind(" ", 0, max(changed[-1].start, 1)) + 1
    signs = [m.end for m in found if m.start >= start and m.tag.startswith("S") and m.tag not in _WRITTEN]
    start = max([start, *signs])
    before = [(morpheme.form, morpheme.tag) for morpheme in found if morpheme.start >= start]
    after = [(morpheme.form, morpheme.tag) for morpheme in changed if morpheme.start >= start]
    if not before or not after or before[0][1].startswith("E"):
        return None
    old, new = analyser().join(before), analyser().join(after)
    if old.replace(" ", "") != head[start:].replace(" ", ""):
        return None
    return head[:start] + _polished(head[:start], _spaced_as(head[start:], old, new))


def _spaced_as(written: str, old: str, new: str) -> str:
    """`new` with the spaces of `written` where it is the same as `old`: the joiner would space "1억명" as "1억 명"."""
    differing = (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
    shared = next(differing, min(len(old), len(new)))
    letters = len(old[:shared].replace(" ", ""))
    end = next((i for i in range(len(written) + 1) if len(written[:i].replace(" ", "")) == letters), len(written))
    return written[:end] + new[shared:]


def _polished(head: str, text: str) -> str:
    """이에요 or 예요, 이야 or 야, by the sound before it; the joiner writes 에요 for both and misreads AI and %."""
    for written, pair in (("이에요", "이에요/예요"), ("에요", "이에요/예요"), ("이야", "이야/야"), ("야", "이야/야")):
        if text.endswith(written) and not text.endswith(("아니에요", "아니야")):
            return with_josa(head + text.removesuffix(written), pair)[len(head) :]
    return text
