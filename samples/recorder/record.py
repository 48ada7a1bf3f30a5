"""Runs the shop under load and writes what it reports to ../shop.

    python record.py [--seconds 80] [--rate 3.5] [--seed 1]

Every process started here is stopped again, also when the run is interrupted.
"""

import argparse
import getpass
import gzip
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from shop import load
from shop.instances import EXTERNAL, INSTANCES, PORT
from shop.storage import create_databases

HERE = Path(__file__).resolve().parent


def start(folder: Path, started: float, seconds: float) -> list[subprocess.Popen]:
    """Starts all services, each knowing nothing of the machine but where to write."""
    processes = []
    for instance in [*INSTANCES, EXTERNAL]:
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "SHOP_DATA": str(folder),
            "SHOP_OUTPUT": str(folder),
            "SHOP_STARTED": str(started),
            "SHOP_SECONDS": str(seconds),
        }
        if instance.service != "warehouse":
            environment["OTEL_SEMCONV_STABILITY_OPT_IN"] = "http,database"
        processes.append(subprocess.Popen([sys.executable, "-m", "shop", instance.id], cwd=HERE, env=environment))
    return processes


def refuse_taken_addresses() -> None:
    for instance in [*INSTANCES, EXTERNAL]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((instance.address, PORT))
            except OSError as error:
                sys.exit(f"{instance.id} cannot listen on {instance.address}:{PORT}: {error.strerror}")


def wait_until_ready(processes: list[subprocess.Popen]) -> None:
    for instance, process in zip([*INSTANCES, EXTERNAL], processes):
        while True:
            if process.poll() is not None:
                sys.exit(f"{instance.id} did not start")
            try:
                socket.create_connection((instance.address, PORT), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)


def stop(processes: list[subprocess.Popen]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def neutral(text: str) -> str:
    """Cuts the paths in stack traces to what follows the folder of the packages, of Python, or of the shop."""
    for folder in [sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"), str(HERE)]:
        text = text.replace(f"{folder}/", "")
    return text


def refuse_traces_of_the_machine(text: str) -> None:
    words = [str(Path.home()), str(HERE.parent), sys.prefix, sys.base_prefix, tempfile.gettempdir() + "/", socket.gethostname()]
    if getpass.getuser() != "root":
        words.append(getpass.getuser())
    for word in words:
        if len(word) > 1 and (found := re.search(rf".{{0,80}}{re.escape(word)}.{{0,80}}", text)):
            sys.exit(f"the recording would tell about this machine: {found.group()}")


def write_archive(path: Path, text: str) -> None:
    refuse_traces_of_the_machine(text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def gather(folder: Path, output: Path) -> None:
    """Gzips the span files one by one and the logs of all services into one file."""
    for old in [*output.glob("*.jsonl.gz"), *output.glob("logs/*.jsonl.gz")]:
        old.unlink()
    logs = []
    for file in sorted(folder.glob("*.jsonl")):
        text = neutral(file.read_text(encoding="utf-8"))
        if file.name.startswith("logs-"):
            logs.append(text)
        else:
            write_archive(output / f"{file.name}.gz", text)
    write_archive(output / "logs" / "shop-logs.jsonl.gz", "".join(logs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=80)
    parser.add_argument("--rate", type=float, default=3.5, help="requests a second")
    parser.add_argument("--seed", type=int, default=1, help="of the customers; the services have their own chance")
    parser.add_argument("--output", type=Path, default=HERE.parent / "shop")
    options = parser.parse_args()
    refuse_taken_addresses()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="shop-"))
    processes: list[subprocess.Popen] = []
    try:
        create_databases(str(folder))
        processes = start(folder, time.time() + 4, options.seconds)
        wait_until_ready(processes)
        answers = load.run(options.seconds, options.rate, options.seed)
        stop(processes)
        processes = []
        gather(folder, options.output)
        print("answers by status:", dict(sorted(answers.items())))
    finally:
        stop(processes)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
