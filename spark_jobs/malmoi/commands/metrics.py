"""``malmoi metrics``: the newest release in numbers, printed, or served to Prometheus."""

import argparse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from malmoi.contracts.errors import InfrastructureError, MalmoiError
from malmoi.contracts.paths import LAKE_VARIABLE, Lake

PATH = "/metrics"


def add_parsers(commands: argparse._SubParsersAction) -> None:
    this = commands.add_parser(
        "metrics",
        help="the newest release in numbers that Prometheus reads",
        description="Print the numbers of the newest release in Prometheus' text format, or serve them.",
    )
    this.add_argument("--lake", help=f"folder of the lake (default: {LAKE_VARIABLE})")
    this.add_argument("--port", type=int, help=f"serve them at {PATH} on this port instead of printing them")
    this.add_argument("--host", default="127.0.0.1", help="address to serve on (default 127.0.0.1)")
    this.set_defaults(run=metrics)


def metrics(args: argparse.Namespace) -> int:
    from malmoi.report.metrics import gauges, render

    lake = Lake(args.lake) if args.lake else Lake.from_environment()
    if args.port is None:
        print(render(gauges(lake)), end="")
        return 0
    try:
        server = Server(lake, args.host, args.port)
    except OSError as error:
        raise InfrastructureError(
            f"metrics: {args.host}:{args.port}: {error.strerror}; choose another --port"
        ) from None
    print(f"metrics: http://{args.host}:{server.server_port}{PATH}", flush=True)
    server.serve_forever()
    return 0


class Server(ThreadingHTTPServer):
    """Reads the lake anew at every request. A lake that cannot be read answers 503 with the error's one line."""

    daemon_threads = True

    def __init__(self, lake: Lake, host: str, port: int):
        self.lake = lake
        super().__init__((host, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        from malmoi.report.metrics import CONTENT_TYPE, gauges, render

        if self.path.split("?")[0] != PATH:
            self._answer(404, "text/plain", f"see {PATH}\n")
            return
        try:
            self._answer(200, CONTENT_TYPE, render(gauges(self.server.lake)))
        except MalmoiError as error:
            self._answer(503, "text/plain; charset=utf-8", f"{error}\n")

    def log_message(self, *_: object) -> None:
        """Prometheus asks every few seconds; no line for each."""

    def _answer(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
