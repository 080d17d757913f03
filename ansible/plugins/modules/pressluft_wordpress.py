#!/usr/bin/python
"""A command of Pressluft's WP-CLI package inside an environment's jail, its data as JSON on stdin."""

from __future__ import annotations

import json
import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, no_room, run, text

DOCUMENTATION = """
module: pressluft_wordpress
short_description: WP-CLI inside the environment's jail
description:
  - Runs C(wp pressluft <command>) as the environment's user in its slice and namespace. No shell; values never appear in an argument list.
  - The command answers with one JSON object on its last line; C(changed) of it decides.
options:
  environment:
    description: Environment id.
    type: str
    required: true
  command:
    description: Sub-command of C(wp pressluft).
    type: str
    choices: [install, login]
    required: true
  data:
    description: What the command reads from stdin, a JSON object (made with C(to_json)).
    type: jsonarg
    required: true
  jail:
    description: The helper that runs a program in the jail.
    type: path
    default: /usr/local/lib/pressluft/jail
  root:
    description: Directory of the environments.
    type: path
    default: /var/www
  databases:
    description: Where MariaDB keeps its databases; looked at for room when a command failed.
    type: path
    default: /var/lib/mysql
"""


LEAST_ROOM = 4 << 20
# How systemd-run says that the program did not end by itself. Inside the jail nobody kills it but the kernel, for memory.
KILLED = 255


def available(folder):
    seen = os.statvfs(folder)
    return seen.f_bavail * seen.f_frsize


def work(module):
    environment, command = module.params["environment"], module.params["command"]
    argv = [module.params["jail"], environment, "/usr/local/lib/pressluft/wp", "pressluft", command]
    if module.check_mode:
        # Whether WordPress is installed can be asked only where there is one.
        if not os.path.lexists(os.path.join(module.params["root"], environment, "current")):
            return {"changed": True, "answer": {}}
        argv.append("--dry-run")
    done = run(argv, data=module.params["data"].encode(), timeout=240)
    errors = text(done.stderr)
    if done.returncode != 0:
        if "No space left on device" in errors:
            raise no_room(os.path.join(module.params["root"], environment), stderr=errors)
        for folder in (os.path.join(module.params["root"], environment), module.params["databases"]):
            # WordPress does not pass on what MariaDB said of a table that it had no room for.
            if os.path.isdir(folder) and available(folder) < LEAST_ROOM:
                raise no_room(folder, stderr=errors[-8000:])
        if "Error establishing a database connection" in errors:
            raise Failure("database_unavailable", "WordPress cannot reach its database.", stderr=errors)
        if done.returncode == KILLED and not errors:
            raise Failure("out_of_memory", "WP-CLI was killed: the environment or the node has no memory left.")
        raise Failure(
            "wordpress_install_failed" if command == "install" else "wordpress_command_failed",
            f"WP-CLI ended with code {done.returncode}; its output is in the job's log.",
            stderr=errors[-8000:],
        )
    try:
        answer = json.loads(text(done.stdout).splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise Failure("wordpress_command_failed", "WP-CLI gave no answer.", stderr=errors[-8000:]) from error
    return {"changed": answer.pop("changed"), "answer": answer}


def main():
    module = AnsibleModule(
        argument_spec={
            "environment": {"type": "str", "required": True},
            "command": {"type": "str", "choices": ["install", "login"], "required": True},
            "data": {"type": "jsonarg", "required": True},
            "jail": {"type": "path", "default": "/usr/local/lib/pressluft/jail"},
            "root": {"type": "path", "default": "/var/www"},
            "databases": {"type": "path", "default": "/var/lib/mysql"},
        },
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
