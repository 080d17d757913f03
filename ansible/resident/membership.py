"""Control groups of processes, on both layouts."""

from __future__ import annotations

import os


def hierarchies():
    """Mount point of each hierarchy by the controllers that /proc names it with; the unified one has none."""
    found = {}
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        for line in file:
            left, _, right = line.partition(" - ")
            kind, _, options = right.split()[:3]
            if kind == "cgroup2":
                found[""] = left.split()[4]
            elif kind == "cgroup":
                for option in options.split(","):
                    found.setdefault(option, left.split()[4])
    return found


def groups(pid):
    """(controllers, group) of each hierarchy."""
    with open(f"/proc/{pid}/cgroup", encoding="utf-8") as file:
        return [tuple(line.rstrip("\n").split(":", 2)[1:]) for line in file]


def join_groups_of(pid):
    """Moves this process; false when it could not be moved everywhere, and then it must not go on."""
    mounts = hierarchies()
    try:
        own = dict(groups("self"))
        for controllers, group in groups(pid):
            if own.get(controllers) == group:
                continue
            mount = mounts[controllers.split(",")[0]]
            with open(os.path.join(mount, group.lstrip("/"), "cgroup.procs"), "w", encoding="ascii") as file:
                file.write(str(os.getpid()))
        return True
    except (OSError, KeyError):
        return False
