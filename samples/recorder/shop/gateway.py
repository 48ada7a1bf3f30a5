"""The entry of the shop: asks the other services one after the other, or together where it can."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from flask import Flask, jsonify, request
from opentelemetry import trace

from shop.network import call

log = logging.getLogger("shop.gateway")


def make_app(_) -> Flask:
    app = Flask("gateway")
    pool = ThreadPoolExecutor(16)

    @app.get("/api/orders/<id>")
    def read_order(id: str):
        user_id = request.args.get("user", "1")
        user = call("GET", "user", f"/users/{user_id}").json()
        trace.get_current_span().set_attribute("shop.customer.tier", user["tier"])
        order = call("GET", "order", f"/orders/{id}").json()
        payment = call("GET", "payment", f"/payments/{id}").json()
        stock = call("GET", "inventory", f"/stock/{order['sku']}").json()
        return jsonify(order=order, payment=payment, stock=stock, user=user)

    @app.post("/api/orders")
    def create_order():
        wanted = request.get_json()
        span = trace.get_current_span()
        span.set_attribute("shop.payment.method", wanted["method"])
        user = call("GET", "user", f"/users/{wanted['user']}").json()
        span.set_attribute("shop.customer.tier", user["tier"])
        order = call("POST", "order", "/orders/drafts", wanted).json()
        payment = call("POST", "payment", "/payments", {**order, "method": wanted["method"]})
        if not payment.ok:
            reason = payment.json()["error"]
            span.add_event("order not created", {"shop.order.id": order["id"], "shop.reason": reason})
            log.error("order %s not created: %s", order["id"], reason)
            return jsonify(error=f"order not created: {reason}"), 502
        call("POST", "inventory", "/reservations", order)
        log.info("order %s created", order["id"])
        return jsonify(order), 201

    @app.get("/api/products")
    def read_products():
        stock = pool.submit(copy_context().run, call, "GET", "inventory", "/stock")
        proposed = pool.submit(copy_context().run, call, "GET", "recommendation", "/recommendations")
        products, recommendations = stock.result().json(), proposed.result()
        if not recommendations.ok:  # a page without recommendations is still a page
            log.warning("recommendations left out: status %d", recommendations.status_code)
            return jsonify(products=products, recommendations=[])
        return jsonify(products=products, recommendations=recommendations.json())

    return app
