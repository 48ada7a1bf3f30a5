"""Where things lie, and who fetches them. Speaks the older attribute names of OpenTelemetry, as old services do."""

import logging

from flask import Flask, jsonify, request

from shop.storage import database, lasting

log = logging.getLogger("shop.warehouse")


def make_app(_) -> Flask:
    app = Flask("warehouse")

    @app.post("/picks")
    def pick():
        order = request.get_json()
        with lasting(22), database("warehouse") as cursor:
            cursor.execute("INSERT INTO picks VALUES (?, ?, ?)", (order["id"], order["sku"], "A-" + order["sku"][-2:]))
        log.info("pick of %d x %s", order["quantity"], order["sku"])
        return jsonify(bin="A-" + order["sku"][-2:]), 201

    return app
