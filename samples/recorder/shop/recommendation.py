"""Proposes products; now and then it has none."""

import random

from flask import Flask, jsonify

from shop.storage import lasting


def make_app(_) -> Flask:
    app = Flask("recommendation")

    @app.get("/recommendations")
    def recommend():
        with lasting(40):
            skus = [f"SKU-{random.randrange(40):03}" for _ in range(3)]
        if random.random() < 0.1:
            return jsonify(error="model is loading"), 503
        return jsonify(skus)

    return app
