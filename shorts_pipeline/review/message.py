"""Message: many notices in one, in the channel's language, short enough for a telephone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shorts_pipeline.database.documents.operation_config import Notice as Event
from shorts_pipeline.language import cut_words
from shorts_pipeline.review.notices import Told

MOST_LINES = 8
LONGEST_LINE = 160

_ORDER: tuple[Event, ...] = ("needs-authorising", "upload-failed", "high-risk", "expiring", "waiting")
_WORDS: dict[str, dict[Event, str]] = {
    "ko": {
        "needs-authorising": "다시 연결해야 할 YouTube 계정",
        "upload-failed": "실패한 업로드",
        "high-risk": "위험이 높은 검토",
        "expiring": "곧 끝나는 검토",
        "waiting": "기다리는 검토",
    },
    "en": {
        "needs-authorising": "YouTube accounts to connect again",
        "upload-failed": "failed uploads",
        "high-risk": "reviews of high risk",
        "expiring": "reviews about to expire",
        "waiting": "reviews waiting",
    },
}
_MORE = {"ko": "그 밖에 {count}건", "en": "and {count} more"}
_HOW = {"ko": "보기: shorts review list --channel {slug}", "en": "See: shorts review list --channel {slug}"}


@dataclass(frozen=True)
class Message:
    """A title of one line, and lines below it."""

    title: str
    body: str


def message(name: str, slug: str, language: str, told: Sequence[Told]) -> Message:
    """Everything told in one message, what is most pressing first."""
    words = _WORDS.get(language, _WORDS["en"])
    counted = Counter(each.event for each in told)
    summary = ", ".join(f"{words[event]} {counted[event]}" for event in _ORDER if counted[event])
    lines = []
    for event in _ORDER:
        lines += [f"• {words[event]} — {cut_words(each.line, LONGEST_LINE)}" for each in told if each.event == event]
    rest = len(lines) - MOST_LINES
    shown = lines[:MOST_LINES] + ([_MORE.get(language, _MORE["en"]).format(count=rest)] if rest > 0 else [])
    how = _HOW.get(language, _HOW["en"]).format(slug=slug)
    return Message(f"[{name}] {summary}", "\n".join([*shown, how]))
