"""Stdout callback of every Pressluft run: fence, lease and deadline before each task, and a file of events.

The run is told what to obey and where to report by its environment; without these variables it only prints:

PRESSLUFT_EVENTS      file that receives one JSON object a line, flushed one by one
PRESSLUFT_TOKEN       fencing token of this run
PRESSLUFT_TOKEN_FILE  highest token known for the site; a higher one ends the run (exit code 70)
PRESSLUFT_LEASE_FILE  end of the lease, CLOCK_BOOTTIME in milliseconds; past it the run waits until it is renewed
PRESSLUFT_DEADLINE    CLOCK_BOOTTIME in milliseconds, past which the run ends (exit code 71)
PRESSLUFT_CANCEL_FILE once this file exists, the run ends (exit code 72)

An ordinary exception in a callback is only a warning and the task would run all the same. SystemExit is not: it leaves
the strategy before the task is queued.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: pressluft
type: stdout
short_description: Fence, lease, deadline and step events of a Pressluft run
description:
  - Ends or pauses a run at a step boundary and reports steps as JSON lines.
options: {}
"""

FENCED = 70
DEADLINE = 71
CANCELLED = 72

FALLBACK_CODE = "playbook_failed"
LONGEST_LOG = 16_000
LONGEST_MESSAGE = 500
LEASE_POLL_SECONDS = 0.1


def boottime_ms() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


class Guard:
    """Says whether the next step may start. Reads only; knows nothing of Ansible."""

    def __init__(self, environment):
        token = environment.get("PRESSLUFT_TOKEN", "")
        self.token = int(token) if token else None
        self.token_file = environment.get("PRESSLUFT_TOKEN_FILE", "")
        self.lease_file = environment.get("PRESSLUFT_LEASE_FILE", "")
        deadline = environment.get("PRESSLUFT_DEADLINE", "")
        self.deadline = int(deadline) if deadline else None
        self.cancel_file = environment.get("PRESSLUFT_CANCEL_FILE", "")

    def cancelled(self) -> bool:
        return bool(self.cancel_file) and os.path.exists(self.cancel_file)

    def fenced(self) -> bool:
        if self.token is None or not self.token_file:
            return False
        highest = self._number(self.token_file, absent=0)
        # A token file that cannot be understood is no permission.
        return highest is None or highest > self.token

    def late(self) -> bool:
        return self.deadline is not None and boottime_ms() > self.deadline

    def lease_over(self) -> bool:
        if not self.lease_file:
            return False
        end = self._number(self.lease_file, absent=None)
        return end is None or boottime_ms() > end

    @staticmethod
    def _number(path, absent):
        try:
            with open(path, encoding="ascii") as file:
                return int(file.read().strip())
        except FileNotFoundError:
            return absent
        except (OSError, ValueError):
            return None


class Events:
    def __init__(self, path):
        self._file = open(path, "a", encoding="utf-8") if path else None

    def write(self, event, **fields):
        if self._file:
            self._file.write(json.dumps({"event": event, **fields}, ensure_ascii=False, default=str) + "\n")
            self._file.flush()


