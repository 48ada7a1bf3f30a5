"""What is in stock."""

from flask import Flask, jsonify, request

from shop.network import call
from shop.storage import database, lasting


def make_app(_) -> Flask:
    app = Flask("inventory")

    @app.get("/stock")
    def read_all():
        with lasting(14), database("inventory") as cursor:
            rows = cursor.execute("SELECT sku, quantity FROM stock ORDER BY sku LIMIT 20").fetchall()
        return jsonify(rows)

    @app.get("/stock/<sku>")
    def read_stock(sku: str):
        with lasting(5), database("inventory") as cursor:
            row = cursor.execute("SELECT quantity FROM stock WHERE sku = ?", (sku,)).fetchone()
        return jsonify(sku=sku, quantity=row[0])

    @app.post("/reservations")
    def reserve():
        order = request.get_json()
        with lasting(12), database("inventory") as cursor:
            cursor.execute("UPDATE stock SET quantity = quantity - ? WHERE sku = ?", (order["quantity"], order["sku"]))
        call("POST", "warehouse", "/picks", order)
        return jsonify(reserved=order["quantity"]), 201

    return app
