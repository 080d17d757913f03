#!/usr/bin/python
"""Kernel settings, kept in a file and applied at once."""

from __future__ import annotations

import errno
import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, read, run, text, write_atomically

DOCUMENTATION = """
module: pressluft_sysctl
short_description: Kernel settings in a file, applied at once
description:
  - In a container some keys belong to the host and cannot be written. They are returned as C(not_applied) and warned about, key by key.
    On a real machine the same is a failure.
options:
  path:
    description: File under C(/etc/sysctl.d).
    type: path
    required: true
  settings:
    description: Key to value.
    type: dict
    required: true
"""


def in_container():
    return run(["systemd-detect-virt", "--container", "--quiet"]).returncode == 0


def work(module):
    settings = {key: str(value) for key, value in module.params["settings"].items()}
    path = module.params["path"]
    content = "# Written by Pressluft.\n" + "".join(f"{key} = {value}\n" for key, value in sorted(settings.items()))
    changed = read(path) != content.encode()
    if changed and not module.check_mode:
        write_atomically(path, content.encode(), 0o644, 0, 0)
    not_applied = []
    for key, value in sorted(settings.items()):
        there = os.path.join("/proc/sys", *key.split("."))
        seen = text(read(there) or b"")
        if seen.split() == value.split():
            continue
        try:
            if not os.access(there, os.W_OK):
                raise OSError(errno.EROFS, "read-only", there)
            if not module.check_mode:
                with open(there, "w", encoding="ascii") as file:
                    file.write(value)
            changed = True
        except OSError as error:
            if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT) or not in_container():
                raise Failure("kernel_setting_refused", f"The kernel refuses {key} = {value}: {error.strerror}.") from error
            not_applied.append(key)
            module.warn(f"{key} stays {seen or 'unknown'} instead of {value}: it belongs to this container's host.")
    return {"changed": changed, "not_applied": not_applied}


def main():
    module = AnsibleModule(
        argument_spec={"path": {"type": "path", "required": True}, "settings": {"type": "dict", "required": True}},
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
