"""The action of every module that has none of its own: Pressluft's modules run in the worker itself when the node is this machine.

Shipping a module to oneself (pack it, start a Python, unpack, import) costs 0.15 s a task and changes nothing about what it does. The
worker is a process that Ansible makes for one task, so a module leaves nothing behind in it. Over SSH, and for every other module,
this is Ansible's own way.
"""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import io
import json
import os
import tempfile
import traceback

import ansible.module_utils
from ansible import constants as C
from ansible.module_utils import basic
from ansible.module_utils.common.json import AnsibleJSONEncoder
from ansible.plugins.action import ActionBase
from ansible.release import __version__
from ansible.utils.vars import merge_hash

# From here on Ansible hands arguments to modules in another form.
SHIPPED_FROM = (2, 19)
OWN = "pressluft_"
ALSO_HERE = ("ansible.builtin.file",)


def perform(path, arguments):
    """Runs a module's main() and returns what a shipped one would have given: code, output, errors."""
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}, cls=AnsibleJSONEncoder, vault_to_text=True).encode()
    output, errors, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            loaded(path).main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except Exception:
            traceback.print_exc()
            code = 1
    return {"rc": code, "stdout": output.getvalue(), "stderr": errors.getvalue()}


def loaded(path):
    for folder in C.DEFAULT_MODULE_UTILS_PATH:
        if folder not in ansible.module_utils.__path__:
            ansible.module_utils.__path__.append(folder)
    name = os.path.splitext(os.path.basename(path))[0]
    loader = importlib.machinery.SourceFileLoader(f"pressluft_here.{name}", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        self._supports_check_mode = True
        self._supports_async = True
        later = bool(self._task.async_val) and not self._connection.has_native_async
        self._here = None if later else self._module_of_this_machine()
        result = super().run(tmp, task_vars)
        if self._here:
            with tempfile.TemporaryDirectory(prefix="pressluft-module-") as folder:
                self._connection._shell.tmpdir = folder
                return merge_hash(result, self._execute_module(task_vars=task_vars))
        result = merge_hash(result, self._execute_module(task_vars=task_vars, wrap_async=later))
        if not later:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def _module_of_this_machine(self):
        """Path of the module, or nothing when it is to be shipped."""
        name = self._task.action
        if self._connection.transport != "local" or self._play_context.become or any(self._task.environment):
            return None
        if tuple(map(int, __version__.split(".")[:2])) >= SHIPPED_FROM or not (name.startswith(OWN) or name in ALSO_HERE):
            return None
        return self._shared_loader_obj.module_loader.find_plugin(name)

    def _configure_module(self, module_name, module_args, task_vars):
        if not self._here:
            return super()._configure_module(module_name, module_args, task_vars)
        self._arguments = module_args
        return "new", "#!/usr/bin/python3", b"", self._here

    def _low_level_execute_command(self, cmd, **more):
        if not self._here:
            return super()._low_level_execute_command(cmd, **more)
        return perform(self._here, self._arguments)
