#!/usr/bin/python
"""Several directories, files and links at once, each atomically."""

from __future__ import annotations

import json
import os
import stat

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import (
    Failure,
    gid_of,
    guarded,
    read,
    run,
    same_attributes,
    text,
    uid_of,
    write_atomically,
)

DOCUMENTATION = """
module: pressluft_files
short_description: Several directories, files and links at once
description:
  - One task instead of a loop of C(file), C(copy) and C(template). Directories first, then files, then links, in the order given.
  - A file is written beside its place and renamed, never through an existing link. Supports check mode and diff.
options:
  directories:
    description: Directories with I(path), I(mode), I(owner), I(group).
    type: list
    elements: dict
    default: []
  files:
    description: Files with I(path), I(mode), I(owner), I(group) and I(content) or I(secret_content) (never shown or logged).
      I(validate) is a command as a list, with C(%s) for the new file's path.
    type: list
    elements: dict
    default: []
  links:
    description: Symbolic links with I(path) and I(target).
    type: list
    elements: dict
    default: []
  absent:
    description: Files and links (not directories) that must not exist.
    type: list
    elements: str
    default: []
"""


def attributes():
    return {
        "path": {"type": "path", "required": True},
        "mode": {"type": "str", "required": True},
        "owner": {"type": "str", "default": "root"},
        "group": {"type": "str", "default": "root"},
    }


class Work:
    def __init__(self, module):
        self.module = module
        self.check = module.check_mode
        self.changed = []
        self.diffs = []

    def ids(self, entry):
        uid, gid = uid_of(entry["owner"]), gid_of(entry["group"])
        if (uid is None or gid is None) and not self.check:
            raise Failure("payload_invalid", f"Owner {entry['owner']}:{entry['group']} of {entry['path']} does not exist.")
        return uid, gid

    def directory(self, entry):
        path, mode = entry["path"], int(entry["mode"], 8)
        uid, gid = self.ids(entry)
        if os.path.lexists(path):
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                raise Failure("payload_invalid", f"{path} exists and is not a directory. Move it away and run again.")
            if same_attributes(path, mode, uid, gid):
                return
        self.changed.append(path)
        if self.check:
            return
        if not os.path.lexists(path):
            os.mkdir(path, 0o700)
        os.chown(path, uid, gid, follow_symlinks=False)
        os.chmod(path, mode)

    def file(self, entry):
        path, mode = entry["path"], int(entry["mode"], 8)
        uid, gid = self.ids(entry)
        secret = entry["secret_content"] is not None
        content = (entry["secret_content"] if secret else plain(entry["content"])).encode()
        before = None if os.path.islink(path) else read(path)
        if before == content and same_attributes(path, mode, uid, gid):
            return
        self.changed.append(path)
        if before != content and not secret:
            self.diffs.append(
                {"before_header": path, "after_header": path, "before": text(before or b""), "after": text(content)}
            )
        if entry["validate"] and before != content:
            self.validate(entry, content)
        if not self.check:
            write_atomically(path, content, mode, uid, gid)

    def validate(self, entry, content):
        folder = self.module.tmpdir
        candidate = os.path.join(folder, "candidate")
        write_atomically(candidate, content, 0o600, os.geteuid(), os.getegid())
        done = run([candidate if word == "%s" else word for word in entry["validate"]])
        if done.returncode != 0:
            raise Failure(
                "configuration_invalid",
                f"{entry['validate'][0]} refuses the new {entry['path']}; the old one stays.",
                stderr=text(done.stderr or done.stdout),
            )

    def link(self, entry):
        path, target = entry["path"], entry["target"]
        if os.path.islink(path) and os.readlink(path) == target:
            return
        if os.path.lexists(path) and not os.path.islink(path):
            raise Failure("payload_invalid", f"{path} exists and is not a link. Move it away and run again.")
        self.changed.append(path)
        if self.check:
            return
        temporary = f"{path}.pressluft-new"
        if os.path.lexists(temporary):
            os.unlink(temporary)
        os.symlink(target, temporary)
        os.rename(temporary, path)

    def remove(self, path):
        if os.path.lexists(path):
            self.changed.append(path)
            if not self.check:
                os.unlink(path)


def work(module):
    job = Work(module)
    for path in module.params["absent"]:
        job.remove(path)
    for entry in module.params["directories"]:
        job.directory(entry)
    for entry in module.params["files"]:
        job.file(entry)
    for entry in module.params["links"]:
        job.link(entry)
    return {"changed": bool(job.changed), "changed_paths": job.changed, "diff": job.diffs}


def plain(content):
    """Ansible may hand a rendered JSON object over as the object it describes."""
    if isinstance(content, (dict, list)):
        return json.dumps(content, indent=2, sort_keys=True) + "\n"
    return content or ""


def main():
    module = AnsibleModule(
        argument_spec={
            "directories": {"type": "list", "elements": "dict", "default": [], "options": attributes()},
            "files": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    **attributes(),
                    "content": {"type": "raw"},
                    "secret_content": {"type": "str", "no_log": True},
                    "validate": {"type": "list", "elements": "str"},
                },
                "mutually_exclusive": [("content", "secret_content")],
            },
            "links": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {"path": {"type": "path", "required": True}, "target": {"type": "str", "required": True}},
            },
            "absent": {"type": "list", "elements": "path", "default": []},
        },
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
