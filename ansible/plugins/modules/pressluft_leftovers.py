#!/usr/bin/python
"""What a removal had to leave behind: noted on the node, and said."""

from __future__ import annotations

import json
import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, read, write_atomically

DOCUMENTATION = """
module: pressluft_leftovers
short_description: The end of a removal
description:
  - Fails when something of an environment had to be left because its service did not do what was asked, with the code of the first of
    it. It is noted in a file until a later removal leaves nothing or a creation takes it over.
options:
  path:
    description: The note, a JSON list. There is none when nothing is left.
    type: path
    required: true
  left:
    description: What is left, in the order in which it was attempted.
    type: list
    elements: str
    choices: [virtual_host, processes, database, redis_user]
    required: true
"""

# What it is called, and the code of a job that could not remove it.
KINDS = {
    "virtual_host": ("its virtual host in the running web server", "web_server_unavailable"),
    "processes": ("its processes and its Linux user", "php_unavailable"),
    "database": ("its database and database user", "database_unavailable"),
    "redis_user": ("its Redis user and keys", "redis_unavailable"),
}


def sentence(left):
    names = [KINDS[kind][0] for kind in left]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Left on the node: {listed}. Everything else of the site is gone. Mend the service and retry, or delete the site."


def work(module):
    path, left = module.params["path"], module.params["left"]
    if not left:
        there = os.path.lexists(path)
        if there and not module.check_mode:
            os.unlink(path)
        return {"changed": there}
    note = (json.dumps(left) + "\n").encode()
    if not module.check_mode and read(path) != note:
        write_atomically(path, note, 0o600, 0, 0)
    raise Failure(KINDS[left[0]][1], sentence(left))


def main():
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "left": {"type": "list", "elements": "str", "choices": list(KINDS), "required": True},
        },
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
