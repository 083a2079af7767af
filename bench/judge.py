"""How well the judge finds what is wrong with a script: precision and recall for each fault, on labelled scripts.

Run: `python bench/judge.py [--half tuning] [--show]`

bench/judged holds 600 scripts of 100 stories, written before the judge: for each of five faults 60 that have it and no
other, and 300 clean ones, half Korean, half English. Rules were tuned on one half of the stories; the other is for the
report. Intervals are of 95 %, by bootstrap over stories. JSON lines; 1 is returned when a target is missed.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from numpy.typing import NDArray

from shorts_pipeline.database.documents import CommunicationStyle, ContentConfig
from shorts_pipeline.language import keywords
from shorts_pipeline.scripts.brief import Brief, Draft, Fault, Story, Voice
from shorts_pipeline.scripts.judge import QualityReport, judge
from shorts_pipeline.scripts.repetition import told_before

FOLDER = Path(__file__).parent / "judged"
LANGUAGES = ("ko", "en")
TARGET, LEAST_OF_A_FAULT, ROUNDS = 0.9, 60, 2_000
FAULTS = {
    "off-voice": {Fault.STYLE, Fault.AVOIDED},
    "weak-hook": {Fault.HOOK},
    "invented": {Fault.NOT_IN_SOURCE},
    "copied": {Fault.REPEATS},
    "too-long": {Fault.LONG},
}
Half = Literal["tuning", "unseen"]


@dataclass(frozen=True)
class Labelled:
    """A script with what an editor says of it, and what the judge says."""

    story: str
    language: str
    faults: frozenset[str]
    report: QualityReport
    told: str


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=["unseen", "tuning"], default="unseen")
    parser.add_argument("--show", action="store_true", help="what was judged wrongly, of the tuning half only")
    asked = parser.parse_args()
    scripts = [each for language in LANGUAGES for each in read_scripts(language, asked.half)]
    if asked.show and asked.half == "tuning":
        _show(scripts)
    figures = [*_data(), *(figure for fault in FAULTS for figure in _figures(fault, scripts))]
    for figure in figures:
        print(json.dumps(figure))
    return int(not all(figure.get("ok", True) for figure in figures))


def half_of(story: str) -> Half:
    """To which half a story belongs, with all its scripts."""
    return "unseen" if hashlib.sha256(story.encode()).digest()[0] % 2 else "tuning"


def read_scripts(language: str, half: Half) -> Iterator[Labelled]:
    """The scripts of one half, judged as production judges them."""
    personas = json.loads((FOLDER / "personas.json").read_text(encoding="utf-8"))
    for row in _rows(language):
        if half_of(row["story"]) != half:
            continue
        brief = _brief(row, personas[row["persona"]], language)
        for script in row["scripts"]:
            draft = _draft(script, brief.voice.style)
            near = told_before(draft, row["earlier"], language)
            report = judge(draft, brief, similarity=near)
            yield Labelled(row["story"], language, frozenset(script["faults"]), report, f"{script['id']} {draft.text}")


def _rows(language: str) -> Iterator[dict[str, Any]]:
    with (FOLDER / f"{language}.jsonl").open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _brief(row: dict[str, Any], persona: dict[str, Any], language: str) -> Brief:
    style = CommunicationStyle(**{key: persona[key] for key in persona if key in CommunicationStyle.model_fields})
    found = keywords(f"{row['title']}. {row['text']}", language, 10)
    story = Story(uuid5(NAMESPACE_URL, row["story"]), row["title"], language, "", (row["text"],), tuple(found))
    content = ContentConfig(target_seconds=row["target_seconds"], language=language, opening=persona["opening"])
    return Brief(story, Voice(persona["name"], style), content)


def _draft(script: dict[str, Any], style: CommunicationStyle) -> Draft:
    parts = [tuple(script[part]) for part in ("hook", "body", "conclusion")]
    phrases = {_bare(each) for each in (*style.openings, *style.closings, *style.call_to_action_phrases)}
    own = tuple(sentence for part in parts for sentence in part if _bare(sentence) in phrases)
    return Draft(parts[0], parts[1], parts[2], (), "labelled", own)


def _bare(sentence: str) -> str:
    return sentence.strip(" .!?…").casefold()


def _data() -> list[dict[str, Any]]:
    labels = [
        fault for language in LANGUAGES for row in _rows(language) for s in row["scripts"] for fault in s["faults"]
    ]
    fewest = min(labels.count(fault) for fault in FAULTS)
    return [_figure("scripts_of_each_fault", fewest, "scripts", LEAST_OF_A_FAULT)]


def _figures(fault: str, scripts: Sequence[Labelled]) -> Iterator[dict[str, Any]]:
    for group in (*LANGUAGES, "all"):
        chosen = [each for each in scripts if group in {each.language, "all"}]
        has = np.array([fault in each.faults for each in chosen])
        said = np.array([bool(each.report.faults & FAULTS[fault]) for each in chosen])
        stories = [each.story for each in chosen]
        for unit, measure in (("precision", _precision), ("recall", _recall)):
            low, high = _interval(stories, said, has, measure)
            target = TARGET if group == "all" else None
            yield _figure(f"{fault}_{group}", measure(said, has), unit, target, low=round(low, 3), high=round(high, 3))


def _interval(stories: Sequence[str], said: Any, has: Any, measure: Any) -> tuple[float, float]:
    groups = [np.flatnonzero(np.array(stories) == story) for story in dict.fromkeys(stories)]
    chance, values = np.random.default_rng(7), []
    for _ in range(ROUNDS):
        drawn = np.concatenate([groups[index] for index in chance.integers(0, len(groups), len(groups))])
        values.append(measure(said[drawn], has[drawn]))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _precision(said: NDArray[np.bool_], has: NDArray[np.bool_]) -> float:
    return float((said & has).sum() / max(said.sum(), 1))


def _recall(said: NDArray[np.bool_], has: NDArray[np.bool_]) -> float:
    return float((said & has).sum() / max(has.sum(), 1))


def _figure(name: str, value: float, unit: str, target: float | None, **also: Any) -> dict[str, Any]:
    aimed = {} if target is None else {"target": target, "ok": value >= target}
    return {"name": name, "value": round(value, 3), "unit": unit, **also, **aimed}


def _show(scripts: Sequence[Labelled]) -> None:
    for each in scripts:
        for fault, signs in FAULTS.items():
            if (fault in each.faults) != bool(each.report.faults & signs):
                verdict = "missed" if fault in each.faults else "wrongly"
                print(f"{verdict} {fault}: {each.report.issues} {each.told}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
