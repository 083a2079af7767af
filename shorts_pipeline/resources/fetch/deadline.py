"""A time limit on the whole of a request.

A read time limit starts again with every byte, so a server that drips one byte a second holds a thread for days.
Here a timer shuts the request's connections down instead, which ends whatever call waits on them: status line,
headers or body.
"""

import socket
import threading
from contextlib import suppress
from ipaddress import IPv6Address, IPv6Network
from types import TracebackType
from typing import Any, Self

from requests import PreparedRequest
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter

# All that IANA has ever given out for hosts of the internet; ::/96 and fec0::/10, for two, are not in it.
GLOBAL_UNICAST = IPv6Network("2000::/3")


class Deadline:
    """`with Deadline(seconds) as deadline`: after `seconds` every watched socket is shut down."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def watch(self, connected: socket.socket) -> None:
        """Shut this socket down too when the time is up; at once if it already is."""
        with self._lock:
            self._sockets.append(connected)
            if self.passed:
                _shut(connected)

    def _cut(self) -> None:
        with self._lock:
            self.passed = True
            for connected in self._sockets:
                _shut(connected)


class WatchedAdapter(IPFilterAdapter):  # type: ignore[misc]
    """requests-hardened's adapter (resolves, checks and pins the address) whose connections a deadline watches."""

    def __init__(self, deadline: Deadline, *, is_https_proto: bool, allow_loopback: bool) -> None:
        super().__init__(is_https_proto=is_https_proto, allow_loopback=allow_loopback)
        self._deadline = deadline

    def build_connection_pool_key_attributes(self, request: PreparedRequest, verify: Any, cert: Any = None) -> Any:
        """Where to connect, resolved and checked; the library lets some IPv6 through that stands for other networks."""
        host, options = super().build_connection_pool_key_attributes(request, verify, cert)
        if host["host"].startswith("["):
            ip = IPv6Address(host["host"].strip("[]"))
            if ip not in GLOBAL_UNICAST and not (self._allow_loopback and ip.is_loopback):
                raise InvalidIPAddress(ip)
        return host, options

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        pool = super().get_connection_with_tls_context(request, verify, proxies=proxies, cert=cert)
        made, deadline = pool.ConnectionCls, self._deadline

        def watched(*args: Any, **options: Any) -> Any:
            connection = made(*args, **options)
            connect = connection.connect

            def connect_and_watch() -> None:
                connect()
                deadline.watch(connection.sock)

            connection.connect = connect_and_watch
            return connection

        pool.ConnectionCls = watched
        return pool


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):
        # The plain method: an SSL socket's own would forget its TLS state under the reader's feet.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
