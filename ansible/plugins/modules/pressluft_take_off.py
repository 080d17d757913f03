#!/usr/bin/python
"""Everything of Pressluft off a machine that goes back to its owner, but the agent and the key."""

from __future__ import annotations

import fnmatch
import glob
import os
import pwd
import re
import shutil

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, read, run, text

DOCUMENTATION = """
module: pressluft_take_off
short_description: Everything of Pressluft off a machine, but the agent and the key
description:
  - Stops what Pressluft runs, removes the environments that are left and every file that provisioning wrote, and puts nginx' own
    settings back. Packages stay, their services stopped and disabled. A machine that belongs to another node is refused.
options:
  node_id:
    description: The node that the machine is.
    type: str
    required: true
"""

RUNNING = [
    "pressluft-php@*",
    "pressluft-mariadb@*",
    "pressluft-redis@*",
    "env-*.slice",
    "env.slice",
    "pressluft-fairness.service",
    "pressluft-egress.service",
    "systemd-journald*@environments.*",
]
# Started by the boot, not only by need.
ENABLED = ["pressluft-fairness.service", "pressluft-egress.service"]
SERVICES = ["nginx.service", "fail2ban.service", "redis-server.service", "mariadb.service"]
ENVIRONMENT = re.compile(r"env_[a-z0-9]{8}")
FILES = [
    "/etc/apt/apt.conf.d/60pressluft",
    "/etc/fail2ban/jail.d/pressluft.local",
    "/etc/mysql/mariadb.conf.d/90-pressluft.cnf",
    "/etc/nginx/pressluft-*",
    "/etc/php/*/fpm/conf.d/90-pressluft.ini",
    "/etc/redis/pressluft.*",
    "/etc/ssh/sshd_config.d/10-pressluft.conf",
    "/etc/sysctl.d/60-pressluft.conf",
    "/etc/systemd/journald.conf.d/pressluft.conf",
    "/etc/systemd/journald@environments.conf",
    "/etc/systemd/system/env-*.slice",
    "/etc/systemd/system/pressluft-egress.service",
    "/etc/systemd/system/pressluft-fairness.service",
    "/etc/systemd/system/pressluft-mariadb@.*",
    "/etc/systemd/system/pressluft-php@.*",
    "/etc/systemd/system/pressluft-redis@.*",
    "/etc/systemd/system/redis-server.service.d/pressluft.conf",
    "/run/log/journal/*.environments",
    "/run/pressluft-gate",
    "/run/pressluft-php",
    "/run/pressluft-units-read",
    "/usr/local/lib/pressluft",
    "/var/cache/pressluft",
    "/var/log/journal/*.environments",
    "/var/www/.artifacts",
    "/var/www/env_*",
]
EGRESS = ["nft", "list", "table", "inet", "pressluft"]
PACKAGED = "/etc/nginx/nginx.conf.packaged"
EMPTY = ["/etc/systemd/journald.conf.d", "/etc/systemd/system/redis-server.service.d", "/var/www"]


def owner():
    """The node that the machine says it is; None when it is none."""
    claim = read("/etc/pressluft/claim") or read("/etc/pressluft/node.json") or b""
    found = re.search(r"node_[a-z0-9]{12}", text(claim))
    return found.group(0) if found else None


def words(*argv):
    return text(run(list(argv)).stdout).split()


def units():
    """Everything that runs on Pressluft's behalf, environments first."""
    listed = words("systemctl", "list-units", "--all", "--plain", "--no-legend", "--full", *RUNNING)
    found = [word for word in listed if any(fnmatch.fnmatch(word, pattern) for pattern in RUNNING)]
    return sorted(found, key=lambda unit: next(place for place, pattern in enumerate(RUNNING) if fnmatch.fnmatch(unit, pattern)))


def environments():
    return [entry.pw_name for entry in pwd.getpwall() if ENVIRONMENT.fullmatch(entry.pw_name)]


