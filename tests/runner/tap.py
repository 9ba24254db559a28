"""Test programs that speak TAP: one result for each line that says ok or not ok."""

import re

from . import process
from .result import FAIL, PASS, SKIP, Job, Result

LINE = re.compile(r"^(ok|not ok)\b\s*(\d+)?\s*-?\s*(.*?)(?:\s*#\s*(SKIP)\b\s*(.*))?$",
                  re.IGNORECASE)
PLAN = re.compile(r"^1\.\.(\d+)(?:\s*#\s*(?:SKIP|skip)\s*(.*))?")


def parse(name, text):
    """The results in the output, and the number of tests that the plan announced (or None)."""
    results, planned = [], None
    for line in text.splitlines():
        plan = PLAN.match(line)
        if plan:
            planned = int(plan.group(1)) + (planned or 0)
            if planned == 0 and plan.group(2):
                results.append(Result(name, SKIP, plan.group(2)))
            continue
        match = LINE.match(line)
        if not match:
            # What a program says about a failure stands around it, mostly behind.
            if results and results[-1].state == FAIL and line.strip():
                results[-1].detail += line.strip().lstrip("# ") + "\n"
            continue
        word, _, what, directive, reason = match.groups()
        if directive and directive.upper() == "SKIP":
            results.append(Result(f"{name}: {what}", SKIP, reason))
        else:
            results.append(Result(f"{name}: {what}", PASS if word.lower() == "ok" else FAIL))
    return results, planned


def _tail(text, lines=20):
    return "\n".join(text.decode(errors="replace").splitlines()[-lines:])


def run(name, command, timeout, env=None):
    outcome = process.run(command, timeout=timeout, env=env)
    # CMocka writes its lines to standard error in some versions.
    text = (outcome.stdout + b"\n" + outcome.stderr).decode(errors="replace")
    results, planned = parse(name, text)
    failed = any(result.state == FAIL for result in results)
    problem = ""
    if outcome.timed_out:
        problem = f"expected an end within {timeout} s, was killed"
    elif outcome.status != 0 and not failed:
        problem = f"expected exit status 0, got {outcome.status}"
    elif not results:
        problem = "expected test results, got none"
    elif planned is not None and len([r for r in results if r.name != name]) < planned:
        problem = f"expected {planned} results, got {len(results)}"
    if problem:
        results.append(Result(name, FAIL, f"{problem}\n{_tail(outcome.stdout + outcome.stderr)}"))
    results += [Result(name, FAIL, what) for what in outcome.left_behind]
    return results


def job(name, command, timeout=120, env=None):
    return Job(name, lambda: run(name, command, timeout, env))
