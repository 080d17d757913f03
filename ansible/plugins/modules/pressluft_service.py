#!/usr/bin/python
"""A service that runs with the configuration that is on disk."""

from __future__ import annotations

import os
import shutil
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, run, started_at, text

DOCUMENTATION = """
module: pressluft_service
short_description: A service that runs with the configuration that is on disk
description:
  - Present means enabled and running since after the last change of its configuration. That is compared each time instead of
    remembered in a run, so a run that ended between writing and restarting is made good by the next one.
  - Absent means disabled and stopped, together with everything else in its slice.
options:
  unit:
    description: The service.
    type: str
    required: true
  config:
    description: Files it reads at start. It is restarted when one is newer than its start.
    type: list
    elements: path
    default: []
  enabled:
    description: Whether it starts at boot; false leaves that alone, for units that cannot be enabled.
    type: bool
    default: true
  ahead:
    description: Units that would be started by their sockets anyway, started along with it when it was not running.
    type: list
    elements: str
    default: []
  slice:
    description: Slice that belongs to the service alone.
    type: str
  runtime_directory:
    description: Directory of its socket, removed with the service.
    type: path
  state:
    type: str
    choices: [present, absent]
    default: present
    description: Whether the service runs.
"""


UNITS = "/etc/systemd/system"
UNITS_READ = "/run/pressluft-units-read"


def systemctl(*words, may_fail=False):
    done = run(["systemctl", *words])
    if done.returncode != 0 and not may_fail:
        raise Failure(None, f"`systemctl {' '.join(words)}` failed.", stderr=text(done.stderr))
    return text(done.stdout)


def states(*units):
    """(runs, its unit files changed since systemd read them) of each unit."""
    words = systemctl("show", "--property=ActiveState,NeedDaemonReload", "--value", *units).split()
    return [(words[i] not in ("inactive", "failed"), words[i + 1] == "yes") for i in range(0, len(words), 2)]


def wish(unit):
    """What makes an instance of a template of ours start at boot; asking systemctl reads every unit there is."""
    return f"{UNITS}/multi-user.target.wants/{unit}" if "@" in unit else None


def is_enabled(unit):
    link = wish(unit)
    return os.path.islink(link) if link else systemctl("is-enabled", unit, may_fail=True) == "enabled"


def enable_at_boot(unit):
    link = wish(unit)
    if not link:
        systemctl("enable", "--quiet", "--no-reload", unit)
        return
    os.makedirs(os.path.dirname(link), exist_ok=True)
    os.symlink(f"{UNITS}/{unit.partition('@')[0]}@.{unit.rpartition('.')[2]}", link)


def disable_at_boot(unit):
    link = wish(unit)
    if link:
        os.unlink(link)
    else:
        systemctl("disable", "--quiet", "--no-reload", unit)


def newer(paths, moment):
    return any(os.path.exists(path) and os.stat(path).st_mtime > moment for path in paths)


def unread(paths):
    """systemd does not notice a first drop-in of a unit it has loaded already, and does not say when it last read them all."""
    own = [path for path in paths if path.startswith("/etc/systemd/system/")]
    read_at = os.stat(UNITS_READ).st_mtime if os.path.exists(UNITS_READ) else started_at("init.scope")
    return newer(own, read_at)


def read_units():
    before = time.time()
    systemctl("daemon-reload")
    with open(UNITS_READ, "w", encoding="ascii"):
        os.utime(UNITS_READ, (before, before))


def start(unit, verb):
    done = run(["systemctl", verb, unit])
    if done.returncode != 0:
        journal = text(run(["journalctl", "--namespace=*", "--unit", unit, "--lines", "20", "--no-pager", "--output", "cat"]).stdout)
        raise Failure(None, f"{unit} does not start; its journal is in the job's log.", stderr=journal)


def present(params, check):
    unit = params["unit"]
    units = [unit] + ([params["slice"]] if params["slice"] else [])
    seen = states(*units)
    running = seen[0][0]
    reload_units = any(changed for _, changed in seen) or unread(params["config"])
    enable = params["enabled"] and not is_enabled(unit)
    restart = running and newer(params["config"], started_at(unit))
    if not check:
        if reload_units:
            read_units()
        if enable:
            enable_at_boot(unit)
        if restart:
            start(unit, "restart")
        elif not running:
            start(unit, "start")
        if params["ahead"] and not running:
            systemctl("start", "--no-block", *params["ahead"])
    return not running or reload_units or enable or restart


def absent(params, check):
    unit, folder = params["unit"], params["runtime_directory"]
    units = [unit] + ([params["slice"]] if params["slice"] else [])
    enabled = is_enabled(unit)
    folder_left = bool(folder) and os.path.isdir(folder)
    changed = any(running for running, _ in states(*units)) or enabled or folder_left
    if changed and not check:
        if enabled:
            disable_at_boot(unit)
        systemctl("stop", *units)
        systemctl("reset-failed", unit, may_fail=True)
        if systemctl("show", "--property=WantedBy", "--value", unit):
            # The boot found it enabled; systemd would keep it, and all it names, until it reads its units again.
            read_units()
        if folder_left:
            shutil.rmtree(folder)
    return changed


def work(module):
    act = absent if module.params["state"] == "absent" else present
    return {"changed": act(module.params, module.check_mode)}


def main():
    module = AnsibleModule(
        argument_spec={
            "unit": {"type": "str", "required": True},
            "ahead": {"type": "list", "elements": "str", "default": []},
            "config": {"type": "list", "elements": "path", "default": []},
            "enabled": {"type": "bool", "default": True},
            "slice": {"type": "str"},
            "runtime_directory": {"type": "path"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
