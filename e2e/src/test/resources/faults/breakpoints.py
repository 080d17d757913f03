
# --- appended by the fault harness: breakpoints and a history of effects

HOLD = "/run/e2e-hold"
HELD = "/run/e2e-held"
HISTORY = "/var/lib/e2e-history"


def _applying():
    return bool(os.environ.get("PRESSLUFT_CANCEL_FILE"))


def _hold(when, ordinal):
    try:
        with open(HOLD, encoding="ascii") as file:
            wanted = file.read().split()
    except FileNotFoundError:
        return
    if not _applying() or wanted[:2] != [when, str(ordinal)]:
        return
    os.rename(HOLD, HELD)
    if wanted[2:] == ["eat"]:
        eaten = []
        while True:
            eaten.append(bytearray(os.urandom(1 << 20)))
    while os.path.exists(HELD):
        time.sleep(0.01)


def _record(guard, ordinal, name):
    if not _applying():
        return
    line = {
        "site": os.path.basename(guard.token_file),
        "token": guard.token,
        "highest": Guard._number(guard.token_file, absent=0),
        "lease": Guard._number(guard.lease_file, absent=0),
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
    _hold("before", self._ordinal + 1)
    _Obeying.start(self, task, is_conditional)


def _announce(self, step, shown=True):
    _Obeying.announce(self, step, shown)
    if not step.finished:
        _record(self._guard, step.ordinal, step.name)
        _hold("during", step.ordinal)


def _close(self, result, outcome, **more):
    if self._step is not None and not self._step.finished:
        _hold("after", self._step.ordinal)
    _Obeying.close(self, result, outcome, **more)


CallbackModule.v2_playbook_on_task_start = _start
CallbackModule._announce = _announce
CallbackModule._close = _close
