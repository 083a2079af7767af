"""Apart: what reads pages from the web runs in a process of its own, with a limit on time and memory.

Started as `python -m shorts_pipeline.sources.apart`: one JSON line in for each page, one out as soon as it is read, so
that what was read before the time was up is not lost.
"""

import base64
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shorts_pipeline.database.documents import SourceParser
from shorts_pipeline.sources.articles import Page, article_text
from shorts_pipeline.sources.parse import PARSE_MEMORY_BYTES, PARSE_SECONDS, Entry
from shorts_pipeline.sources.scraper import UnreadablePage, read_page

# The worst page of this size that we know takes about 0.7 s.
SMALL_PAGE_BYTES = 100_000
ARTICLE_SECONDS = 5.0
ALL_ARTICLES_SECONDS = 60.0
_PROJECT = Path(__file__).resolve().parents[2]


def page_entries(page: Page, parser: SourceParser, *, seconds: float = PARSE_SECONDS) -> list[Entry]:
    """The entries of a page, a large one's read apart. Raises `UnreadablePage`."""
    if len(page.body) <= SMALL_PAGE_BYTES:
        return read_page(page.body, parser, address=page.address, content_type=page.content_type)
    job = {**_sent(page), "parser": parser.model_dump(mode="json", exclude_unset=True)}
    answer = next(_answers([job], seconds), None)
    if answer is None:
        size = f"the page ({len(page.body):,} bytes)"
        raise UnreadablePage(f"{size} was not read within {seconds:g} seconds, or not within its memory")
    if "error" in answer:
        raise UnreadablePage(answer["error"])
    return [Entry(**entry) for entry in answer["entries"]]


def articles_apart(
    pages: Sequence[Page], *, seconds: float = ARTICLE_SECONDS, altogether: float = ALL_ARTICLES_SECONDS
) -> list[str]:
    """The articles of pages, in order; "" for one that is none or takes longer than `seconds`.

    A page that takes too long, or kills the process, costs only itself: the rest is read by another process, until
    `altogether` seconds have passed.
    """
    texts: list[str] = []
    until = time.monotonic() + altogether
    while len(texts) < len(pages) and (left := until - time.monotonic()) > 0:
        jobs = [_sent(page) | {"seconds": seconds} for page in pages[len(texts) :]]
        texts += [answer["text"] for answer in _answers(jobs, left)]
        if len(texts) < len(pages):
            texts.append("")
    return texts + [""] * (len(pages) - len(texts))


def _answers(jobs: Sequence[dict[str, Any]], seconds: float) -> Iterator[dict[str, Any]]:
    """What the process answered until it ended, or its time did."""
    command = [sys.executable, "-m", "shorts_pipeline.sources.apart"]
    given = "".join(json.dumps(job) + "\n" for job in jobs).encode()
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=seconds, cwd=_PROJECT, check=False)  # noqa: S603
        said = done.stdout
    except subprocess.TimeoutExpired as error:
        said = error.stdout or b""
    for line in said.split(b"\n")[:-1]:
        yield json.loads(line)


def _sent(page: Page) -> dict[str, Any]:
    return {
        "address": page.address,
        "content_type": page.content_type,
        "body": base64.b64encode(page.body).decode("ascii"),
    }


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    page = Page(job["address"], base64.b64decode(job["body"]), job["content_type"])
    if "parser" not in job:
        try:
            return {"text": article_text(page)}
        except Exception:  # whatever a page does to its parser, it has no article
            return {"text": ""}
    try:
        parser = SourceParser.model_validate(job["parser"])
        entries = read_page(page.body, parser, address=page.address, content_type=page.content_type)
    except UnreadablePage as error:
        return {"error": str(error)}
    return {"entries": [asdict(entry) for entry in entries]}


def _main() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (PARSE_MEMORY_BYTES, PARSE_MEMORY_BYTES))
    for line in sys.stdin.buffer:
        job = json.loads(line)
        # Nothing handles the alarm: it ends the process even in the middle of a library's C.
        signal.setitimer(signal.ITIMER_REAL, job.get("seconds", 0))
        sys.stdout.write(json.dumps(_answer(job)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
