"""A server of our own, on 127.0.0.1, that speaks as Pexels, Pixabay and OpenAI's image models do, faults included."""

import base64
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "the-right-key-of-a-test"
File = bytes | Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Work:
    """Something a library has: found by any of its words, or by all words where it has none."""

    id: int
    file: str
    width: int = 1200
    height: int = 1800
    seconds: float = 0.0
    words: tuple[str, ...] = ()


@dataclass
class Libraries:
    """The server: what the libraries have, what lies where, and who asked."""

    url: str
    works: list[Work] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    images: list[dict[str, Any]] = field(default_factory=list)

    def searches(self) -> list[dict[str, str]]:
        """The queries of searches, in order."""
        return [query for path, query, _ in self.asked if not path.startswith("/files/")]

    def downloads(self) -> list[str]:
        return [path.removeprefix("/files/") for path, _, _ in self.asked if path.startswith("/files/")]

    def answer(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        """The JSON of a search, as documented."""
        words = query.get("query", query.get("q", ""))
        films = "videos" in path
        found = [one for one in self.works if (one.seconds > 0) is films]
        found = [one for one in found if not one.words or any(word in words for word in one.words)]
        if path.startswith("/pexels"):
            key, make = ("videos", self._pexels_video) if films else ("photos", self._pexels_photo)
            return {"page": 1, "per_page": 40, "total_results": len(found), key: [make(one) for one in found]}
        hits = [self._pixabay_video(one) if films else self._pixabay_photo(one) for one in found]
        return {"total": len(hits), "totalHits": len(hits), "hits": hits}

    def _pexels_photo(self, one: Work) -> dict[str, Any]:
        link = f"{self.url}/files/{one.file}"
        return {
            "id": one.id,
            "width": one.width,
            "height": one.height,
            "url": f"https://www.pexels.com/photo/{one.id}/",
            "photographer": f"Photographer {one.id}",
            "photographer_url": "https://www.pexels.com/@someone",
            "photographer_id": 7,
            "avg_color": "#666666",
            "src": {
                "original": link,
                "large2x": f"{link}?auto=compress&dpr=2",
                "large": f"{link}?h=650",
                "medium": f"{link}?h=350",
                "small": f"{link}?h=130",
                "portrait": f"{link}?fit=crop&h=1200&w=800",
                "landscape": f"{link}?fit=crop&h=627&w=1200",
                "tiny": f"{link}?h=200",
            },
            "liked": False,
            "alt": "",
        }

    def _pexels_video(self, one: Work) -> dict[str, Any]:
        link = f"{self.url}/files/{one.file}"
        sizes = [("uhd", 2), ("hd", 1), ("sd", 0.5)]
        return {
            "id": one.id,
            "width": one.width * 2,
            "height": one.height * 2,
            "url": f"https://www.pexels.com/video/{one.id}/",
            "image": f"{link}.jpg",
            "duration": one.seconds,
            "user": {"id": 7, "name": f"Filmer {one.id}", "url": "https://www.pexels.com/@someone"},
            "video_files": [
                {
                    "id": number,
                    "quality": quality,
                    "file_type": "video/mp4",
                    "width": round(one.width * scale),
                    "height": round(one.height * scale),
                    "fps": 25.0,
                    "link": f"{link}?{quality}",
                }
                for number, (quality, scale) in enumerate(sizes)
            ],
            "video_pictures": [],
        }

    def _pixabay_photo(self, one: Work) -> dict[str, Any]:
        return {
            "id": one.id,
            "pageURL": f"https://pixabay.com/photos/{one.id}/",
            "type": "photo",
            "tags": "a, b",
            "previewURL": f"{self.url}/files/{one.file}?small",
            "webformatURL": f"{self.url}/files/{one.file}?640",
            "largeImageURL": f"{self.url}/files/{one.file}",
            "imageWidth": one.width,
            "imageHeight": one.height,
            "imageSize": 1,
            "user": f"user{one.id}",
            "user_id": 7,
        }

    def _pixabay_video(self, one: Work) -> dict[str, Any]:
        files = {
            name: {
                "url": f"{self.url}/files/{one.file}?{name}",
                "width": round(one.width * scale),
                "height": round(one.height * scale),
                "size": 1,
                "thumbnail": "",
            }
            for name, scale in (("large", 2), ("medium", 1), ("small", 0.5), ("tiny", 0.25))
        }
        return {
            "id": one.id,
            "pageURL": f"https://pixabay.com/videos/{one.id}/",
            "type": "film",
            "duration": one.seconds,
            "videos": files,
            "user": f"user{one.id}",
        }


@contextmanager
def running() -> Iterator[Libraries]:
    """The server until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            libraries.asked.append((parts.path, query, dict(self.headers)))
            self.close_connection = True
            with suppress(ConnectionError):
                if parts.path.startswith("/files/"):
                    self._file(parts.path.removeprefix("/files/"))
                elif KEY not in (query.get("key"), self.headers.get("Authorization")):
                    self._says(401 if parts.path.startswith("/pexels") else 400, b"[ERROR 400] Invalid API key")
                else:
                    self._json(libraries.answer(parts.path, query))

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            libraries.images.append(asked)
            libraries.asked.append((self.path, {}, dict(self.headers)))
            self.close_connection = True
            with suppress(ConnectionError):
                if self.headers.get("Authorization") != f"Bearer {KEY}":
                    self._says(401, b'{"error": {"message": "Incorrect API key provided"}}')
                else:
                    encoded = base64.b64encode(jpeg(1024, 1536)).decode()
                    self._json({"created": 1, "data": [{"b64_json": encoded}]})

        def _file(self, name: str) -> None:
            file = libraries.files.get(name)
            if file is None:
                self._says(404, b"<html>not found</html>")
            elif callable(file):
                file(self)
            else:
                self._says(200, file, "application/octet-stream")

        def _json(self, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode() if libraries.body is None else libraries.body
            self._says(libraries.status, body, "application/json", **libraries.headers)

        def _says(self, status: int, body: bytes, kind: str = "text/html", **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    libraries = Libraries(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield libraries
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def jpeg(width: int = 900, height: int = 1350, colour: str = "#4070a0", **options: Any) -> bytes:
    """A picture with something to see in it."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(picture).ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill="#f0c040")
    written = io.BytesIO()
    picture.save(written, options.pop("kind", "JPEG"), **options)
    return written.getvalue()


def bomb() -> bytes:
    """A PNG of a few bytes that says it has nine hundred million pixels."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def animated() -> bytes:
    """A WebP of three pictures."""
    from PIL import Image

    first, *rest = [Image.new("RGB", (600, 900), colour) for colour in ("red", "green", "blue")]
    written = io.BytesIO()
    first.save(written, "WEBP", save_all=True, append_images=rest, duration=100)
    return written.getvalue()


def endless(request: BaseHTTPRequestHandler) -> None:
    """A JPEG that goes on for ever."""
    request.send_response(200)
    request.send_header("Content-Type", "image/jpeg")
    request.end_headers()
    request.wfile.write(jpeg())
    while True:
        request.wfile.write(bytes(65_536))


def dripping(request: BaseHTTPRequestHandler) -> None:
    """A byte every now and then."""
    request.send_response(200)
    request.end_headers()
    for _ in range(100):
        request.wfile.write(b"\xff")
        time.sleep(0.1)
