"""Plausible figures that repeat: a pure function of the video, the day and the clock.

A video has a level (log-normal, σ = 1), made better or worse by the hour and the weekday it went public in its
audience's zone; each channel has one three-hour band that is twice as good, and everybody likes one subject better
than others: so there is something to learn. Interest decays with age. Nothing is stored: the same video, day and
instant give the same figures.
"""

import hashlib
import math
import random
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shorts_pipeline.embedded.youtube_sandbox.answers import day_begins, day_ends, pacific_day

MEDIAN_VIEWS = 2500.0
SIGMA = 1.0
FAVOURITE_BAND = 2.0
FAVOURITE_SUBJECT = 3.0
FAVOURITE_WORDS = re.compile(r"\b(?:AI|chips?|memory)\b|인공지능|반도체|메모리|D램|와트", re.IGNORECASE)
REPORTED_AFTER = timedelta(hours=48)
NEARLY_WHOLE_AFTER = timedelta(hours=72)
FINAL_AFTER = timedelta(days=7)
WITHHELD_BELOW = 100

_ZONES = {"ko": "Asia/Seoul", "ja": "Asia/Tokyo", "en": "America/New_York"}
_TRAFFIC = {
    "SHORTS": 0.74,
    "SUBSCRIBER": 0.09,
    "YT_SEARCH": 0.07,
    "YT_CHANNEL": 0.05,
    "EXT_URL": 0.03,
    "NO_LINK_OTHER": 0.02,
}
_AGES = {
    "age13-17": 0.08,
    "age18-24": 0.3,
    "age25-34": 0.29,
    "age35-44": 0.17,
    "age45-54": 0.1,
    "age55-64": 0.04,
    "age65-": 0.02,
}


@dataclass(frozen=True)
class Shown:
    """A video as its audience meets it."""

    id: str
    channel: str
    language: str | None
    duration: float
    public_since: datetime
    title: str = ""


