"""A channel as it was before it came here: shorts made by hand, as the sandbox is seeded with them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

_PLACES = ("서울", "부산", "대전", "광주", "제주", "수원", "울산", "춘천", "전주", "포항")
_MATTERS = (
    "전기버스 노선을 늘린다",
    "빈집을 도서관으로 바꾼다",
    "바닷가 쓰레기를 로봇이 줍는다",
    "야간 진료 병원을 연다",
    "학교 급식에 지역 쌀을 쓴다",
    "자전거 도로를 새로 잇는다",
)


def korean_title(number: int) -> str:
    """A title of its own for each number below sixty."""
    return f"{_PLACES[number % 10]}시, {_MATTERS[number // 10 % 6]}"


def korean_words(number: int) -> list[str]:
    """What the short said."""
    place, matter = _PLACES[number % 10], _MATTERS[number // 10 % 6]
    return [
        f"{place}시가 {number + 3}년 만에 {matter.removesuffix('다')}다는 소식, 들으셨나요?",
        f"{place}시는 올해 예산 {number + 11}억 원을 먼저 쓰기로 했어요.",
        f"그런데 주민 {number + 200}명은 속도가 너무 느리다고 말해요.",
        f"{place} 이야기는 다음 달에 다시 전해 드릴게요.",
    ]


def a_short(title: str, at: datetime, **over: Any) -> dict[str, Any]:
    """A public vertical short of 45 seconds."""
    return {"title": title, "published_at": at.isoformat(), **over}


def srt(sentences: Sequence[str], *, seconds: float = 4.0, cue: str = "[음악]") -> str:
    """A caption track: a cue of sound, then every sentence broken over two lines."""
    cues = [cue, *sentences]
    return "\n\n".join(
        f"{number + 1}\n{_time(number * seconds)} --> {_time((number + 1) * seconds)}\n{_broken(text)}"
        for number, text in enumerate(cues)
    )


def _broken(text: str) -> str:
    words = text.split()
    half = len(words) // 2
    return f"{' '.join(words[:half])}\n{' '.join(words[half:])}" if half else text


def _time(seconds: float) -> str:
    at = timedelta(seconds=seconds)
    whole = int(at.total_seconds())
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d},{int(at.microseconds / 1000):03d}"
