"""A web server on loopback that behaves well or badly, as each path says, and keeps a log of what it was asked."""

import gzip
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Answer = tuple[int, dict[str, str], bytes]
Page = Answer | Callable[["Handler"], None]


class Site:
    """``pages``: path -> (status, headers, body), or a function that answers by itself. ``asked`` is the log: path with
    query, headers, seconds since the start."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str], float]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.site = self  # type: ignore[attr-defined]
        self.server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def paths(self) -> list[str]:
        """What was asked for, but for the rules of the host."""
        return [path for path, _, _ in self.asked if path not in ("/robots.txt", "/.well-known/tdmrep.json")]

    def times(self, path: str) -> list[float]:
        return [moment for asked, _, moment in self.asked if asked == path]

    def headers(self, path: str) -> list[dict[str, str]]:
        return [headers for asked, headers, _ in self.asked if asked == path]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, time.monotonic()))
        page = site.pages.get(self.path, site.pages.get(urlsplit(self.path).path))
        if page is None:
            self.answer(404, {}, b"none")
        elif callable(page):
            try:
                page(self)
            except (BrokenPipeError, ConnectionResetError):
                pass
        else:
            self.answer(*page)

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def page(title: str, text: str, head: str = "") -> bytes:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><p>{text}</p></article></body></html>".encode()
    )


def slow(handler: Handler) -> None:
    """A body that never ends: a few bytes now and then."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"<p>...")
        handler.wfile.flush()
        time.sleep(0.1)


def bomb(handler: Handler) -> None:
    """64 MiB of zeros in 64 KiB."""
    handler.answer(200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(64 << 20), 9))


def wrong_length(handler: Handler) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<p>short")
    handler.close_connection = True


def endless(handler: Handler) -> None:
    """More bytes than any limit, without a length."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    for _ in range(64):
        handler.wfile.write(b"<p>" + b"x" * (1 << 20))


def hang_up(handler: Handler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(2)


def video(handler: Handler) -> None:
    """A large body of another type; a good client hangs up after the headers."""
    handler.answer(200, {"Content-Type": "video/mp4"}, bytes(2 << 20))


def conditional(body: bytes, etag: str) -> Callable[[Handler], None]:
    def answer(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == etag:
            handler.send_response(304)
            handler.send_header("ETag", etag)
            handler.end_headers()
        else:
            handler.answer(200, {"ETag": etag}, body)

    return answer


def after(seconds: float, first: Answer, then: Answer) -> Callable[[Handler], None]:
    """``first`` until so many seconds have passed since the first request, ``then`` from there on."""
    began: list[float] = []

    def answer(handler: Handler) -> None:
        began.append(time.monotonic())
        handler.answer(*(first if time.monotonic() - began[0] < seconds else then))

    return answer
