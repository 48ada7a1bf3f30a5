"""One SQLite database a service, and work that takes about as long as asked."""

import os
import random
import sqlite3
import time
from contextlib import contextmanager

_files = {
    "user": "users.db",
    "order": "orders.db",
    "payment": "payments.db",
    "inventory": "stock.db",
    "warehouse": "bins.db",
}


def database_name(service: str) -> str | None:
    return _files.get(service)


@contextmanager
def database(service: str):
    """A cursor of the service's database; commits at the end."""
    connection = sqlite3.connect(os.path.join(os.environ["SHOP_DATA"], _files[service]), timeout=10)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        yield connection.cursor()
        connection.commit()
    finally:
        connection.close()


@contextmanager
def lasting(milliseconds: float, spread: float = 0.08):
    """Sleeps after the body until about so many milliseconds have passed since the start."""
    end = time.monotonic() + milliseconds / 1000 * random.lognormvariate(0, spread)
    yield
    time.sleep(max(0.0, end - time.monotonic()))


def create_databases(folder: str) -> None:
    """Fills the databases before the shop opens, so that this takes no part in the recording."""
    tables = {
        "users.db": ("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, tier TEXT)",
                     "INSERT INTO users VALUES (?, ?, ?)",
                     [(n, f"Customer {n}", ("gold", "silver", "basic", "basic")[n % 4]) for n in range(1, 201)]),
        "orders.db": ("CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER, sku TEXT, quantity INTEGER, cents INTEGER)",
                      "INSERT INTO orders VALUES (?, ?, ?, ?, ?)",
                      [(n, n % 200 + 1, f"SKU-{n % 40:03}", n % 5 + 1, 1990 + n) for n in range(1, 301)]),
        "payments.db": ("CREATE TABLE payments (order_id INTEGER PRIMARY KEY, cents INTEGER, method TEXT, state TEXT)",
                        "INSERT INTO payments VALUES (?, ?, ?, ?)",
                        [(n, 1990 + n, ("card", "wallet", "invoice")[n % 3], "charged") for n in range(1, 301)]),
        "stock.db": ("CREATE TABLE stock (sku TEXT PRIMARY KEY, quantity INTEGER)",
                     "INSERT INTO stock VALUES (?, ?)", [(f"SKU-{n:03}", 100_000) for n in range(40)]),
        "bins.db": ("CREATE TABLE picks (order_id INTEGER, sku TEXT, bin TEXT)",
                    "INSERT INTO picks VALUES (?, ?, ?)", [(0, "SKU-000", "A-00")]),
    }
    for name, (create, insert, rows) in tables.items():
        connection = sqlite3.connect(os.path.join(folder, name))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(create)
        connection.executemany(insert, rows)
        connection.commit()
        connection.close()
