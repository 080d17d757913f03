#!/usr/bin/python
"""A release directory, hard-linked from the node's artifact, and the switch of `current`."""

from __future__ import annotations

import json
import os
import shutil

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, described, fingerprint, gid_of, guarded, read, uid_of

DOCUMENTATION = """
module: pressluft_release
short_description: A release of an environment from the node's WordPress artifact
description:
  - Core is linked (root's, read-only for the site, no disk). Plugins, themes and languages are real copies.
  - Built under a hidden name and renamed, so a release directory is always complete. C(current) is replaced by a rename.
options:
  home:
    description: The environment's directory, C(/var/www/<env>).
    type: path
    required: true
  release:
    description: Name of the release.
    type: str
    required: true
  artifact:
    description: Directory of the unpacked WordPress; C(<artifact>.json) beside it says what files it has.
    type: path
    required: true
  owner:
    description: Linux user of the environment.
    type: str
    required: true
  writable:
    description: Whether plugins, themes and languages belong to the owner.
    type: bool
    default: true
  mu_plugins:
    description: Directory whose PHP files every release links as must-use plugins.
    type: path
    required: true
"""

OWNED = ("plugins", "themes", "languages")
SCRATCH = ("upgrade", "upgrade-temp-backup", "cache")


class Builder:
    def __init__(self, module):
        params = module.params
        self.home = params["home"]
        self.artifact = params["artifact"]
        self.target = os.path.join(self.home, "releases", params["release"])
        self.building = os.path.join(self.home, "releases", f".{params['release']}.building")
        self.mu_plugins = params["mu_plugins"]
        self.uid = uid_of(params["owner"]) if params["writable"] else 0
        self.gid = gid_of(params["owner"]) if params["writable"] else 0
        self.files = []

    def expected(self):
        facts = read(f"{self.artifact}.json")
        if facts is None or not os.path.isdir(self.artifact):
            raise Failure(
                "artifact_missing", f"{self.artifact} is not on this node. Provision the node again with this WordPress version."
            )
        return json.loads(facts)

    def build(self):
        expected = self.expected()
        if os.path.lexists(self.building):
            shutil.rmtree(self.building)
        content = os.path.join(self.artifact, "wp-content")
        try:
            self._tree(self.artifact, self.building, link=True, skip={os.path.join(content, name) for name in OWNED})
            if self.uid is None:
                raise Failure("user_create_failed", "The environment's Linux user does not exist.")
            for name in OWNED:
                self._own_tree(os.path.join(content, name), os.path.join(self.building, "wp-content", name))
        except FileNotFoundError as error:
            raise Failure("artifact_corrupt", f"{error.filename} vanished from the artifact. Provision the node again.") from error
        if len(self.files) != expected["files"]:
            raise Failure(
                "artifact_corrupt",
                f"The artifact has {len(self.files)} files instead of {expected['files']}. Provision the node again.",
            )
        if fingerprint(self.files) != expected.get("fingerprint", fingerprint(self.files)):
            raise Failure("artifact_corrupt", "Files of the artifact were changed on the node. Provision the node again.")
        self._private_parts()
        os.rename(self.building, self.target)

    def _tree(self, source, target, link, skip=frozenset()):
        os.mkdir(target, 0o755)
        with os.scandir(source) as entries:
            for entry in entries:
                there = os.path.join(target, entry.name)
                if entry.path in skip:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    self._tree(entry.path, there, link, skip)
                elif link:
                    os.link(entry.path, there, follow_symlinks=False)
                    self._count(entry)
                else:
                    shutil.copyfile(entry.path, there, follow_symlinks=False)
                    os.chmod(there, 0o644)
                    os.chown(there, self.uid, self.gid)
                    self._count(entry)
        os.chmod(target, 0o755)
        if not link:
            os.chown(target, self.uid, self.gid)

    def _count(self, entry):
        self.files.append(described(entry.path[len(self.artifact) + 1 :], entry.stat(follow_symlinks=False)))

    def _own_tree(self, source, target):
        if os.path.isdir(source):
            self._tree(source, target, link=self.uid == 0)
        else:
            self._directory(target)

    def _directory(self, path):
        os.mkdir(path, 0o755)
        os.chown(path, self.uid, self.gid)

    def _private_parts(self):
        content = os.path.join(self.building, "wp-content")
        if self.uid:
            for name in SCRATCH:
                self._directory(os.path.join(content, name))
        os.symlink(os.path.join(self.home, "shared", "uploads"), os.path.join(content, "uploads"))
        os.symlink(os.path.join(self.home, "shared", "wp-config.php"), os.path.join(self.building, "wp-config.php"))
        os.mkdir(os.path.join(content, "mu-plugins"), 0o755)
        for name in sorted(os.listdir(self.mu_plugins)):
            if name.endswith(".php"):
                os.symlink(os.path.join(self.mu_plugins, name), os.path.join(content, "mu-plugins", name))


def switch(home, release):
    current = os.path.join(home, "current")
    temporary = os.path.join(home, ".current.new")
    if os.path.lexists(temporary):
        os.unlink(temporary)
    os.symlink(f"releases/{release}", temporary)
    os.rename(temporary, current)


def work(module):
    builder = Builder(module)
    home, release = module.params["home"], module.params["release"]
    current = os.path.join(home, "current")
    missing = not os.path.isdir(builder.target)
    elsewhere = not os.path.islink(current) or os.readlink(current) != f"releases/{release}"
    if module.check_mode:
        builder.expected()
        return {"changed": missing or elsewhere}
    if missing:
        builder.build()
    if elsewhere:
        switch(home, release)
    return {"changed": missing or elsewhere, "release": release}


def main():
    module = AnsibleModule(
        argument_spec={
            "home": {"type": "path", "required": True},
            "release": {"type": "str", "required": True},
            "artifact": {"type": "path", "required": True},
            "owner": {"type": "str", "required": True},
            "writable": {"type": "bool", "default": True},
            "mu_plugins": {"type": "path", "required": True},
        },
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
