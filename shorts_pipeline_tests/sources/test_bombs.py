"""Small answers that want to become large ones: bounded in time and memory, packed or parsed."""

import gzip
import json
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest

from shorts_pipeline.resources.fetch import FetchFailed, TooLarge
from shorts_pipeline_tests.sources.test_fetch import ADDRESS, NOW, PATH
from shorts_pipeline_tests.sources.web import Web

PROJECT = Path(__file__).resolve().parents[2]
MOST_MEGABYTES = 700


@pytest.mark.parametrize(
    "encodings", [["gzip"], ["gzip"] * 2, ["gzip"] * 3, ["gzip"] * 10, ["deflate"], ["deflate", "gzip"]], ids=", ".join
)
def test_what_is_packed_is_bounded_in_bytes_and_memory(web: Web, encodings: list[str]) -> None:
    body = b"\0" * 100_000_000
    for encoding in encodings:
        body = gzip.compress(body) if encoding == "gzip" else zlib.compress(body)
    web.says(PATH, body, Content_Encoding=", ".join(encodings))
    tracemalloc.start()
    with pytest.raises(FetchFailed) as failed:
        web.fetcher().fetch(ADDRESS, now=NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # More than five packings in a row are not even begun.
    assert isinstance(failed.value, TooLarge) == (len(encodings) < 6)
    assert peak < 40_000_000


def test_what_is_parsed_is_bounded_in_time_and_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PARSES_BOMBS], capture_output=True, text=True, cwd=PROJECT, timeout=100, check=True
    )
    found = json.loads(done.stdout)
    assert len(found["seconds"]) == 16
    # Those of one second are ended by their limit; starting the process comes on top.
    assert max(found["seconds"].values()) < 10, found
    assert found["megabytes"] < MOST_MEGABYTES, found
    assert "root:" not in done.stdout


PARSES_BOMBS = r"""
import json, resource, time
from zoneinfo import ZoneInfo
from shorts_pipeline.sources.parse import parse, UnreadableFeed

def rss(inside, head=""):
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>t</title>{inside}</channel></rss>'.encode()

laughs = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
item = "<item><title>x</title>"
bombs = {
    "laughs": rss(f"{item}&j;</item>", f'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{laughs}]>'),
    "quadratic": rss(item + "&a;" * 30_000 + "</item>", f'<!DOCTYPE l [<!ENTITY a "{"x" * 100_000}">]>'),
    "quadratic, large": rss(item + "&a;" * 1_000_000 + "</item>", f'<!DOCTYPE l [<!ENTITY a "{"x" * 1_000_000}">]>'),
    "file": rss("<item><title>&x;</title></item>", '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "deep": rss(item + "<a>" * 60_000 + "</item>"),
    "deep and closed": rss(item + "<a>" * 28_000 + "</a>" * 28_000 + "</item>"),
    "deep, large": rss(item + "<a>" * 1_600_000 + "</item>"),
    "deep html": rss(f"{item}<description><![CDATA[{'<div>' * 38_000}]]></description></item>"),
    "deep html, large": rss(f"{item}<description><![CDATA[{'<div>' * 990_000}]]></description></item>"),
    "deep json": b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 190_000,
    "deep json, large": b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 4_900_000,
    "attributes": rss("<item " + " ".join(f'a{n}="1"' for n in range(17_000)) + "><title>x</title></item>"),
    "attributes, large": rss("<item " + " ".join(f'a{n}="1"' for n in range(400_000)) + "><title>x</title></item>"),
    "items, large": rss("<item><title>x</title></item>" * 170_000),
    "open brackets": rss(f"<item><title>{'<' * 190_000}</title></item>"),
    "namespaces": rss("".join(f'<a{n}:x xmlns:a{n}="http://{n}">' for n in range(5_000))),
}
seconds, said = {}, {}
for name, body in bombs.items():
    began = time.monotonic()
    try:
        found = parse(body, seconds=1.0)
        said[name] = str(found)[:200]
    except UnreadableFeed as error:
        said[name] = str(error)
    seconds[name] = round(time.monotonic() - began, 2)
# Not RUSAGE_SELF: that begins with the memory of the process that started this one.
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
peak = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(json.dumps({"seconds": seconds, "said": said, "megabytes": peak // 1024}))
"""
