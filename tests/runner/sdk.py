"""Programs built with Fuchsia SDKs: built once per SDK, when the first of their cases is run."""

import os
import subprocess
import threading
from dataclasses import replace

from . import program
from .result import FAIL, SKIP, Job, Result


class Sdk:
    """One SDK and the programs that were built with it."""

    def __init__(self, directory, out, builder):
        self.directory = directory
        self.out = out
        self.builder = builder
        self.lock = threading.Lock()
        self.built = False
        self.error = ""

    def build(self):
        """Builds the programs, the first time. Returns what went wrong, or ""."""
        with self.lock:
            if not self.built:
                done = subprocess.run([self.builder, self.directory, self.out], check=False,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                if done.returncode:
                    self.error = done.stdout.decode(errors="replace")
                self.built = True
        return self.error


def _run(sdk, case, context):
    error = sdk.build()
    if error:
        return [Result(case.name, FAIL, f"expected the SDK's programs to build, got\n{error}")]
    own = program.Context(context.build, sdk.out, context.zxrun)
    return program.run_case(case, own)


def jobs(cases, context, directories, builder):
    """The cases once for each SDK of the colon-separated list; without any, one skipped result."""
    sdks = [directory for directory in directories.split(":") if directory]
    if not sdks:
        reason = "FUCHSIA_SDK is not set (to the folder of a Fuchsia SDK)"
        return [Job("sdk", lambda: [Result("sdk", SKIP, reason)])]
    found = []
    for directory in sdks:
        label = os.path.basename(os.path.normpath(directory))
        sdk = Sdk(directory, os.path.join(context.build, "fuchsia-bins", f"sdk-{label}"), builder)
        for case in cases:
            named = replace(case, name=f"sdk-{label}/{case.name}")
            found.append(Job(named.name, lambda sdk=sdk, case=named: _run(sdk, case, context)))
    return found