def drop_databases():
    if run(["systemctl", "is-active", "--quiet", "mariadb.service"]).returncode != 0:
        return
    client = ["mariadb", "--no-defaults", "--protocol=socket", "--batch", "--skip-column-names"]
    asked = run(client, data=b"SHOW DATABASES; SELECT DISTINCT user FROM mysql.global_priv;")
    names = sorted({name for name in text(asked.stdout).split() if ENVIRONMENT.fullmatch(name)})
    statements = "".join(f"DROP DATABASE IF EXISTS `{name}`; DROP USER IF EXISTS '{name}'@'localhost';" for name in names)
    done = run(client, data=statements.encode())
    if done.returncode != 0:
        raise Failure("database_unavailable", "MariaDB did not drop the environments' databases.", stderr=text(done.stderr))


def close_firewall():
    if not shutil.which("ufw"):
        return
    for line in text(run(["ufw", "show", "added"]).stdout).splitlines():
        if line.startswith("ufw "):
            run(["ufw", "--force", "delete", *line.split(" ")[1:]])
    done = run(["ufw", "--force", "disable"])
    if done.returncode != 0:
        raise Failure("firewall_failed", "ufw could not be disabled.", stderr=text(done.stderr))


def stop():
    for unit in units():
        run(["systemctl", "stop", unit])
    for unit in ENABLED:
        run(["systemctl", "disable", "--quiet", unit])
    drop_databases()
    for unit in SERVICES:
        run(["systemctl", "disable", "--now", "--quiet", unit])
    for path in glob.glob("/etc/systemd/system/php*-fpm.service"):
        if os.path.islink(path) and os.readlink(path) == "/dev/null":
            run(["systemctl", "unmask", "--quiet", os.path.basename(path)])
    close_firewall()


def remove(paths):
    for path in paths:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


def remove_users():
    gate = ["pressluft-gate"] if run(["getent", "passwd", "pressluft-gate"]).returncode == 0 else []
    for name in environments() + gate:
        done = run(["userdel", name])
        if done.returncode != 0:
            raise Failure("user_delete_failed", f"The user {name} cannot be removed.", stderr=text(done.stderr))
    if run(["getent", "group", "pressluft-redis"]).returncode == 0:
        run(["groupdel", "pressluft-redis"])


def unsettled():
    """Whether something is left that no file of Pressluft tells of."""
    asked = (["getent", "passwd", "pressluft-gate"], ["getent", "group", "pressluft-redis"], EGRESS)
    return os.path.exists(PACKAGED) or any(run(list(words)).returncode == 0 for words in asked)


def settle():
    """What was configured away from its package's own way reads its own settings again."""
    if run(EGRESS).returncode == 0:
        run(["nft", "delete", "table", "inet", "pressluft"])
    if os.path.exists(PACKAGED):
        os.rename(PACKAGED, "/etc/nginx/nginx.conf")
    for folder in EMPTY:
        if os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)
    run(["systemctl", "daemon-reload"])
    run(["systemctl", "reset-failed"])
    run(["systemctl", "restart", "systemd-journald.service"])
    run(["systemctl", "reload", "ssh.service"])


def work(module):
    seen = owner()
    if seen is None:
        return {"changed": False}
    if seen != module.params["node_id"]:
        raise Failure("machine_claimed", f"The machine belongs to node {seen}; it is left as it is.")
    there = sorted(path for pattern in FILES for path in glob.glob(pattern))
    # A run that ended half-way has removed the files first.
    changed = bool(there or environments() or unsettled())
    if changed and not module.check_mode:
        stop()
        remove(there)
        remove_users()
        settle()
    return {"changed": changed, "removed": there}


def main():
    module = AnsibleModule(argument_spec={"node_id": {"type": "str", "required": True}}, supports_check_mode=True)
    guarded(module, work)


if __name__ == "__main__":
    main()
