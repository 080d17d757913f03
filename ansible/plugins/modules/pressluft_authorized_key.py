#!/usr/bin/python
"""One key of authorized_keys with exactly these options; foreign lines stay."""

from __future__ import annotations

import os
import pwd
import re

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, read, write_atomically

DOCUMENTATION = """
module: pressluft_authorized_key
short_description: One key of authorized_keys with exactly these options
description:
  - Every line that holds this key is replaced by one with the given options. Other keys are not touched.
options:
  user:
    type: str
    required: true
    description: Whose authorized_keys.
  key:
    type: str
    required: true
    description: The public key, C(type base64 [comment]).
  key_options:
    type: str
    default: ""
    description: Options in front of the key.
"""

KEY = re.compile(r"((?:ssh|ecdsa|sk)-[a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,3})(?: [^\n]*)?")


def work(module):
    found = KEY.fullmatch(module.params["key"].strip())
    if not found:
        raise Failure("payload_invalid", "That is no OpenSSH public key in one line.")
    try:
        user = pwd.getpwnam(module.params["user"])
    except KeyError as error:
        raise Failure("payload_invalid", f"There is no user {module.params['user']} on the node.") from error
    folder = os.path.join(user.pw_dir, ".ssh")
    path = os.path.join(folder, "authorized_keys")
    line = " ".join(part for part in (module.params["key_options"], module.params["key"].strip()) if part)
    lines = (read(path) or b"").decode().splitlines()
    kept, placed = [], False
    for existing in lines:
        if found.group(2) in existing.split():
            if not placed:
                kept.append(line)
                placed = True
        else:
            kept.append(existing)
    if not placed:
        kept.append(line)
    changed = kept != lines
    if changed and not module.check_mode:
        if not os.path.isdir(folder):
            os.mkdir(folder, 0o700)
            os.chown(folder, user.pw_uid, user.pw_gid)
        write_atomically(path, ("\n".join(kept) + "\n").encode(), 0o600, user.pw_uid, user.pw_gid)
    return {"changed": changed}


def main():
    module = AnsibleModule(
        argument_spec={
            "user": {"type": "str", "required": True},
            "key": {"type": "str", "required": True, "no_log": False},
            "key_options": {"type": "str", "default": "", "no_log": False},
        },
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