class Step:
    def __init__(self, ordinal, task):
        self.ordinal = ordinal
        self.task = task
        self.name = readable(task)
        self.at = now_ms()
        self.boot = boottime_ms()
        self.clock = time.monotonic()
        # Whether a conditional task runs is known only when it is over. It is shown then, so that a skipped one is one line.
        self.announced = not task.when
        self.finished = False


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def stopping() -> bool:
    """Whether the machine is going down."""
    if not os.path.isdir("/run/systemd/system"):
        return False
    asked = subprocess.run(["systemctl", "is-system-running"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return asked.stdout.strip() == b"stopping"


def readable(task) -> str:
    name = task.get_name().strip()
    # Ansible inserts this step by itself and names it after the whole description of the role.
    role, separator, _ = name.partition(" : Validating arguments against arg spec")
    return f"{role} : Check the arguments" if separator else name


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "pressluft"

    def __init__(self):
        super().__init__()
        self._guard = Guard(os.environ)
        self._events = Events(os.environ.get("PRESSLUFT_EVENTS", ""))
        self._ordinal = 0
        self._changed = 0
        self._step = None

    # --- the run

    def v2_playbook_on_start(self, playbook):
        self._events.write("run_started", at=now_ms())

    def v2_playbook_on_stats(self, stats):
        outputs = stats.custom.get("_run")
        if outputs:
            self._events.write("outputs", values=outputs)
        failed = any(stats.failures.values()) or any(stats.dark.values())
        self._finish("failed" if failed else "succeeded")

    def _finish(self, outcome):
        self._events.write("run_finished", outcome=outcome, changed=self._changed)
        self._display.display(f"{outcome}, {self._changed} changed")

    # --- before every step

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._obey()
        self._ordinal += 1
        self._step = Step(self._ordinal, task)
        self._announce(self._step, shown=self._step.announced)

    def v2_playbook_on_handler_task_start(self, task):
        self.v2_playbook_on_task_start(task, False)

    def _obey(self):
        paused = False
        while True:
            if self._guard.fenced():
                self._end("fenced", FENCED)
            if self._guard.late():
                self._end("deadline", DEADLINE)
            if self._guard.cancelled():
                self._end("cancelled", CANCELLED)
            if not self._guard.lease_over():
                return
            if not paused:
                paused = True
                self._events.write("log", text="The lease is over; waiting for its renewal before the next step.")
            time.sleep(LEASE_POLL_SECONDS)

    def _end(self, outcome, code):
        self._finish(outcome)
        raise SystemExit(code)

    def _announce(self, step, shown=True):
        self._events.write(
            "step_started", ordinal=step.ordinal, name=step.name, at=step.at, boot=step.boot, shown=shown
        )

    # --- after every step

    def v2_runner_on_ok(self, result):
        changed = bool(result._result.get("changed"))
        self._changed += changed
        if self._display.verbosity or getattr(result._task, "diff", False):
            self._show_diff(result)
        self._close(result, "changed" if changed else "ok")

    def v2_runner_on_skipped(self, result):
        self._close(result, "skipped")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._fail(result, FALLBACK_CODE)

    def v2_runner_on_unreachable(self, result):
        self._fail(result, "ssh_unreachable")

    def v2_on_any(self, *args, **kwargs):
        pass

    def _close(self, result, outcome, **more):
        step = self._step
        if step is None or step.finished:
            return
        step.finished = True
        if not step.announced and outcome != "skipped":
            self._announce(step)
        duration = int((time.monotonic() - step.clock) * 1000)
        self._events.write(
            "step_finished", ordinal=step.ordinal, name=step.name, outcome=outcome, duration_ms=duration, **more
        )
        self._display.display(f"{step.ordinal:3} {outcome:8} {duration:6} ms  {step.name}")

    def _fail(self, result, fallback):
        if stopping():
            # What failed was taken away by the shutdown, which would end this run too. Without a word it counts as lost.
            os.kill(os.getpid(), signal.SIGTERM)
        details = self._first_failure(result._result)
        code = details.get("pressluft_code") or result._task.get_vars().get("pressluft_code")
        if not code and result._task.action.endswith("validate_argument_spec"):
            code = "payload_invalid"
        code = code or fallback
        message = self._sentence(details)
        self._close(result, "failed", code=code, message=message)
        self._display.display(f"    {code}: {message}", stderr=True)
        if "censored" not in details:
            text = "\n".join(
                str(details[key]) for key in ("msg", "stdout", "stderr", "module_stderr") if details.get(key)
            )
            if text:
                self._events.write("log", text=text[-LONGEST_LOG:])
                self._display.display(text[-LONGEST_LOG:], stderr=True)

    @staticmethod
    def _first_failure(details):
        for item in details.get("results") or []:
            if isinstance(item, dict) and (item.get("failed") or item.get("unreachable")):
                return item
        return details

    @staticmethod
    def _sentence(details):
        if "censored" in details:
            return "The step failed; its details hold secrets and are not shown."
        errors = details.get("argument_errors")
        text = "; ".join(map(str, errors)) if errors else str(details.get("msg") or "The step failed.")
        if details.get("assertion") and text == "Assertion failed":
            text = f"This must hold and does not: {details['assertion']}"
        return " ".join(text.split())[:LONGEST_MESSAGE]

    def _show_diff(self, result):
        diff = result._result.get("diff")
        if diff and "censored" not in result._result:
            text = self._get_diff(diff)
            if text:
                self._events.write("log", text=text[-LONGEST_LOG:])
                self._display.display(text)
