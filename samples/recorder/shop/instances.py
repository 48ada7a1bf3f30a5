"""Every process of the shop: its name, version, and the loopback address it listens on."""

from dataclasses import dataclass

PORT = 8080


@dataclass(frozen=True)
class Instance:
    """One process. `host` is the machine it claims to run on, `host_name` the name others call it by."""

    service: str
    version: str
    number: int
    host: str
    address: str
    host_name: str

    @property
    def id(self) -> str:
        return f"{self.service}-{self.number}"


INSTANCES = [
    Instance("gateway", "3.1.0", 1, "node-a", "127.0.0.10", "shop.example"),
    Instance("user", "1.8.2", 1, "node-a", "127.0.0.11", "user"),
    Instance("order", "5.0.1", 1, "node-b", "127.0.0.12", "order"),
    Instance("payment", "2.3.0", 1, "node-b", "127.0.0.13", "payment"),
    Instance("payment", "2.4.0", 2, "node-c", "127.0.0.14", "payment"),
    Instance("inventory", "1.4.0", 1, "node-c", "127.0.0.15", "inventory"),
    Instance("warehouse", "0.9.7", 1, "node-c", "127.0.0.16", "warehouse"),
    Instance("recommendation", "0.3.0", 1, "node-a", "127.0.0.17", "recommendation"),
]

# Belongs to somebody else: it reports no spans and is seen only by who calls it.
EXTERNAL = Instance("external-payment-gateway", "", 1, "", "127.0.0.60", "api.payments.example")


def instance(instance_id: str) -> Instance:
    return next(found for found in [*INSTANCES, EXTERNAL] if found.id == instance_id)
