#!/usr/bin/python
"""Secrets made on the node, kept in one root-only file."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import string

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, read, run, same_attributes, text, write_atomically

DOCUMENTATION = """
module: pressluft_secrets
short_description: Secrets made on the node, kept in one root-only JSON file
description:
  - Makes what is missing, changes nothing that exists. Run its task with C(no_log), the values are in the result.
options:
  path:
    description: The JSON file, mode 0600, root. Its directory must exist.
    type: path
    required: true
  fields:
    description: Name to kind. C(password) is 40 letters and digits, C(salt) 64 printable characters,
      C(ed25519) a key pair as C(secret_key) (base64, libsodium's 64 bytes) and C(public_key) (base64, 32 bytes).
    type: dict
    required: true
"""

LETTERS = string.ascii_letters + string.digits
# Nothing that means something inside a quoted PHP string, in a shell or in a template.
SALT = LETTERS + "!@#%^&*()-_[]<>~+=,.;:/?|"


def password():
    return "".join(secrets.choice(LETTERS) for _ in range(40))


def salt():
    return "".join(secrets.choice(SALT) for _ in range(64))


def ed25519():
    key = run(["openssl", "genpkey", "-algorithm", "ed25519", "-outform", "DER"])
    public = run(["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"], data=key.stdout)
    if key.returncode or public.returncode:
        raise Failure("secrets_failed", "openssl cannot make an Ed25519 key.", stderr=text(key.stderr + public.stderr))
    # The last 32 bytes of both encodings are the raw key.
    return {
        "secret_key": base64.b64encode(key.stdout[-32:] + public.stdout[-32:]).decode(),
        "public_key": base64.b64encode(public.stdout[-32:]).decode(),
    }


KINDS = {"password": password, "salt": salt, "ed25519": ed25519}


def work(module):
    path = module.params["path"]
    stored = read(path)
    try:
        values = json.loads(stored) if stored else {}
    except ValueError as error:
        raise Failure("secrets_corrupt", f"{path} is not JSON. Restore it from a backup or remove the environment.") from error
    missing = {name: kind for name, kind in module.params["fields"].items() if name not in values}
    for name, kind in missing.items():
        if kind not in KINDS:
            raise Failure("payload_invalid", f"No such kind of secret: {kind}")
        values[name] = KINDS[kind]()
    changed = bool(missing) or not same_attributes(path, 0o600, 0, 0)
    if changed and not module.check_mode:
        write_atomically(path, (json.dumps(values, indent=2) + "\n").encode(), 0o600, 0, 0)
    digests = {name: hashlib.sha256(value.encode()).hexdigest() for name, value in values.items() if isinstance(value, str)}
    return {"changed": changed, "secrets": values, "sha256": digests}


def main():
    module = AnsibleModule(
        argument_spec={"path": {"type": "path", "required": True}, "fields": {"type": "dict", "required": True}},
        supports_check_mode=True,
    )
    if os.geteuid() != 0:
        module.fail_json(msg="Secrets are made by root.", pressluft_code="sudo_unavailable")
    guarded(module, work)


if __name__ == "__main__":
    main()
