"""Orders: reads them, and prepares drafts that become orders once they are paid."""

import logging

from flask import Flask, jsonify, request
from opentelemetry import trace

from shop.network import call
from shop.storage import database, lasting

log = logging.getLogger("shop.order")
tracer = trace.get_tracer("shop.order")


def make_app(_) -> Flask:
    app = Flask("order")

    @app.get("/orders/<id>")
    def read_order(id: str):
        with lasting(192):
            with database("order") as cursor:
                row = cursor.execute("SELECT sku, quantity, cents FROM orders WHERE id = ?", (id,)).fetchone()
            with tracer.start_as_current_span("price order lines") as span, lasting(60):
                span.set_attribute("shop.order.quantity", row[1])
        return jsonify(id=id, sku=row[0], quantity=row[1], cents=row[2])

    @app.post("/orders/drafts")
    def create_draft():
        wanted = request.get_json()
        call("GET", "user", f"/users/{wanted['user']}/address")
        with lasting(55), database("order") as cursor:
            cursor.execute(
                "INSERT INTO orders (user_id, sku, quantity, cents) VALUES (?, ?, ?, ?)",
                (wanted["user"], wanted["sku"], wanted["quantity"], wanted["quantity"] * 1990),
            )
            order_id = cursor.lastrowid
        log.info("draft %s of %d items", order_id, wanted["quantity"])
        return jsonify(id=order_id, sku=wanted["sku"], quantity=wanted["quantity"], cents=wanted["quantity"] * 1990)

    return app
