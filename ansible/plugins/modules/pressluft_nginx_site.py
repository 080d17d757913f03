#!/usr/bin/python
"""One virtual host of nginx, tested before it replaces the old one."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, read, run, started_at, text, write_atomically

DOCUMENTATION = """
module: pressluft_nginx_site
short_description: One virtual host of nginx
description:
  - The candidate is tested with C(nginx -t) against a copy of the configuration in which it already replaces the old file.
    Only then it is put in place and nginx reloaded. A refused reload puts the old file back.
  - One that is taken away stays away, whatever nginx says, so that it is gone with the next start or reload at the latest.
options:
  name:
    description: Environment id; the file is C(<directory>/<name>.conf).
    type: str
    required: true
  content:
    description: The server block; required when present.
    type: str
  directory:
    description: Where the main configuration includes virtual hosts from, as C(include <directory>/*.conf;).
    type: path
    default: /etc/nginx/pressluft-sites
  main:
    description: The main configuration.
    type: path
    default: /etc/nginx/nginx.conf
  state:
    type: str
    choices: [present, absent]
    default: present
    description: Whether the virtual host exists.
"""


def test(module, name, content):
    """nginx -t over the configuration as it would be."""
    directory = module.params["directory"]
    main = read(module.params["main"])
    include = f"include {directory}/*.conf;"
    if main is None or include not in main.decode():
        raise Failure("web_server_unavailable", "nginx is not set up by Pressluft on this node. Provision the node again.")
    workplace = tempfile.mkdtemp(prefix="pressluft-nginx-")
    try:
        sites = os.path.join(workplace, "sites")
        os.mkdir(sites)
        for entry in os.listdir(directory):
            if entry.endswith(".conf") and entry != f"{name}.conf":
                os.symlink(os.path.join(directory, entry), os.path.join(sites, entry))
        with open(os.path.join(sites, f"{name}.conf"), "w", encoding="utf-8") as file:
            file.write(content)
        candidate = os.path.join(workplace, "nginx.conf")
        with open(candidate, "w", encoding="utf-8") as file:
            file.write(main.decode().replace(include, f"include {sites}/*.conf;"))
        done = run(["nginx", "-t", "-q", "-c", candidate])
        if done.returncode != 0:
            own = run(["nginx", "-t", "-q", "-c", module.params["main"]])
            raise Failure(
                "web_server_config_invalid",
                "nginx refuses the new virtual host; the old configuration stays in place."
                if own.returncode == 0
                else "nginx's own configuration on the node is invalid, without the new virtual host too. Repair it and retry.",
                stderr=text(done.stderr).replace(workplace, ""),
            )
    finally:
        shutil.rmtree(workplace)


LOCK = "/run/pressluft-nginx.lock"
RELOADED = "/run/pressluft-nginx-reloaded"
MAIN = "/run/nginx.pid"
RETIREMENT_SECONDS = 5


def pending(directory):
    """Whether a virtual host came or went after nginx last read them: a run may have ended in between."""
    loaded = started_at("nginx.service")
    if os.path.exists(RELOADED):
        loaded = max(loaded, os.stat(RELOADED).st_mtime)
    return os.stat(directory).st_mtime > loaded


def dead():
    return run(["systemctl", "is-active", "--quiet", "nginx.service"]).returncode != 0


def living(path):
    """What /proc says of a process; nothing when it has just ended."""
    try:
        return read(path) or b""
    except ProcessLookupError:
        return b""


def workers():
    """Those that answer; not those that only end what they have begun."""
    main = text(read(MAIN) or b"")
    children = text(living(f"/proc/{main}/task/{main}/children")).split() if main else []
    titles = {pid: living(f"/proc/{pid}/cmdline") for pid in children}
    return {pid for pid, title in titles.items() if b"worker process" in title and b"shutting down" not in title}


def retire(old):
    """The reload returns at once. Until the workers of before have heard of it they answer with the configuration of before."""
    end = time.monotonic() + RETIREMENT_SECONDS
    while old & workers() and time.monotonic() < end:
        time.sleep(0.005)


def reload(refused):
    """:param refused: what to do when nginx does not take the change; returns what to say then"""
    before = time.time()
    old = workers()
    done = run(["systemctl", "reload", "nginx.service"])
    if done.returncode != 0:
        consequence = refused()
        raise Failure(
            "web_server_unavailable",
            f"nginx could not be reloaded; {consequence}. Look at `systemctl status nginx` on the node.",
            stderr=text(done.stderr),
        )
    with open(RELOADED, "w", encoding="ascii"):
        os.utime(RELOADED, (before, before))
    retire(old)


@contextlib.contextmanager
def alone():
    """nginx fails when a virtual host goes between listing and reading them, so one job at a time changes and reloads."""
    with open(LOCK, "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def work(module):
    with alone():
        return change(module)


def change(module):
    name, content = module.params["name"], module.params["content"]
    if not re.fullmatch(r"env_[a-z0-9]{8}", name):
        raise Failure("payload_invalid", f"{name!r} is no environment id.")
    path = os.path.join(module.params["directory"], f"{name}.conf")
    before = read(path)

    def restore():
        if before is None:
            if os.path.exists(path):
                os.unlink(path)
        else:
            write_atomically(path, before, 0o644, 0, 0)
        return "the virtual host is as it was"

    if module.params["state"] == "absent":
        # A server that does not run serves nothing, and reads what is there when it starts.
        tell = (before is not None or pending(module.params["directory"])) and not dead()
        if not module.check_mode:
            if before is not None:
                os.unlink(path)
            if tell:
                reload(lambda: "it keeps the virtual host until it can")
        return {"changed": before is not None or tell}

    if before == content.encode():
        late = pending(module.params["directory"])
        if late and not module.check_mode:
            reload(restore)
        return {"changed": late}
    test(module, name, content)
    if not module.check_mode:
        write_atomically(path, content.encode(), 0o644, 0, 0)
        reload(restore)
    return {
        "changed": True,
        "diff": {"before_header": path, "after_header": path, "before": text(before or b""), "after": content.strip()},
    }


def main():
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "content": {"type": "str"},
            "directory": {"type": "path", "default": "/etc/nginx/pressluft-sites"},
            "main": {"type": "path", "default": "/etc/nginx/nginx.conf"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        required_if=[("state", "present", ["content"])],
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
