#!/usr/bin/python
"""An archive unpacked once into a root-owned directory that is complete or not there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, described, fingerprint, guarded, no_room, run, text, write_atomically

DOCUMENTATION = """
module: pressluft_archive
short_description: An archive on the node, verified and unpacked once
options:
  source:
    description: A tar.gz on the node.
    type: path
    required: true
  sha256:
    description: Checksum the archive must have. Empty means it came with the run itself and is not checked again.
    type: str
    default: ""
  destination:
    description: The directory to make. If it exists nothing is done.
    type: path
    required: true
  folder:
    description: Top folder of the archive whose content becomes the destination; empty for the archive's top itself.
    type: str
    default: ""
  describe:
    description: Write C(<destination>.json) with the checksum, and the number of files and their fingerprint.
    type: bool
    default: false
"""


def checksum(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def make_roots(top):
    """Everything root's, nothing writable by others; returns the files' descriptions."""
    files = []
    for folder, _, names in os.walk(top):
        os.chown(folder, 0, 0)
        os.chmod(folder, 0o755)
        for name in names:
            path = os.path.join(folder, name)
            os.chown(path, 0, 0, follow_symlinks=False)
            if not os.path.islink(path):
                os.chmod(path, 0o755 if os.stat(path).st_mode & 0o100 else 0o644)
            files.append(described(os.path.relpath(path, top), os.lstat(path)))
    return files


def work(module):
    source, destination, folder = (module.params[key] for key in ("source", "destination", "folder"))
    if os.path.isdir(destination):
        return {"changed": False}
    if module.check_mode:
        return {"changed": True}
    if not os.path.isfile(source):
        raise Failure("artifact_missing", f"{source} is not there.")
    seen = checksum(source)
    if module.params["sha256"] and seen != module.params["sha256"]:
        raise Failure("artifact_corrupt", f"{source} has checksum {seen}, not the expected one. Fetch it again.")
    workplace = tempfile.mkdtemp(prefix=".unpacking-", dir=os.path.dirname(destination))
    try:
        done = run(["tar", "--extract", "--gzip", "--no-same-owner", "--file", source, "--directory", workplace])
        if done.returncode != 0:
            errors = text(done.stderr)
            if "No space left" in errors:
                raise no_room(workplace, stderr=errors)
            raise Failure("artifact_corrupt", f"{source} cannot be unpacked.", stderr=errors)
        top = os.path.join(workplace, folder) if folder else workplace
        if not os.path.isdir(top):
            raise Failure("artifact_corrupt", f"{source} has no folder {folder}.")
        files = make_roots(top)
        if module.params["describe"]:
            facts = json.dumps({"sha256": seen, "files": len(files), "fingerprint": fingerprint(files)}) + "\n"
            write_atomically(f"{destination}.json", facts.encode(), 0o644, 0, 0)
        os.rename(top, destination)
    finally:
        if os.path.isdir(workplace):
            shutil.rmtree(workplace)
    return {"changed": True}


def main():
    module = AnsibleModule(
        argument_spec={
            "source": {"type": "path", "required": True},
            "sha256": {"type": "str", "default": ""},
            "destination": {"type": "path", "required": True},
            "folder": {"type": "str", "default": ""},
            "describe": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
