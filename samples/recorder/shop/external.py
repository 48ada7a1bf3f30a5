"""The external payment gateway: somebody else's, without instrumentation, and slow for a while in each recording."""

import os
import random
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def _answer_seconds() -> float:
    """Usually about 80 ms with a long tail; twice that in the third quarter of the recording."""
    passed = (time.time() - float(os.environ["SHOP_STARTED"])) / float(os.environ["SHOP_SECONDS"])
    return random.lognormvariate(0, 0.5) * (0.160 if 0.5 <= passed < 0.75 else 0.080)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(_answer_seconds())
        try:
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except OSError:
            pass  # who asked has gone

    def log_message(self, *_) -> None:
        pass


def make_server(address: str, port: int) -> ThreadingHTTPServer:
    return ThreadingHTTPServer((address, port), _Handler)
