#!/usr/bin/python
"""The service of one environment and the slice it lives in."""

from __future__ import annotations

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


def states(*units):
    """{unit: (active state, enabled state, loaded state)}"""
    answer = systemctl("show", "--property=Id,ActiveState,UnitFileState,LoadState", *units).split("\n\n")
    found = [dict(line.split("=", 1) for line in block.splitlines()) for block in answer]
    return [(each["ActiveState"], each["UnitFileState"], each["LoadState"]) for each in found]


def start(unit, verb):
    done = run(["systemctl", verb, unit])
    if done.returncode != 0:
        journal = text(run(["journalctl", "--unit", unit, "--lines", "20", "--no-pager", "--output", "cat"]).stdout)
        raise Failure("php_unavailable", f"{unit} does not start; its journal is in the job's log.", stderr=journal)


def present(unit, params, check):
    ((active, enabled, _),) = states(unit)
    running = active in ("active", "reloading")
    changed = not running or enabled != "enabled" or params["reload_units"] or params["restart"]
    if check or not changed:
        return changed
    if params["reload_units"]:
        systemctl("daemon-reload")
    if enabled != "enabled":
        systemctl("enable", "--quiet", "--no-reload", unit)
    if not running:
        start(unit, "start")
    elif params["restart"]:
        start(unit, "restart")
    return changed


def absent(unit, slice_name, check):
    (active, enabled, _), (slice_active, _, slice_load) = states(unit, slice_name)
    changed = active not in ("inactive", "failed") or enabled == "enabled" or slice_active == "active"
    if check or not changed:
        return changed
    if enabled == "enabled":
        systemctl("disable", "--quiet", "--no-reload", unit)
    systemctl("stop", unit, slice_name)
    systemctl("reset-failed", unit, may_fail=True)
    return changed


def work(module):
    params = module.params
    if params["state"] == "absent":
        return {"changed": absent(params["unit"], params["slice"], module.check_mode)}
    return {"changed": present(params["unit"], params, module.check_mode)}


def main():
    module = AnsibleModule(
        argument_spec={
            "unit": {"type": "str", "required": True},
            "slice": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "reload_units": {"type": "bool", "default": False},
            "restart": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
