"""Running one check, and what came of it."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
WORDS = {"ok": PASSED, "FAIL": FAILED, "skip": SKIPPED}
EXPECTED_STATUS = {PASSED: 0, FAILED: 1, SKIPPED: 0}
SHOWN_LINES = 12


@dataclass
class Result:
    name: str
    family: str
    state: str
    detail: str = ""
    seconds: float = 0.0
    # It failed, as the expectations file says it would.
    expected: bool = False


def _tail(text):
    return "".join(f"\n  | {line}" for line in text.splitlines()[-SHOWN_LINES:])


def _verdict(name, output):
    """The check's own line: its state and what follows the name, or nothing."""
    for line in output.splitlines():
        word, _, rest = line.partition(" ")
        said, _, detail = rest.partition(": ")
        if word in WORDS and said == name:
            return WORDS[word], detail
    return None, ""


def _finish(popen, timeout):
    """Output and error output; None for the exit status of what had to be killed."""
    try:
        output, errors = popen.communicate(timeout=timeout)
        return output, errors, popen.returncode
    except subprocess.TimeoutExpired:
        os.killpg(popen.pid, signal.SIGKILL)
        output, errors = popen.communicate()
        return output, errors, None


def command(zxrun, one):
    era = f"--era={one.era}"
    options = ["--root-resource"] if one.check.root else []
    return [zxrun, era, *options, one.check.program, era, f"--check={one.check.name}"]


def run(zxrun, one, timeout):
    check = one.check
    start = time.monotonic()
    with subprocess.Popen(command(zxrun, one), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace",
                          start_new_session=True) as popen:
        output, errors, status = _finish(popen, timeout)
    state, detail = _verdict(check.name, output)
    if status is None:
        state, detail = FAILED, f"expected an end within {timeout:g} s, saw none{_tail(errors)}"
    elif state is None:
        detail = f"expected a verdict, saw exit status {status}{_tail(output + errors)}"
        state = FAILED
    elif status != EXPECTED_STATUS[state]:
        detail = (f"expected exit status {EXPECTED_STATUS[state]} with it, saw {status}"
                  f"{_tail(output + errors)}")
        state = FAILED
    return Result(one.name, check.family, state, detail, time.monotonic() - start)
