"""Cues: words by which a sentence gives itself away as an opinion, an example or an analogy.

Surface patterns, one list a language, looked for sentence by sentence. Written for scripts as people speak them; a
labelled list (the tests' said.py) keeps their precision and recall.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import regex


@dataclass(frozen=True)
class Kinds:
    """What kind of thing a text says."""

    opinion: bool
    example: bool
    analogy: bool


KINDS = ("opinion", "example", "analogy")


def _any(*patterns: str) -> "regex.Pattern[str]":
    return regex.compile("|".join(f"(?:{pattern})" for pattern in patterns), regex.IGNORECASE)


_OPINION = {
    "ko": _any(
        r"생각(?:해|합|하|이|엔|에는|으로는|입니다)",
        r"솔직히|개인적으로|아무래도|저라면|저 같으면|제가 보기|제 (?:의견|생각|눈에|느낌)",
        r"다고 (?:봐|봅|믿|느)",
        # "것 같아요" is what somebody thinks, "것과 같아요" and "마치 겨울 같아요" are comparisons.
        r"(?<!마치 .*)(?<![와과]) 같(?:아요|습니다|네요|군요|아서|지 않)",
        r"아쉽|아쉬|반갑|반가|다행|실망|안타깝|안타까|놀랍|부럽|걱정|우려(?:돼|되|됩|스)|기대(?:돼|되|됩|가 )",
        r"지나치|지나친|과하다|부족(?:해|합|하다)|바람직|훌륭|형편없|최고(?:예요|라고)|최악|괜찮|잘한 ",
        # "중요한 부품" counts parts; "중요해요" weighs them.
        r"(?:중요|필요|위험|심각|소중|적절|당연|무리|이상)(?:해|합니다|하다고|하죠)|필요(?:가|도) 있",
        r"(?:해|아|어|워|와) 보(?:여|입|이네|인다)",
        # A duty is told ("로그인해야 합니다"), unless something should be more so or should have been.
        r"(?:더|꼭|반드시|이제는?) .*[가-힣]야 (?:해|합|한|했|할)|[었았였했]어야 (?:해|합|한|했)",
        r"(?:없애|늘려|줄여|바꿔|막아|지켜|고쳐|멈춰|지켜봐|두고 봐)야",
        r"지켜볼|눈여겨|주목(?:해|할)|(?:볼|쓸|살|할|갈|먹을|읽을) ?만(?:해|합|하|한)",
        r"바랍니다|바라요|바란다|바랄|면 (?:좋겠|해요|합니다)|마세요|지 맙시다|말아야",
        r"느낌이|편이(?:에요|죠|네요|라고)",
    ),
    "en": _any(
        r"\bi (?:think|believe|feel|doubt|hope|suspect|guess|wonder)\b|\bin my (?:view|opinion|book)\b",
        r"\bi(?:'d| would| wouldn't)(?: \w+)? (?:rather|say|bet|prefer|wait|recommend)\b",
        r"\bi(?:'m| am) (?:glad|worried|sure|afraid)\b",
        r"\bmy (?:take|guess|view|advice|hope|bet)\b|\bto me,|\bif you ask me\b|\bpersonally\b",
        r"\bshould(?:n't)?\b|\bought to\b|\bhad better\b|\b(?:we|you) need to\b|^(?:don't|do not|never) \w+",
        r"\bworth (?:\w+ing|it|your|a (?:look|try|read|visit))\b",
        r"\b(?:would be|it's|it is) (?:wise|foolish|high time)\b",
        r"\b(?:honestly|frankly|sadly|unfortunately|hopefully|thankfully|arguably|probably|surely|clearly)\b",
        r"\blet's hope\b|\b(?:good|bad|great|welcome) news\b|\ba (?:shame|pity|relief|mistake|letdown|mess)\b",
        r"\bmatters\b|\boverdue\b|\bdisappoint",
        r"\b(?:seems?|looks?) (?:like a|too|fair|right|wrong|odd|rushed|promising)\b",
        r"\bthe (?:real|biggest|bigger) (?:problem|question|issue|lesson|winner|loser|risk|story)\b",
    ),
}
_EXAMPLE = {
    "ko": _any(
        r"예를 들|예컨대|이를테면|가령|예시|일례로|대표적으로|실제로|사례",
        r"(?:한|한 가지|좋은|대표적인|또 다른) 예(?:로|를|가|예|입|죠|이)",
        # "이어폰 같은 기기" names one of many, "두 사람은 같은 회사" does not.
        r"[^는은와과이가도의\s] 같은 (?:것|기기|제품|물건|회사|기업|나라|도시|곳|데|가게|서비스|사람들)",
    ),
    "en": _any(
        r"\bfor (?:example|instance)\b|\bsuch as\b|\be\.g\.|\bcase in point\b|\bto name (?:one|a few|but|just)\b",
        r"\b(?:one|an?|another)(?: \w+)? example\b|\bexamples? (?:is|are|include)\b|, including\b",
        r"^(?:just )?look at (?:what|how|the|(?-i:[A-Z]))|^consider (?:a|an|the|this|how)\b",
        r"^take (?:the case|[\w' ]{2,30}[,:])",
        r"^say,? (?:you|your|a|an|the|somebody|someone)\b|^think of (?!.*\b(?:as|like)\b)",
        r"^(?:\w+ )?\w+s like (?-i:[A-Z])",
    ),
}
_ANALOGY = {
    "ko": _any(
        r"마치 |비유|빗대|쉽게 말(?:해|하)|다름없|(?:으로|로) 치면|[가-힣]는 격|[가-힣] 셈(?:이|입|인)",
        # Not what is as it was.
        r"(?<!(?:지난해|작년|올해|어제|예상|기존|이전|전)[와과] )(?<=[와과] )같(?:아요|습니다|죠|다고|은 (?:셈|존재))",
        r"(?<!처음|지난\w?|작년|올해|예년|예전|평소|이|그|저|전|것|앞서|다른 \w\w?)처럼",
        r"[가-힣](?<![했었았였보알하])듯이? |비슷한 역할|의 [\w ]{1,12}라고 할 수 있",
    ),
    "en": _any(
        r"\bthink of .{1,60}? (?:as|like)\b|^(?:imagine|picture) (?:a|an|the|if|this)\b",
        r"\b(?:is|are|was|were|be|'s) (?:\w+ ){0,2}like (?:an?|the|\w+ing)\b",
        r"\b(?:act|work|behave|function|serve|operate)(?:s|ed)? (?:\w+ ){0,2}(?:like|as) an?\b",
        # Not "users like a clean menu".
        r"(?<!\b(?:i|you|we|they|who|to|would|don't|people|users|fans|readers|customers|seems?) )\blike an? \w+",
        r"\bas (?:if|though)\b|\bequivalent of\b|\bakin to\b|\bis the new \w+\W*$|\bto \w+ what (?:the|an?) .* to\b",
        r"\bthe (?:brain|heart|backbone|engine|glue|lungs|eyes|soul|lifeblood|nervous system) of\b",
    ),
}


def kinds(told: Iterable[str], language: str, said: Mapping[str, Sequence[str]] | None = None) -> Kinds:
    """What the sentences say, taken together; a language without cues of its own has the English ones.

    `said` is what their writer called them, sentence by sentence; it goes before the cues.
    """
    own = language if language in _OPINION else "en"
    found = {name for sentence in told for name in _kinds_of(sentence, own, said or {})}
    return Kinds(*(name in found for name in KINDS))


def _kinds_of(sentence: str, language: str, said: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if sentence in said:
        return said[sentence]
    cues = zip(KINDS, (_OPINION, _EXAMPLE, _ANALOGY), strict=True)
    return [name for name, patterns in cues if patterns[language].search(sentence)]
