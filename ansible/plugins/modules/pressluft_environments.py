#!/usr/bin/python
"""Running environments follow the files that all of them share."""

from __future__ import annotations

import os
import re
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, run, started_at, text

DOCUMENTATION = """
module: pressluft_environments
short_description: Running environments follow the files that all of them share
description:
  - Restarts what runs of each environment and is older than its unit template or PHP's settings - first the sockets to the
    servers, then PHP. That is compared each time instead of remembered in a run, so a run that ended between writing and
    restarting is made good by the next one. Supports check mode.
options:
  php_version:
    description: Version of the distribution's PHP.
    type: str
    required: true
"""

UNITS = "/etc/systemd/system"
UNITS_READ = "/run/pressluft-units-read"
GATES = ("pressluft-mariadb", "pressluft-redis")
PHP = [f"{UNITS}/pressluft-php@.service", f"{UNITS}/pressluft-php@.socket"]


def systemctl(*words):
    done = run(["systemctl", *words])
    if done.returncode != 0:
        raise Failure(None, f"`systemctl {' '.join(words)}` failed.", stderr=text(done.stderr))
    return text(done.stdout)


def newest(paths):
    return max((os.stat(path).st_mtime for path in paths if os.path.exists(path)), default=0.0)


def templates():
    gates = [f"{UNITS}/{gate}@.{kind}" for gate in GATES for kind in ("socket", "service")]
    return [*PHP, *gates]


def php_settings(version):
    folder = f"/etc/php/{version}/fpm/conf.d"
    entries = os.listdir(folder) if os.path.isdir(folder) else []
    return [f"/etc/php/{version}/fpm/php.ini", *(os.path.join(folder, entry) for entry in entries)]


def running():
    listed = systemctl("list-units", "--plain", "--no-legend", "--state=active", "--type=service", "pressluft-php@env_*")
    return [match.group(1) for match in re.finditer(r"^pressluft-php@(env_[a-z0-9]{8})\.service", listed, re.MULTILINE)]


def stale_units(environment, version):
    """Gates first: PHP binds their sockets when it starts."""
    stale = []
    for gate in GATES:
        units = [f"{gate}@{environment}.socket", f"{gate}@{environment}.service"]
        files = [f"{UNITS}/{gate}@.socket", f"{UNITS}/{gate}@.service"]
        if any(0 < started_at(unit) < newest(files) for unit in units):
            stale += units
    php = f"pressluft-php@{environment}.service"
    if stale or started_at(php) < newest([*PHP, *php_settings(version)]):
        stale.append(php)
    return stale


def read_units():
    before = time.time()
    systemctl("daemon-reload")
    with open(UNITS_READ, "w", encoding="ascii"):
        os.utime(UNITS_READ, (before, before))


def units_unread():
    read_at = os.stat(UNITS_READ).st_mtime if os.path.exists(UNITS_READ) else started_at("init.scope")
    return newest(templates()) > read_at


def restart(units):
    gates, php = units[:-1], units[-1]
    if gates:
        # A socket does not start under its own running service.
        systemctl("stop", *gates)
    systemctl("restart", php)


def work(module):
    version = module.params["php_version"]
    unread = units_unread()
    restarts = [units for units in (stale_units(environment, version) for environment in running()) if units]
    if not module.check_mode:
        if unread:
            read_units()
        for units in restarts:
            restart(units)
    return {"changed": unread or bool(restarts), "restarted": [units[-1] for units in restarts]}


def main():
    module = AnsibleModule(argument_spec={"php_version": {"type": "str", "required": True}}, supports_check_mode=True)
    guarded(module, work)


if __name__ == "__main__":
    main()
