"""What the benchmarks share: an instance of their own with one local node, a client that waits without sleeping long, and tables.

Python's standard library only. Whatever is started here is ended and removed here, also after a failure.
"""

from __future__ import annotations

import http.client
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parent.parent
START_SECONDS = 600
NODE_SECONDS = 900
JOB_SECONDS = 300


def say(text):
    print(text, file=sys.stderr, flush=True)


class Api:
    """One connection kept open, as a client that creates many sites would have it."""

    def __init__(self, port, token):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body)
        self._connection.request(method, path, data, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text.decode(errors='replace')}")
        return json.loads(text)

    def settled(self, job, patience=JOB_SECONDS):
        """The job, once it has succeeded. Its end is heard on its event stream: asking over and over would be load, and be measured."""
        stream = http.client.HTTPConnection("127.0.0.1", self._connection.port, timeout=patience)
        try:
            stream.request("GET", f"/api/jobs/{job}/events", headers={**self._headers, "Accept": "text/event-stream"})
            answer = stream.getresponse()
            while (line := answer.readline()) and line.strip() != b"event:end":
                pass
        finally:
            stream.close()
        self._connection.close()  # it may have been idle for longer than the server keeps one; the next request opens it again
        seen = self.ask("GET", f"/api/jobs/{job}")
        if seen["state"] != "succeeded":
            raise SystemExit(f"job {job} did not succeed: {json.dumps(seen.get('failure') or seen['state'])}")
        return seen


class Instance:
    """`with Instance() as it:` an ephemeral control plane and one local node that is ready."""

    def __enter__(self):
        if os.geteuid() != 0:
            raise SystemExit("Local nodes need root. Run the benchmark as root.")
        self._work = pathlib.Path(tempfile.mkdtemp(prefix="pressluft-bench.", dir="/var/tmp"))
        self._work.chmod(0o711)
        self.data = self._work / "data"
        self._environment = {**os.environ, "PRESSLUFT_DATA": str(self.data), "PRESSLUFT_URL": ""}
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        say("Starting a control plane and a node for this benchmark ...")
        log = open(self._work / "dev.log", "wb")
        self._keeper = subprocess.Popen(
            [HOME / "pressluft", "dev", "--ephemeral"], env=self._environment, stdout=log, stderr=log
        )
        end = time.monotonic() + START_SECONDS
        while not (self.data / "instance.json").exists():
            if self._keeper.poll() is not None or time.monotonic() > end:
                raise SystemExit("The control plane did not start:\n" + (self._work / "dev.log").read_text()[-2000:])
            time.sleep(0.2)
        about = json.loads((self.data / "instance.json").read_text())
        self.api = Api(int(about["url"].rstrip("/").rpartition(":")[2]), (self.data / "operator.token").read_text().strip())
        asked = self.api.ask("POST", "/api/nodes", {"source": "local", "provider": "nspawn"})
        self.api.settled(asked["job"]["id"], NODE_SECONDS)
        self.node = asked["node"]["id"]
        self.leader = self._leader()

    def _leader(self):
        """Process 1 of the machine, as this host numbers it."""
        root = str(self.data / "machines" / self.node / "root")
        for directory in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (directory / "cmdline").read_bytes().decode().split("\0")
                if words[0].endswith("systemd-nspawn") and f"--directory={root}" in words:
                    children = (directory / "task" / directory.name / "children").read_text().split()
                    return children[0]
            except (FileNotFoundError, ProcessLookupError):
                continue
        raise SystemExit("The machine of the node is not running.")

    def on_node(self, *command, data=None):
        """Standard output of a command that is run as root on the node."""
        enter = ["nsenter", "--target", self.leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd", "--"]
        clean = ["/usr/bin/env", "-i", "LANG=C.UTF-8", "HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
        done = subprocess.run([*enter, *clean, *command], input=data, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command[:3])} ended with {done.returncode} on the node:\n{done.stderr}")
        return done.stdout

    @staticmethod
    def settle():
        """Has everything written, so that nobody's measurement pays for what another one left in memory."""
        os.sync()

    def __exit__(self, *_):
        say("Removing them ...")
        keeper = getattr(self, "_keeper", None)
        if keeper and keeper.poll() is None:
            keeper.send_signal(signal.SIGTERM)
            keeper.wait(60)
        if self.data.exists():
            subprocess.run([HOME / "pressluft", "down", "--purge"], env=self._environment, stdout=sys.stderr, check=True)
        shutil.rmtree(self._work)


def table(title, rows):
    """Rows of (what, values or one value); prints medians."""
    print(f"\n{title}")
    width = max(len(what) for what, _ in rows)
    for what, values in rows:
        middle = statistics.median(values) if isinstance(values, list) else values
        print(f"  {what:<{width}}  {middle:8.1f}")
