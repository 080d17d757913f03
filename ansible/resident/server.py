"""Ansible, imported once: forks a run for each client and is started by its socket.

Importing Ansible costs half a second, which is a third of what creating a site takes. This process has paid it, and does nothing else:
it reads no playbook and keeps nothing of a run. It ends itself when nobody has asked for a while, so a quiet node does not carry it.

A client is the main process of a run's unit. The run is forked from here and moved into that unit's control groups before it does
anything, so the unit's limits, its stop and its end hold for it as if the unit had started it; its output goes to the client's files.
The connection belongs to the run: it sends its exit code, and a run that was killed just closes it. What this process becomes meanwhile
does not matter to a run.
"""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import signal
import socket
import struct
import sys
import tempfile

from membership import join_groups_of

IDLE_SECONDS = 600
ASKING_SECONDS = 5
LARGEST_REQUEST = 65_536
FIRST_SOCKET = 3
TAKEN = b"taken"
REFUSED = b"refused"
GO = b"go"


def warm():
    """What every run would import, find and compile first."""
    from ansible import constants as C
    from ansible.cli import playbook  # noqa: F401
    from ansible.executor import playbook_executor, task_queue_manager  # noqa: F401
    from ansible.inventory.manager import InventoryManager
    from ansible.parsing.dataloader import DataLoader
    from ansible.plugins import loader
    from ansible.template import Templar
    from ansible.vars.manager import VariableManager

    data = DataLoader()
    VariableManager(loader=data, inventory=InventoryManager(loader=data, sources=["localhost,"]))
    Templar(loader=data).template("{{ '1' | int is ansible.builtin.regex('1') }}")
    loader.strategy_loader.get("linear", class_only=True)
    loader.connection_loader.get("local", class_only=True)
    loader.shell_loader.get("sh", class_only=True)
    loader.lookup_loader.get("template", class_only=True)
    loader.callback_loader.get("pressluft", class_only=True)
    for name in ("assert", "normal", "set_stats", "validate_argument_spec"):
        loader.action_loader.get(name, class_only=True)
    normal = sys.modules["ansible.plugins.action.normal"]
    for folder in C.DEFAULT_MODULE_PATH:
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            if name.endswith(".py"):
                normal.loaded(os.path.join(folder, name))


def asked(connection):
    """The request of a client that is root here, with its process and its two files; nothing when it is not one."""
    request, files, _, _ = socket.recv_fds(connection, LARGEST_REQUEST, 2)
    pid, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    try:
        if user == 0 and len(files) == 2 and request:
            return json.loads(request), files, pid
    except ValueError:
        pass  # cut off, or no client of ours
    for file in files:
        os.close(file)
    return None


def mine(request):
    """A newer release of the agent has another directory; what is imported here is not its code."""
    here = os.getcwd()
    config = os.environ["ANSIBLE_CONFIG"]
    same = request.get("directory") == here and request.get("environment", {}).get("ANSIBLE_CONFIG", "") == config
    return same and os.path.realpath(config) == os.path.join(here, "ansible.cfg")


def perform(connection, request, files, pid):
    """The run itself, in the forked process. Does not return."""
    code = 250
    try:
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if not join_groups_of(pid):
            connection.send(REFUSED)
            os._exit(code)
        connection.send(TAKEN)
        # A client that gave up waiting runs the playbook itself; only its word makes sure that it has not.
        if connection.recv(16) != GO:
            os._exit(code)
        os.dup2(files[0], 1)
        os.dup2(files[1], 2)
        for file in files:
            os.close(file)
        os.environ.clear()
        os.environ.update(request["environment"])
        random.seed()
        code = play(request["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        connection.send(str(code).encode())
        os._exit(code)


def play(arguments):
    from ansible import constants as C
    from ansible.cli.playbook import PlaybookCLI

    C.DEFAULT_LOCAL_TMP = tempfile.mkdtemp(prefix="pressluft-ansible-")
    try:
        PlaybookCLI.cli_executor(arguments)
        return 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    finally:
        shutil.rmtree(C.DEFAULT_LOCAL_TMP, ignore_errors=True)


def serve(listener):
    """Until nobody has asked for a while."""
    listener.settimeout(IDLE_SECONDS)
    while True:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            return
        with connection:
            connection.settimeout(ASKING_SECONDS)
            try:
                found = asked(connection)
            except OSError:
                continue
            if found is None:
                continue
            request, files, pid = found
            if not mine(request):
                connection.send(REFUSED)
                return
            if os.fork() == 0:
                listener.close()
                connection.settimeout(None)
                perform(connection, request, files, pid)
            for file in files:
                os.close(file)


def main():
    # Nobody waits for a run here; its unit does.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    warm()
    # A run lives for seconds and its tasks are forked from it: looking for garbage in what all of them share would copy it each time.
    gc.collect()
    gc.freeze()
    gc.disable()
    serve(socket.socket(fileno=FIRST_SOCKET))


if __name__ == "__main__":
    main()
