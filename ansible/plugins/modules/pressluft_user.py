#!/usr/bin/python
"""The Linux user of one environment, with a number that no person of the machine has."""

from __future__ import annotations

import grp
import pwd
import re

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, run, text

DOCUMENTATION = """
module: pressluft_user
short_description: The Linux user of one environment
description:
  - A user with a group of its own name, no password and no shell. Its number comes from a range of its own, by which the node's packet
    filter tells environments from people.
options:
  name:
    description: Environment id.
    type: str
    required: true
  comment:
    description: What the user is for.
    type: str
    default: ""
  home:
    description: Its directory, which is not made here; required when present.
    type: path
  group:
    description: A further group it belongs to.
    type: str
  lowest:
    description: Lowest number of the range.
    type: int
    default: 20000
  highest:
    description: Highest number of the range.
    type: int
    default: 59999
  state:
    type: str
    choices: [present, absent]
    default: present
    description: Whether the user exists.
"""

SHELL = "/usr/sbin/nologin"


def found(name):
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def member(name, group):
    try:
        return name in grp.getgrnam(group).gr_mem
    except KeyError:
        return False


def change(*argv):
    done = run(list(argv))
    if done.returncode != 0:
        raise Failure(None, f"`{argv[0]}` could not change the user {argv[-1]}.", stderr=text(done.stderr))


def create(params):
    name, lowest, highest = params["name"], params["lowest"], params["highest"]
    line = ["useradd", "--no-create-home", "--user-group", "--home-dir", params["home"], "--shell", SHELL]
    for limit, number in (("UID_MIN", lowest), ("UID_MAX", highest), ("GID_MIN", lowest), ("GID_MAX", highest)):
        line += ["--key", f"{limit}={number}"]
    if params["group"]:
        line += ["--groups", params["group"]]
    change(*line, "--comment", params["comment"], name)


def mend(params, seen):
    """Options that make the existing user the one that is asked for."""
    options = []
    if seen.pw_dir != params["home"]:
        options += ["--home", params["home"]]
    if seen.pw_shell != SHELL:
        options += ["--shell", SHELL]
    if seen.pw_gecos != params["comment"]:
        options += ["--comment", params["comment"]]
    if params["group"] and not member(params["name"], params["group"]):
        options += ["--append", "--groups", params["group"]]
    return options


def work(module):
    params = module.params
    name = params["name"]
    if not re.fullmatch(r"env_[a-z0-9]{8}", name):
        raise Failure("payload_invalid", f"{name!r} is no environment id.")
    seen = found(name)
    if params["state"] == "absent":
        if seen and not module.check_mode:
            change("userdel", name)
        return {"changed": seen is not None}
    if seen is None:
        if not module.check_mode:
            create(params)
        return {"changed": True}
    options = mend(params, seen)
    if options and not module.check_mode:
        change("usermod", *options, name)
    return {"changed": bool(options)}


def main():
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "comment": {"type": "str", "default": ""},
            "home": {"type": "path"},
            "group": {"type": "str"},
            "lowest": {"type": "int", "default": 20000},
            "highest": {"type": "int", "default": 59999},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        required_if=[("state", "present", ["home"])],
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
