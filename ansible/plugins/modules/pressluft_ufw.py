#!/usr/bin/python
"""UFW with exactly the given inbound rules."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.pressluft import Failure, guarded, read, run, text

DOCUMENTATION = """
module: pressluft_ufw
short_description: UFW with exactly the given rules
description:
  - Default deny inbound, default allow outbound. Missing rules are added before foreign ones are deleted, then UFW is enabled.
options:
  rules:
    description: As C(ufw show added) prints them after the word C(ufw), e.g. C(allow 80/tcp).
    type: list
    elements: str
    required: true
"""


def ufw(*words):
    done = run(["ufw", *words])
    if done.returncode != 0:
        raise Failure("firewall_failed", f"`ufw {' '.join(words)}` failed.", stderr=text(done.stderr + done.stdout))
    return text(done.stdout)


def work(module):
    # ufw keeps a network of one address as the bare address.
    wanted = [rule.replace("/32 ", " ").replace("/128 ", " ") for rule in module.params["rules"]]
    seen = [line[4:] for line in ufw("show", "added").splitlines() if line.startswith("ufw ")]
    defaults = text(read("/etc/default/ufw") or b"")
    steps = []
    for direction, policy, line in (
        ("incoming", "deny", 'DEFAULT_INPUT_POLICY="DROP"'),
        ("outgoing", "allow", 'DEFAULT_OUTPUT_POLICY="ACCEPT"'),
    ):
        if line not in defaults:
            steps.append(["default", policy, direction])
    steps += [rule.split(" ") for rule in wanted if rule not in seen]
    steps += [["--force", "delete", *rule.split(" ")] for rule in seen if rule not in wanted]
    if "Status: active" not in ufw("status"):
        steps.append(["--force", "enable"])
    if not module.check_mode:
        for step in steps:
            ufw(*step)
    return {"changed": bool(steps), "steps": [" ".join(step) for step in steps]}


def main():
    module = AnsibleModule(
        argument_spec={"rules": {"type": "list", "elements": "str", "required": True}}, supports_check_mode=True
    )
    guarded(module, work)


if __name__ == "__main__":
    main()
