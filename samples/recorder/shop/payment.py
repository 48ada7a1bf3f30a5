"""Payments: asks the external payment gateway for the money and keeps a ledger.

Version 2.4.0 waits about half as long for the external gateway as 2.3.0 did. That is why it fails more often.
"""

import logging

import requests
from flask import Flask, jsonify, request
from opentelemetry import trace
from requests.adapters import HTTPAdapter

from shop.instances import EXTERNAL, Instance
from shop.network import call
from shop.storage import database, lasting

log = logging.getLogger("shop.payment")
_patience = {"2.3.0": 0.28, "2.4.0": 0.15}


class PaymentGatewayTimeout(requests.exceptions.Timeout):
    """The external gateway did not answer in time."""


class GatewayAdapter(HTTPAdapter):
    """Calls a late answer by the shop's own name for it."""

    def send(self, *arguments, **named):
        try:
            return super().send(*arguments, **named)
        except requests.exceptions.ReadTimeout:
            raise PaymentGatewayTimeout("Payment gateway timeout") from None


def make_app(instance: Instance) -> Flask:
    app = Flask("payment")

    @app.get("/payments/<order_id>")
    def read_payment(order_id: str):
        with lasting(231), database("payment") as cursor:
            row = cursor.execute("SELECT method, state FROM payments WHERE order_id = ?", (order_id,)).fetchone()
            cursor.execute("SELECT count(*), sum(cents) FROM payments WHERE method = ?", (row[0],)).fetchone()
        return jsonify(order_id=order_id, method=row[0], state=row[1])

    @app.errorhandler(500)
    def tell(error):
        return jsonify(error=str(error.original_exception)), 500

    @app.post("/payments")
    def charge():
        order = request.get_json()
        trace.get_current_span().set_attribute("shop.payment.method", order["method"])
        with lasting(25), database("payment") as cursor:
            cursor.execute("SELECT state FROM payments WHERE order_id = ?", (order["id"],)).fetchone()
        answer = call("POST", EXTERNAL.host_name, "/charges", {"cents": order["cents"]},
                      timeout=_patience[instance.version], adapter=GatewayAdapter())
        if answer.elapsed.total_seconds() > 0.14:
            log.warning("payment gateway took %d ms for order %d", answer.elapsed.total_seconds() * 1000, order["id"])
        with database("payment") as cursor:
            cursor.execute("INSERT OR REPLACE INTO payments VALUES (?, ?, ?, 'charged')",
                           (order["id"], order["cents"], order["method"]))
        return jsonify(state="charged"), 201

    return app
