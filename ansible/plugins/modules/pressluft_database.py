#!/usr/bin/python
"""A database and its least-privilege user, through the MariaDB client with the statements on stdin."""

from __future__ import annotations

import hashlib
import os
import re

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, run, text

DOCUMENTATION = """
module: pressluft_database
short_description: A database and the one user that may use it
description:
  - Server administration only. It never reads or writes a table of WordPress.
options:
  name:
    description: Name of the database and of the user C(name@localhost).
    type: str
    required: true
  password:
    description: Of the user; required when present.
    type: str
  max_connections:
    description: Connections the user may hold at the same time, so that one environment cannot take all of the server's.
    type: int
    default: 0
  directory:
    description: Where MariaDB keeps its databases. Read only when the server is down and the database shall be absent.
    type: path
    default: /var/lib/mysql
  state:
    type: str
    choices: [present, absent]
    default: present
    description: C(absent) drops the user, and the database with all it holds.
"""

PRIVILEGES = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "CREATE",
    "DROP",
    "REFERENCES",
    "INDEX",
    "ALTER",
    "CREATE TEMPORARY TABLES",
    "LOCK TABLES",
    "CREATE VIEW",
    "SHOW VIEW",
    "TRIGGER",
]


def sql(statements):
    done = run(
        ["mariadb", "--no-defaults", "--protocol=socket", "--batch", "--raw", "--skip-column-names"],
        data=statements.encode(),
        timeout=120,
    )
    if done.returncode != 0:
        error = text(done.stderr)
        if "(28)" in error or "No space left" in error:
            raise Failure("disk_full", "MariaDB reports a full disk. Free space on the node and run the job again.", stderr=error)
        raise Failure(
            "database_unavailable",
            "MariaDB did not do what was asked over its socket. Look at `systemctl status mariadb` on the node.",
            stderr=error,
        )
    return text(done.stdout)


def native_hash(password):
    return "*" + hashlib.sha1(hashlib.sha1(password.encode()).digest()).hexdigest().upper()


def seen(name):
    """(database there, password hash or None, connection limit, grants on the database)"""
    answer = sql(
        f"SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = '{name}';"
        f"SELECT CONCAT(COALESCE(MAX(JSON_VALUE(priv, '$.authentication_string')), ''), ' ',"
        f" COALESCE(MAX(JSON_VALUE(priv, '$.max_user_connections')), 0), ' ', COUNT(*))"
        f" FROM mysql.global_priv WHERE user = '{name}' AND host = 'localhost';"
        f"SELECT privilege_type FROM information_schema.schema_privileges"
        f" WHERE grantee = '''{name}''@''localhost''' AND table_schema = '{name.replace('_', chr(92) * 2 + '_')}';"
    ).splitlines()
    hashed, limit, users = answer[1].split(" ")
    return answer[0] == "1", (hashed if users == "1" else None), int(limit), set(answer[2:])


def never_made(directory, name):
    """Known without a server: the database's directory is made before the user, and goes after it."""
    return os.path.isdir(os.path.join(directory, "mysql")) and not os.path.lexists(os.path.join(directory, name))


def absent(module, name):
    try:
        there, hashed, _, _ = seen(name)
    except Failure:
        if never_made(module.params["directory"], name):
            return {"changed": False}
        raise
    changed = there or hashed is not None
    if changed and not module.check_mode:
        sql(f"DROP USER IF EXISTS '{name}'@'localhost'; DROP DATABASE IF EXISTS `{name}`;")
    return {"changed": changed}


def work(module):
    name, password, limit = (module.params[key] for key in ("name", "password", "max_connections"))
    if not re.fullmatch(r"env_[a-z0-9]{8}", name):
        raise Failure("payload_invalid", f"{name!r} is no environment id.")
    if module.params["state"] == "absent":
        return absent(module, name)
    there, hashed, seen_limit, grants = seen(name)
    if not password or not re.fullmatch(r"[A-Za-z0-9]{20,}", password):
        raise Failure("payload_invalid", "The database password must be letters and digits.")
    steps = []
    if not there:
        steps.append(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;")
    if hashed is None:
        steps.append(f"CREATE USER '{name}'@'localhost' IDENTIFIED BY '{password}' WITH MAX_USER_CONNECTIONS {limit};")
    elif hashed != native_hash(password) or seen_limit != limit:
        steps.append(f"ALTER USER '{name}'@'localhost' IDENTIFIED BY '{password}' WITH MAX_USER_CONNECTIONS {limit};")
    if grants != set(PRIVILEGES):
        # In a grant an underscore is a wildcard unless escaped.
        pattern = name.replace("_", "\\_")
        if grants - set(PRIVILEGES):
            steps.append(f"REVOKE ALL PRIVILEGES ON `{pattern}`.* FROM '{name}'@'localhost';")
        steps.append(f"GRANT {', '.join(PRIVILEGES)} ON `{pattern}`.* TO '{name}'@'localhost';")
    if steps and not module.check_mode:
        sql("\n".join(steps))
    return {"changed": bool(steps)}


def main():
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "password": {"type": "str", "no_log": True},
            "max_connections": {"type": "int", "default": 0},
            "directory": {"type": "path", "default": "/var/lib/mysql"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        required_if=[("state", "present", ["password"])],
        supports_check_mode=True,
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
