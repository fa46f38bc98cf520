"""Servers of the benchmarks' own, each on a free port and gone in the end."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
"""nginx's program; None where it is not installed."""

ROOT = Path(__file__).parents[1]
STARTED_WITHIN_SECONDS = 60.0


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


def start(script: str, port: int, **environment: str) -> subprocess.Popen[bytes]:
    """Start a Streamlit script; `wait_for` says when it answers."""
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", "--server.headless=true"]
    own, nowhere = {**os.environ, **environment}, subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=own, stdout=nowhere, stderr=nowhere)


def wait_for(address: str) -> None:
    """Wait until an address answers.

    Raises:
        TimeoutError: It does not.
    """
    give_up = time.monotonic() + STARTED_WITHIN_SECONDS
    ask = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < give_up:
        with suppress(OSError):
            ask.open(address, timeout=2).close()
            return
        time.sleep(0.2)
    raise TimeoutError(f"nothing answers at {address}")


def cpu_seconds(process: int) -> float | None:
    """Give the seconds of processor time that a process has used; None where the system does not say (not Linux)."""
    try:
        ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return None
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def memory_mb(process: int) -> int | None:
    """Give the most memory that a process has had so far, in megabytes; None where the system does not say."""
    try:
        found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{process}/status").read_text())
    except OSError:
        return None
    return None if found is None else int(found[1]) // 1024


@contextmanager
def serving(script: str, **environment: str) -> Iterator[str]:
    """Run a Streamlit script on a free port."""
    port = free_port()
    process = start(script, port, **environment)
    try:
        wait_for(f"http://localhost:{port}/_stcore/health")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(20)


# -- what a host uses: its settings, and nginx with its configuration

EXAMPLE = "ashore.example.org"
"""The name that stands in the files of `hosting/`."""


def settings(address: str) -> dict[str, str]:
    """Read the settings that hosts are given, with an address of our own and no database.

    Args:
        address: Where visitors come to.
    """
    text = (ROOT / "hosting" / "ashore.env").read_text("utf-8")
    found = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    own = {name: value.replace(EXAMPLE, "localhost") for name, value in found.items()}
    del own["ASHORE_DATABASE_URL"]
    return {**own, "ASHORE_PUBLIC_URL": address}


_MAIN = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/main-error.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include /etc/nginx/mime.types;
    include {folder}/ashore.conf;
}}
"""


def configure(folder: Path, port: int, replicas: tuple[int, int], *, hosted: bool) -> Path:
    """Write a configuration around `hosting/nginx.conf`, with other ports and folders, and nothing else changed.

    Args:
        folder: Where it is written, and where nginx keeps what it needs.
        port: Where nginx listens.
        replicas: Where the app does.
        hosted: Whether the replicas are in hosted mode; at home the app lets nobody in who says where they come from.

    Returns:
        The file to start nginx with.
    """
    text = (ROOT / "hosting" / "nginx.conf").read_text("utf-8")
    for written, replica in zip((8501, 8502), replicas, strict=True):
        text = text.replace(f":{written}", f":{replica}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("    listen [::]:80;\n", "")
    text = text.replace("/var/log/nginx", str(folder)).replace(
        "server_name ashore.example.org;", "server_name localhost;"
    )
    if not hosted:
        text = re.sub(r"(proxy_set_header (?:X-Real-IP|X-Forwarded-For|X-Forwarded-Proto)) \S+;", r'\1 "";', text)
    (folder / "ashore.conf").write_text(text, "utf-8")
    main = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""  # what it writes lies in a folder of ours
    main.write_text(_MAIN.format(folder=folder, user=user), "utf-8")
    return main


@contextmanager
def proxied(folder: Path, port: int, replicas: tuple[int, int], *, hosted: bool) -> Iterator[str]:
    """Run nginx before two replicas.

    Raises:
        FileNotFoundError: It is not installed.
    """
    if NGINX is None:
        raise FileNotFoundError("nginx is not installed")
    main = configure(folder, port, replicas, hosted=hosted)
    command = [NGINX, "-p", str(folder), "-c", str(main)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://localhost:{port}/_stcore/health")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(20)
