"""What the modules share: files written atomically, programs run without a shell, failures with a stable code."""

from __future__ import annotations

import errno
import grp
import hashlib
import os
import pwd
import subprocess
import tempfile
import time


class Failure(Exception):
    """A failure with one sentence that says what to do, and its stable code if that is not the task's."""

    def __init__(self, code, message, **details):
        super().__init__(message)
        self.code = code
        self.details = details


def guarded(module, work):
    """Runs the module's work; a Failure becomes fail_json with its code, a full disk is named."""
    try:
        module.exit_json(**work(module))
    except Failure as failure:
        fail(module, failure)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            fail(module, no_room(error.filename))
        raise


def fail(module, failure):
    code = {"pressluft_code": failure.code} if failure.code else {}
    module.fail_json(msg=str(failure), **code, **failure.details)


def no_room(path, **details):
    """The kernel says the same when there is no space and when there are no inodes; what to do differs."""
    while path and not os.path.isdir(path):
        path = os.path.dirname(path)
    seen = os.statvfs(path or "/")
    if seen.f_files and not seen.f_favail:
        return Failure(
            "inodes_exhausted", f"No inode is free for {path}. Remove files on the node and run the job again.", **details
        )
    return Failure("disk_full", f"The disk is full ({path or 'write'}). Free space on the node and run the job again.", **details)


def uid_of(owner):
    """None when the user does not exist: in check mode it may be one that this run would create."""
    try:
        return pwd.getpwnam(owner).pw_uid
    except KeyError:
        return None


def gid_of(group):
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        return None


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def write_atomically(path, data, mode, uid, gid):
    """The file appears complete, with its final owner and mode, or not at all."""
    folder = os.path.dirname(path)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".pressluft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchown(file.fileno(), uid, gid)
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.rename(temporary, path)
    except BaseException:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise


def same_attributes(path, mode, uid, gid):
    seen = os.lstat(path)
    return seen.st_mode & 0o7777 == mode and seen.st_uid == uid and seen.st_gid == gid


def run(argv, data=None, environment=None, timeout=300):
    return subprocess.run(
        argv,
        input=data,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=timeout,
        check=False,
        **({"stdin": subprocess.DEVNULL} if data is None else {}),
    )


def described(path, seen):
    """One file as a fingerprint counts it. The time of change stands for the content: reading 4,000 files for each site takes too long."""
    return f"{path} {seen.st_size} {seen.st_mtime_ns}"


def fingerprint(descriptions):
    return hashlib.sha256("\n".join(sorted(descriptions)).encode()).hexdigest()


def started_at(unit):
    """When the unit became active, in seconds since the epoch; 0 when it is not."""
    done = run(["systemctl", "show", "--property=ActiveEnterTimestampMonotonic", "--value", unit])
    microseconds = int(done.stdout.strip() or 0)
    return time.time() - time.monotonic() + microseconds / 1e6 if microseconds else 0.0


def text(data):
    return data.decode("utf-8", "replace").strip()