@dataclass(frozen=True)
class Day:
    """One video's figures on one Pacific day (or over several, added up)."""

    views: int = 0
    likes: int = 0
    dislikes: int = 0
    comments: int = 0
    shares: int = 0
    watch_seconds: float = 0.0
    subscribers_gained: int = 0
    subscribers_lost: int = 0
    impressions: int = 0

    def __add__(self, other: "Day") -> "Day":
        return Day(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def happened(video: Shown, day: date, until: datetime) -> Day:
    """What truly happened on a day up to `until`, before anybody counts it."""
    views = round(_views(video, day) * _elapsed(video, day, until))
    chance = _chance(video.id, "rates")
    held = 0.45 + 0.5 * chance.betavariate(3, 2)
    rates = {name: chance.lognormvariate(math.log(rate), 0.35) for name, rate in _RATES.items()}
    lively = min(2.0, held / 0.7)
    return Day(
        views=views,
        likes=round(views * min(rates["likes"] * lively, 0.3)),
        dislikes=round(views * rates["dislikes"]),
        comments=round(views * rates["comments"] * lively),
        shares=round(views * rates["shares"] * lively),
        watch_seconds=views * held * video.duration,
        subscribers_gained=round(views * rates["subscribers_gained"] * lively),
        subscribers_lost=round(views * rates["subscribers_lost"]),
        impressions=round(views * rates["impressions"]),
    )


_RATES = {
    "likes": 0.045,
    "dislikes": 0.002,
    "comments": 0.006,
    "shares": 0.008,
    "subscribers_gained": 0.004,
    "subscribers_lost": 0.0006,
    "impressions": 1.6,
}


def reported(video: Shown, day: date, now: datetime) -> Day | None:
    """What Analytics says about a day at `now`: None for 48 hours, then a part, later restated, after 7 days final."""
    age = now - day_ends(day)
    if age < REPORTED_AFTER or day < pacific_day(video.public_since):
        return None
    whole = happened(video, day, day_ends(day))
    share = _share_counted(video.id, day, age)
    counted = {name: getattr(whole, name) * share for name in whole.__dataclass_fields__}
    return Day(**{name: value if name == "watch_seconds" else round(value) for name, value in counted.items()})


def total(video: Shown, now: datetime) -> Day:
    """The counters under the video at `now` (videos.list statistics are not late)."""
    day, sum_so_far = pacific_day(video.public_since), Day()
    while day <= pacific_day(now):
        sum_so_far += happened(video, day, now)
        day += timedelta(days=1)
    return sum_so_far


def traffic(video: Shown, views: int) -> dict[str, int]:
    """Views by insightTrafficSourceType; they add up to `views`."""
    shares = _varied(_TRAFFIC, _chance(video.id, "traffic"))
    counts = {name: int(views * share) for name, share in shares.items()}
    counts["SHORTS"] += views - sum(counts.values())
    return {name: count for name, count in counts.items() if count}


def audience(video: Shown, views: int) -> dict[tuple[str, str], float]:
    """viewerPercentage by (ageGroup, gender); withheld for small audiences."""
    if views < WITHHELD_BELOW:
        return {}
    chance = _chance(video.id, "audience")
    ages, female = _varied(_AGES, chance), chance.uniform(0.3, 0.6)
    split = {"female": female, "male": 1 - female}
    return {(age, gender): round(100 * a * g, 1) for age, a in ages.items() for gender, g in split.items()}


def _views(video: Shown, day: date) -> float:
    """Expected views on a whole day, with the day's own luck."""
    age = (day - pacific_day(video.public_since)).days
    if age < 0:
        return 0.0
    level = _chance(video.id, "level").lognormvariate(math.log(MEDIAN_VIEWS), SIGMA)
    luck = _chance(video.id, day.isoformat()).lognormvariate(0.0, 0.15)
    subject = FAVOURITE_SUBJECT if FAVOURITE_WORDS.search(video.title) else 1.0
    return level * subject * _hour_effect(video) * _decay(age) * luck


def _decay(age: int) -> float:
    """Share of a video's first interest left after `age` days: a quick fall with a long tail, about 1 in all."""
    return 0.5 * math.pow(0.45, age) + 0.07 * math.pow(1 + age, -1.4)


def _hour_effect(video: Shown) -> float:
    local = video.public_since.astimezone(ZoneInfo(_ZONES.get((video.language or "")[:2], "UTC")))
    # People look in the evening and at noon; hardly anybody before dawn.
    evening = math.exp(-(((local.hour - 20) / 3.5) ** 2))
    noon = math.exp(-(((local.hour - 12) / 1.8) ** 2))
    weekend = 1.1 if local.weekday() >= 5 else 1.0
    favourite = _chance(video.channel, "band").choice([4, 5, 6, 7])
    band = FAVOURITE_BAND if local.hour // 3 == favourite else 1.0
    return (0.7 + 0.35 * evening + 0.2 * noon) * weekend * band


def _elapsed(video: Shown, day: date, until: datetime) -> float:
    """Share of the day's audience that came by `until`; the first day begins with the publication."""
    begin, end = max(day_begins(day), video.public_since), min(day_ends(day), until)
    if end <= begin:
        return 0.0
    return (end - begin) / (day_ends(day) - day_begins(day))


def _share_counted(video_id: str, day: date, age: timedelta) -> float:
    chance = _chance(video_id, f"counted {day.isoformat()}")
    partial, nearly = chance.uniform(0.55, 0.9), chance.uniform(0.96, 0.995)
    if age < NEARLY_WHOLE_AFTER:
        return partial
    return nearly if age < FINAL_AFTER else 1.0


def _varied(shares: dict[str, float], chance: random.Random) -> dict[str, float]:
    varied = {name: share * chance.lognormvariate(0.0, 0.25) for name, share in shares.items()}
    whole = sum(varied.values())
    return {name: value / whole for name, value in varied.items()}


def _chance(*names: str) -> random.Random:
    seed = hashlib.sha256("\x1f".join(names).encode()).digest()
    return random.Random(int.from_bytes(seed[:8]))  # noqa: S311 - figures, not secrets
