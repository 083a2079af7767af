"""robots.txt as RFC 9309 has it, over a true server and the true Redis."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from shorts_pipeline.errors import RetryLater
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.sources.politeness import polite
from shorts_pipeline.sources.robots import KEPT, ForbiddenByRobots, Robots
from shorts_pipeline_tests.sources.web import Web

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PATH = "/site.example/robots.txt"
RULES = """
User-agent: another
Disallow: /news/private

User-agent: *
Disallow: /news
Allow: /news/open
Crawl-delay: 7

User-agent: strictly-ours
Disallow: /
"""


def robots(web: Web, redis: Redis | None = None, **over: str) -> Robots:
    return Robots(polite(web.fetcher(), redis), redis, **over)


def allowed(asked: Robots, path: str, now: datetime = NOW) -> bool:
    try:
        asked.check(f"https://site.example{path}", now)
    except ForbiddenByRobots:
        return False
    return True


def test_what_is_forbidden_is_refused_with_the_rule_that_forbids_it(web: Web) -> None:
    web.says(PATH, RULES)
    ours = robots(web)
    assert [allowed(ours, path) for path in ("/", "/news", "/news/open/1", "/robots.txt")] == [True, False, True, True]
    with pytest.raises(ForbiddenByRobots, match=r"site\.example forbids .*/news/private/1 \(“Disallow: /news”\)"):
        ours.check("https://site.example/news/private/1?key=hunter2", NOW)
    assert web.paths() == [PATH]


def test_rules_for_our_own_name_go_before_those_for_all(web: Web) -> None:
    web.says(PATH, RULES)
    assert not allowed(robots(web, agent="strictly-ours/2.0 (feed reader)"), "/")


def test_rules_are_per_scheme_host_and_port(web: Web) -> None:
    web.says(PATH, "User-agent: *\nDisallow: /")
    web.says("/site.example:8443/robots.txt", "")
    ours = robots(web)
    assert not allowed(ours, "/")
    ours.check("https://site.example:8443/", NOW)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_rules_allows_everything(web: Web, status: int) -> None:
    web.says(PATH, "User-agent: *\nDisallow: /", status=status)
    assert allowed(robots(web), "/news")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_site_that_cannot_say_is_asked_later(web: Web, status: int) -> None:
    web.says(PATH, status=status, Retry_After="60")
    with pytest.raises(RetryLater, match=r"robots\.txt cannot be read") as later:
        robots(web).check("https://site.example/news", NOW)
    assert later.value.delay == (None if status == 500 else timedelta(minutes=1))


def test_a_site_that_is_down_is_asked_later_and_its_last_rules_serve_meanwhile(web: Web, redis: Redis) -> None:
    web.says(PATH, RULES)
    assert allowed(robots(web, redis), "/")
    web.says(PATH, status=500)
    assert not allowed(robots(web, redis), "/news", NOW + timedelta(days=2))
    with pytest.raises(RetryLater):
        robots(web, redis).check("https://site.example/news", NOW + timedelta(days=8))


def test_rules_are_read_once_a_day_by_all_processes_together(web: Web, redis: Redis) -> None:
    web.says(PATH, RULES)
    for _ in range(3):
        assert not allowed(robots(web, redis), "/news")
    assert len(web.asked) == 1
    web.says(PATH, "")
    assert allowed(robots(web, redis), "/news", NOW + KEPT)
    assert len(web.asked) == 2


def test_without_redis_rules_are_read_once_a_run(web: Web) -> None:
    web.says(PATH, RULES)
    ours = robots(web, RedisResource(url="").client)
    assert [allowed(ours, "/news") for _ in range(3)] == [False] * 3
    assert len(web.asked) == 1


def test_a_redirect_leads_to_rules_that_are_the_sites_own(web: Web) -> None:
    web.says(PATH, status=301, Location="https://www.site.example/robots.txt")
    web.says("/www.site.example/robots.txt", RULES)
    assert not allowed(robots(web), "/news")


def test_only_the_first_500_kilobytes_count(web: Web) -> None:
    web.says(PATH, b"# " + b"x" * 512_000 + b"\nUser-agent: *\nDisallow: /news")
    assert allowed(robots(web), "/news")


@pytest.mark.parametrize("body", [b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /news", b"user-agent:*\rDISALLOW:/news"])
def test_spelling_does_not_matter(web: Web, body: bytes) -> None:
    web.says(PATH, body)
    assert not allowed(robots(web), "/news")


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"<!doctype html><title>hello</title>", b"\0" * 1_000])
def test_what_is_no_robots_txt_forbids_nothing(web: Web, body: bytes) -> None:
    web.says(PATH, body)
    assert allowed(robots(web), "/news")


def test_hostile_patterns_are_no_trap(web: Web) -> None:
    web.says(PATH, "User-agent: *\n" + "Disallow: /" + "*a" * 5_000 + "*b\n")
    assert allowed(robots(web), "/" + "a" * 2_000)


def test_the_crawl_delay_is_told_once_it_is_known(web: Web, redis: Redis) -> None:
    web.says(PATH, RULES)
    ours = robots(web, redis)
    assert ours.crawl_delay("https://site.example/") is None
    ours.check("https://site.example/", NOW)
    assert ours.crawl_delay("https://site.example/") == 7.0
    assert robots(web, redis).crawl_delay("https://site.example/other") == 7.0
