#!/usr/bin/python
"""A Redis user bound to a key prefix, through the local socket."""

from __future__ import annotations

import hashlib
import json
import re
import socket

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, read

DOCUMENTATION = """
module: pressluft_redis_user
short_description: A Redis user bound to its key prefix
description:
  - Key patterns do not limit SCAN, RANDOMKEY or DBSIZE, and an endless script blocks everybody, so these commands are taken away.
    Tracking in broadcast mode would tell everybody's key names.
  - C(absent) deletes the user's keys too.
options:
  name:
    description: Name of the user; its keys are C(name:*). Not needed for I(state=reference).
    type: str
  password_sha256:
    description: Hex digest of the password; required when present.
    type: str
  admin_secrets:
    description: JSON file with C(admin_password) of the user C(pressluft).
    type: path
    default: /etc/pressluft/redis.json
  socket:
    type: path
    default: /run/redis/redis-server.sock
    description: The server's socket.
  users:
    description: The server's own file of users. Read only when the server is down and the user shall be absent.
    type: path
    default: /etc/redis/pressluft.acl
  state:
    type: str
    choices: [present, absent, reference]
    default: present
    description: Whether the user exists; C(reference) makes the disabled user that the others are compared with,
      and gives its commands to environments' users that have others.
"""

COMMANDS = (
    "-@all +@read +@write +@connection +@transaction +@pubsub"
    " -@admin -@dangerous -@scripting -scan -randomkey -dbsize -select -pubsub -client|tracking"
)
# Redis gives these rules back in words of its own (and after a restart in another order). A disabled user that got the same rules
# gives them back in the same words: what an environment's user may do is compared with it.
REFERENCE = "pressluft-commands-" + hashlib.sha256(COMMANDS.encode()).hexdigest()[:8]


class Redis:
    """The few words of RESP that are needed; no client library on a node."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(10)
        self._socket.connect(path)
        self._file = self._socket.makefile("rb")

    def ask(self, *words):
        data = b"*%d\r\n" % len(words)
        for word in words:
            word = word if isinstance(word, bytes) else str(word).encode()
            data += b"$%d\r\n%s\r\n" % (len(word), word)
        self._socket.sendall(data)
        return self._answer()

    def _answer(self):
        line = self._file.readline()
        if not line.endswith(b"\r\n"):
            raise OSError("Redis closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise Failure("redis_unavailable", f"Redis refused: {rest.decode()}")
        if kind == b"+":
            return rest.decode()
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self._file.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return None if rest == b"-1" else [self._answer() for _ in range(int(rest))]
        raise OSError("Redis answered something that is not RESP")


def connect(module):
    stored = read(module.params["admin_secrets"])
    if stored is None:
        raise Failure("redis_unavailable", "Redis is not set up on this node. Provision the node again.")
    try:
        redis = Redis(module.params["socket"])
        redis.ask("AUTH", "pressluft", json.loads(stored)["admin_password"])
        return redis
    except OSError as error:
        raise Failure(
            "redis_unavailable",
            f"Redis does not answer on its socket ({error}). Look at `systemctl status redis-server` on the node.",
        ) from error


def seen(redis, name):
    answer = redis.ask("ACL", "GETUSER", name)
    if answer is None:
        return None
    found = {answer[i].decode(): answer[i + 1] for i in range(0, len(answer), 2)}
    return {
        "on": b"on" in found["flags"] and b"nopass" not in found["flags"],
        "passwords": [value.decode() for value in found["passwords"]],
        "keys": found["keys"].decode(),
        "channels": found["channels"].decode(),
        "commands": sorted(found["commands"].decode().split()),
    }


def require_environment(name):
    if not re.fullmatch(r"env_[a-z0-9]{8}", name or ""):
        raise Failure("payload_invalid", f"{name!r} is no environment id.")


def never_made(users, name):
    """Known without a server: a user is in the file from its making on, and goes after its keys."""
    stored = read(users)
    return stored is not None and f"user {name} ".encode() not in stored


def absent(module, name):
    require_environment(name)
    try:
        redis = connect(module)
    except Failure:
        if never_made(module.params["users"], name):
            return {"changed": False, "keys_removed": 0}
        raise
    there = seen(redis, name) is not None
    keys = 0 if module.check_mode else forget_keys(redis, name)
    if there and not module.check_mode:
        redis.ask("ACL", "DELUSER", name)
        redis.ask("ACL", "SAVE")
    return {"changed": there or keys > 0, "keys_removed": keys}


def work(module):
    name, digest = module.params["name"], module.params["password_sha256"]
    if module.params["state"] == "absent":
        return absent(module, name)
    redis = connect(module)
    if module.params["state"] == "reference":
        return {"changed": bring_up_to_date(redis, module.check_mode)}
    require_environment(name)
    before = seen(redis, name)
    reference = seen(redis, REFERENCE) or make_reference(redis)
    wanted = {
        "on": True,
        "passwords": [digest],
        "keys": f"~{name}:*",
        "channels": f"&{name}:*",
        "commands": reference["commands"],
    }
    changed = before != wanted
    if changed and not module.check_mode:
        redis.ask(
            "ACL", "SETUSER", name, "reset", "on", f"#{digest}", wanted["keys"], wanted["channels"], *COMMANDS.split(" ")
        )
        redis.ask("ACL", "SAVE")
        after = seen(redis, name)
        if after != wanted:
            raise Failure("redis_unavailable", f"Redis made another user than was asked for: {' '.join(after['commands'])}")
    return {"changed": changed}


def bring_up_to_date(redis, check):
    """Users from before a change of the commands get the new ones; their connections have them at once."""
    reference = seen(redis, REFERENCE)
    names = [name for name in map(bytes.decode, redis.ask("ACL", "USERS")) if re.fullmatch(r"env_[a-z0-9]{8}", name)]
    late = [name for name in names if reference is None or seen(redis, name)["commands"] != reference["commands"]]
    if check or (reference is not None and not late):
        return reference is None or bool(late)
    if reference is None:
        make_reference(redis)
    for name in late:
        redis.ask("ACL", "SETUSER", name, *COMMANDS.split(" "))
    redis.ask("ACL", "SAVE")
    return True


def make_reference(redis):
    redis.ask("ACL", "SETUSER", REFERENCE, "reset", *COMMANDS.split(" "))
    return seen(redis, REFERENCE)


def forget_keys(redis, name):
    removed, cursor = 0, b"0"
    while True:
        cursor, keys = redis.ask("SCAN", cursor, "MATCH", f"{name}:*", "COUNT", 1000)
        if keys:
            removed += redis.ask("UNLINK", *keys)
        if cursor == b"0":
            return removed


def main():
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str"},
            "password_sha256": {"type": "str", "no_log": True},
            "admin_secrets": {"type": "path", "default": "/etc/pressluft/redis.json", "no_log": False},
            "socket": {"type": "path", "default": "/run/redis/redis-server.sock"},
            "users": {"type": "path", "default": "/etc/redis/pressluft.acl"},
            "state": {"type": "str", "choices": ["present", "absent", "reference"], "default": "present"},
        },
        required_if=[("state", "present", ["name", "password_sha256"]), ("state", "absent", ["name"])],
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
