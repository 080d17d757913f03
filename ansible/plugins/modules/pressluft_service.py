#!/usr/bin/python
"""The service of one environment and the slice it lives in."""

from __future__ import annotations

import os
import shutil

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, run, text

DOCUMENTATION = """
module: pressluft_service
short_description: The service of one environment and its slice
description:
  - Present means enabled and running, with the unit files as they are on disk. Absent means disabled and stopped together with
    everything else in the slice.
options:
  unit:
    description: The service.
    type: str
    required: true
  slice:
    description: Its slice.
    type: str
    required: true
  runtime_directory:
    description: Directory of its socket, removed with the service.
    type: path
    required: true
  state:
    type: str
    choices: [present, absent]
    default: present
    description: Whether the service runs.
  reload_units:
    description: Unit files changed, systemd must read them again.
    type: bool
    default: false
  restart:
    description: The service's configuration changed, restart it if it runs already.
    type: bool
    default: false
"""


def systemctl(*words, may_fail=False):
    done = run(["systemctl", *words])
    if done.returncode != 0 and not may_fail:
        raise Failure("php_unavailable", f"`systemctl {' '.join(words)}` failed.", stderr=text(done.stderr))
    return text(done.stdout)


def active(*units):
    """Whether each unit runs."""
    states = systemctl("show", "--property=ActiveState", "--value", *units).split()
    return [state not in ("inactive", "failed") for state in states]


def enabled(unit):
    # systemd's own answer is a cached one.
    return os.path.islink(f"/etc/systemd/system/multi-user.target.wants/{unit}")


def start(unit, verb):
    done = run(["systemctl", verb, unit])
    if done.returncode != 0:
        journal = text(run(["journalctl", "--unit", unit, "--lines", "20", "--no-pager", "--output", "cat"]).stdout)
        raise Failure("php_unavailable", f"{unit} does not start; its journal is in the job's log.", stderr=journal)


def present(unit, params, check):
    (running,) = active(unit)
    changed = not running or not enabled(unit) or params["reload_units"] or params["restart"]
    if check or not changed:
        return changed
    if params["reload_units"]:
        systemctl("daemon-reload")
    if not enabled(unit):
        systemctl("enable", "--quiet", "--no-reload", unit)
    if not running:
        start(unit, "start")
    elif params["restart"]:
        start(unit, "restart")
    return changed


def absent(unit, params, check):
    units = [unit, params["slice"]]
    folder = params["runtime_directory"]
    changed = any(active(*units)) or enabled(unit) or os.path.isdir(folder)
    if check or not changed:
        return changed
    if enabled(unit):
        systemctl("disable", "--quiet", "--no-reload", unit)
    systemctl("stop", *units)
    systemctl("reset-failed", unit, may_fail=True)
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    return changed


def work(module):
    params = module.params
    act = absent if params["state"] == "absent" else present
    return {"changed": act(params["unit"], params, module.check_mode)}


def main():
    module = AnsibleModule(
        argument_spec={
            "unit": {"type": "str", "required": True},
            "slice": {"type": "str", "required": True},
            "runtime_directory": {"type": "path", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "reload_units": {"type": "bool", "default": False},
            "restart": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
