"""Runs one instance until it is told to stop: `python -m shop payment-2`."""

import importlib
import signal
import sys
import threading

from shop import telemetry
from shop.instances import EXTERNAL, PORT, instance
from shop.network import use_shop_names


def main() -> None:
    if sys.argv[1] == EXTERNAL.id:
        from shop.external import make_server

        server, stop = make_server(EXTERNAL.address, PORT), lambda: None
    else:
        me = instance(sys.argv[1])
        use_shop_names()
        stop = telemetry.start(me)
        from werkzeug.serving import make_server

        app = importlib.import_module(f"shop.{me.service}").make_app(me)
        server = make_server(me.address, PORT, app, threaded=True)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the recorder stops us, in its own order
    server.serve_forever()
    stop()


main()
