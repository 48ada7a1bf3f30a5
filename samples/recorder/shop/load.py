"""Customers: a fixed number of requests a second, at random moments, each on a thread of its own."""

import json
import random
import threading
import time
import urllib.request

from shop.instances import PORT, instance


def _request(rng: random.Random) -> urllib.request.Request:
    dice = rng.random()
    body, method = None, "GET"
    if dice < 0.5:
        path = f"/api/orders/{rng.randint(1, 300)}?user={rng.randint(1, 200)}"
    elif dice < 0.88:
        path, method = "/api/orders", "POST"
        body = json.dumps({
            "user": rng.randint(1, 200),
            "sku": f"SKU-{rng.randrange(40):03}",
            "quantity": rng.randint(1, 5),
            "method": rng.choice(["card", "card", "wallet", "invoice"]),
        }).encode()
    else:
        path = "/api/products"
    gateway = instance("gateway-1")
    headers = {"Host": gateway.host_name, "User-Agent": "shop-load/1.0", "Content-Type": "application/json"}
    return urllib.request.Request(f"http://{gateway.address}:{PORT}{path}", body, headers, method=method)


def run(seconds: float, per_second: float, seed: int) -> dict[int, int]:
    """Sends requests until the time is over and all are answered. Gives the number of answers by status."""
    rng = random.Random(seed)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    answers: dict[int, int] = {}
    lock = threading.Lock()

    def send(request: urllib.request.Request) -> None:
        try:
            with opener.open(request, timeout=30) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        with lock:
            answers[status] = answers.get(status, 0) + 1

    threads = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        threads.append(threading.Thread(target=send, args=(_request(rng),)))
        threads[-1].start()
        time.sleep(min(rng.expovariate(per_second), 3 / per_second))
    for thread in threads:
        thread.join()
    return answers
