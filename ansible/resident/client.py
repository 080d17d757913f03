"""client.py <ansible-playbook> [argument...]: lets the resident Ansible do it, or becomes ansible-playbook where there is none.

Main process of a run's unit. Its exit is the run's: the same code, or a kill when the run was killed.
"""

import json
import os
import signal
import socket
import sys

SOCKET = "/run/pressluft-ansible.sock"
# It imports Ansible first when it was not there, which takes about as long as ansible-playbook itself would.
PATIENCE_SECONDS = 15


def resident(arguments):
    """Exit code of the run; nothing when nobody took it; a kill when it never said one."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        try:
            connection.connect(SOCKET)
            request = {"arguments": arguments, "environment": dict(os.environ), "directory": os.getcwd()}
            connection.settimeout(PATIENCE_SECONDS)
            socket.send_fds(connection, [json.dumps(request).encode()], [1, 2])
            if connection.recv(16) != b"taken":
                return None
        except OSError:
            return None
        # From here on the run may have begun, so there is no other way to have it done.
        connection.settimeout(None)
        try:
            connection.send(b"go")
            code = connection.recv(16)
        except OSError:
            code = b""
        if not code:
            os.kill(os.getpid(), signal.SIGKILL)
        return int(code)


def main():
    line = sys.argv[1:]
    code = resident(line)
    if code is None:
        os.execv(line[0], line)
    sys.exit(code)


main()
