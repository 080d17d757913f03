
# --- appended by the fault harness: breakpoints, kills inside a step, and a history of effects

HOLD = "/run/e2e-hold"
HELD = "/run/e2e-held"
HISTORY = "/var/lib/e2e-history"


def _phase():
    if os.environ.get("PRESSLUFT_CANCEL_FILE"):
        return "apply"
    return "commit" if os.environ.get("PRESSLUFT_LEASE_FILE") else "undo"


def _wanted(when, ordinal):
    """What is to happen here, once: nothing, or the words that follow the point."""
    try:
        with open(HOLD, encoding="ascii") as file:
            words = file.read().split()
    except FileNotFoundError:
        return None
    if words[:3] != [_phase(), when, str(ordinal)]:
        return None
    os.rename(HOLD, HELD)
    return words[3:]


def _strike(when, ordinal):
    wanted = _wanted(when, ordinal)
    if wanted is None:
        return
    if wanted[:1] == ["eat"]:
        eaten = []
        while True:
            eaten.append(bytearray(os.urandom(1 << 20)))
    if wanted[:1] == ["kill"]:
        _kill_in(int(wanted[1]))
        return
    while os.path.exists(HELD):
        time.sleep(0.01)


def _kill_in(milliseconds):
    """Everything of this run, while its step is at work. A unit of its own does it, which does not die with the run."""
    job = os.path.basename(os.path.dirname(os.path.dirname(os.environ["PRESSLUFT_EVENTS"])))
    subprocess.run(
        ["systemd-run", "--quiet", "--collect", "/bin/sh", "-c",
         f"sleep {milliseconds / 1000}; systemctl kill --signal=KILL 'pressluft-run-{job}-*.service'"],
        check=True,
    )


def _record(guard, ordinal, name):
    line = {
        "phase": _phase(),
        "site": os.path.basename(guard.token_file),
        "token": guard.token,
        "highest": Guard._number(guard.token_file, absent=0),
        "lease": Guard._number(guard.lease_file, absent=0) if guard.lease_file else None,
        "boot": boottime_ms(),
        "ordinal": ordinal,
        "name": name,
    }
    with open(HISTORY, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


class _Obeying:
    start = CallbackModule.v2_playbook_on_task_start
    announce = CallbackModule._announce
    close = CallbackModule._close


def _start(self, task, is_conditional):
    _strike("before", self._ordinal + 1)
    _Obeying.start(self, task, is_conditional)


def _age(ordinal):
    """Milliseconds that this step shall seem to have taken already."""
    try:
        with open(HOLD, encoding="ascii") as file:
            words = file.read().split()
    except FileNotFoundError:
        return 0
    return int(words[4]) if words[:4] == [_phase(), "during", str(ordinal), "aged"] else 0


def _announce(self, step, shown=True):
    step.boot -= _age(step.ordinal)
    _Obeying.announce(self, step, shown)
    if not step.finished:
        _record(self._guard, step.ordinal, step.name)
        _strike("during", step.ordinal)


def _close(self, result, outcome, **more):
    if self._step is not None and not self._step.finished:
        _strike("after", self._step.ordinal)
    _Obeying.close(self, result, outcome, **more)


CallbackModule.v2_playbook_on_task_start = _start
CallbackModule._announce = _announce
CallbackModule._close = _close
