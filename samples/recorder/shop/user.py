"""Who the customers are."""

from flask import Flask, jsonify

from shop.storage import database, lasting


def make_app(_) -> Flask:
    app = Flask("user")

    @app.get("/users/<id>")
    def read_user(id: str):
        with lasting(44), database("user") as cursor:
            row = cursor.execute("SELECT name, tier FROM users WHERE id = ?", (id,)).fetchone()
        return jsonify(id=id, name=row[0], tier=row[1])

    @app.get("/users/<id>/address")
    def read_address(id: str):
        with lasting(20), database("user") as cursor:
            row = cursor.execute("SELECT name FROM users WHERE id = ?", (id,)).fetchone()
        return jsonify(name=row[0], town="Sampletown")

    return app
