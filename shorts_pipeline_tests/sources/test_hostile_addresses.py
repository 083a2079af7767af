"""Addresses that lead inside: no connection is made, told by the server that would get it and by the sockets."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from requests_hardened import ip_filter

from shorts_pipeline.embedded.process import wait_until
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.resources.fetch import AddressRefused, FetchFailed
from shorts_pipeline.resources.fetch.client import Fetcher
from shorts_pipeline_tests.sources.test_fetch import NOW
from shorts_pipeline_tests.sources.web import QUICK, Web

PUBLIC = "93.184.216.34"
LOOPBACK = [
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.8.9.10:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://localhost:{port}/",
    "http://LocalHost.:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://[::]:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::1%25lo]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::ffff:0:127.0.0.1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "https://127.0.0.1:{port}/",
    "http://public.example@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@public.example/",
    "http://127.0.0.1:{port}#@public.example/",
    "http:127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    " http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\t/",
    "http://name:password@127.0.0.1:{port}/",
]
INSIDE = [
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://192.88.99.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[ff02::1]/",
    "http://[64:ff9b::a00:1]/",
    "http://[2002:a00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[100::1]/",
    "http://[4000::1]/",
]
OTHER_SCHEMES = [
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/",
    "ldap://127.0.0.1:{port}/",
    "data:text/xml,<rss/>",
    "javascript:alert(1)",
    "https://name:password@e.com/",
]
HOSTILE = [*LOOPBACK, *INSIDE, *OTHER_SCHEMES]


class Listener:
    """A port of this machine, over IPv4 and IPv6, that counts who comes; and every connection this process tries."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.came = 0
        self.tried: list[Any] = []
        self._socket = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self._socket.settimeout(0.02)
        self.port = self._socket.getsockname()[1]
        self._open = True
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()
        real, main = socket.socket.connect, threading.get_ident()

        def connect(connecting: socket.socket, to: Any) -> None:
            if threading.get_ident() == main:
                self.tried.append(to[0])
                if to[0] == PUBLIC:
                    raise ConnectionRefusedError  # the internet of a test
            real(connecting, to)

        monkeypatch.setattr(socket.socket, "connect", connect)

    def _count(self) -> None:
        while self._open:
            try:
                self._socket.accept()[0].close()
            except TimeoutError:
                continue
            except OSError:
                return
            self.came += 1

    def close(self) -> None:
        self._open = False
        self._thread.join()
        self._socket.close()


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    made = Listener(monkeypatch)
    yield made
    made.close()


def resolve(monkeypatch: pytest.MonkeyPatch, name: str, *answers: list[str]) -> list[int]:
    """Let the resolver answer for `name` with these addresses, one list a question; the last list stays."""
    real, asked = socket.getaddrinfo, [0]

    def getaddrinfo(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != name:
            return real(host, port, *rest, **more)
        found = answers[min(asked[0], len(answers) - 1)]
        asked[0] += 1
        return [one for ip in found for one in real(ip, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_the_listener_counts(listener: Listener) -> None:
    for host in ("127.0.0.1", "::1"):
        socket.create_connection((host, listener.port)).close()
    with pytest.raises(FetchFailed):
        Fetcher(limits=QUICK, allow_loopback=True).fetch(f"http://127.0.0.1:{listener.port}/", now=NOW)
    assert wait_until(lambda: listener.came == 3, 5)
    assert len(listener.tried) == 3


def test_no_address_that_leads_inside_is_connected_to(listener: Listener) -> None:
    fetcher = Fetcher(limits=QUICK)
    for address in HOSTILE:
        with pytest.raises((AddressRefused, FetchFailed)) as refused:
            fetcher.fetch(address.format(port=listener.port), now=NOW)
        assert "password@" not in str(refused.value), address
        assert (listener.tried, listener.came) == ([], 0), address


@pytest.mark.parametrize("address", [*LOOPBACK[:2], *LOOPBACK[3:9], *LOOPBACK[15:18], *LOOPBACK[20:27], *INSIDE])
def test_the_refusal_says_why(address: str) -> None:
    with pytest.raises(AddressRefused, match="inside a private network"):
        Fetcher(limits=QUICK).fetch(address.format(port=9), now=NOW)


@pytest.mark.parametrize("status", [301, 302, 307])
def test_no_redirect_that_leads_inside_is_followed(
    web: Web, listener: Listener, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    port = int(web.url.rpartition(":")[2])
    _publish(monkeypatch, "public.example")
    for number, address in enumerate(HOSTILE):
        target = address.format(port=listener.port)
        if not urlsafe(target):
            continue
        web.says(f"/{number}", status=status, Location=target.encode().decode("latin-1"))
        with pytest.raises((AddressRefused, FetchFailed)):
            Fetcher(limits=QUICK).fetch(f"http://public.example:{port}/{number}", now=NOW)
        assert (len(web.asked), listener.came) == (len(listener.tried), 0), address
        assert web.paths()[-1] == f"/{number}", address


def urlsafe(target: str) -> bool:
    """Whether it is an address by itself: what is relative to the public host leads back to that."""
    return "://" in target.strip()[:12] and "\t" not in target


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "10.0.0.1", "::ffff:127.0.0.1"])
def test_a_resolver_that_changes_its_mind_gains_nothing(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    asked = resolve(monkeypatch, "rebind.example", [PUBLIC], [inside])
    with pytest.raises(FetchFailed):
        Fetcher(limits=QUICK).fetch(f"http://rebind.example:{listener.port}/", now=NOW)
    assert (listener.tried, listener.came, asked) == ([PUBLIC], 0, [1])
    with pytest.raises(AddressRefused):
        Fetcher(limits=QUICK).fetch(f"http://rebind.example:{listener.port}/", now=NOW)
    assert (listener.tried, listener.came) == ([PUBLIC], 0)


def test_of_several_answers_none_that_leads_inside_is_tried(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, "both.example", [PUBLIC, "127.0.0.1"])
    with pytest.raises(FetchFailed):
        Fetcher(limits=QUICK).fetch(f"http://both.example:{listener.port}/", now=NOW)
    assert (listener.tried, listener.came) == ([PUBLIC], 0)


def test_a_redirect_to_a_name_that_leads_inside_is_refused(
    web: Web, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(web.url.rpartition(":")[2])
    resolve(monkeypatch, "inside.example", ["127.0.0.1"])
    _publish(monkeypatch, "public.example")
    web.says("/", status=302, Location=f"http://inside.example:{listener.port}/")
    with pytest.raises(AddressRefused):
        Fetcher(limits=QUICK).fetch(f"http://public.example:{port}/", now=NOW)
    assert (len(listener.tried), listener.came) == (1, 0)


def test_an_allowed_loopback_opens_no_other_network(listener: Listener) -> None:
    for address in INSIDE:
        with pytest.raises(PipelineError):
            Fetcher(limits=QUICK, allow_loopback=True).fetch(address, now=NOW)
    assert listener.tried == []


def _publish(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let `name` stand for a public host: it is our server, and passes the check that its true address would not."""
    real = ip_filter.get_ip_address

    def resolved(hostname: str, port: int, allow_loopback: bool) -> object:
        return real("127.0.0.1", port, True) if hostname == name else real(hostname, port, allow_loopback)

    monkeypatch.setattr(ip_filter, "get_ip_address", resolved)
