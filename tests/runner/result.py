"""What a test gives back, and how the results of a run are printed."""

from dataclasses import dataclass
from typing import Callable, List

PASS, FAIL, SKIP = "passed", "failed", "skipped"


class Skip(Exception):
    """A test can't be run here; the text says why."""


@dataclass
class Result:
    name: str
    state: str
    # Why it failed or was skipped; several lines, when it takes them.
    detail: str = ""


@dataclass
class Job:
    """Something to run that gives one or more results: a test program, or a whole-program case."""

    name: str
    run: Callable[[], List[Result]]


class Report:
    """Collects results; prints failures as they come, and one line of totals at the end."""

    def __init__(self, verbose):
        self.verbose = verbose
        self.counts = {PASS: 0, FAIL: 0, SKIP: 0}

    def add(self, result):
        self.counts[result.state] += 1
        if result.state == FAIL:
            print(f"FAIL {result.name}")
            self._print_detail(result)
        elif self.verbose or result.state == SKIP:
            word = "ok  " if result.state == PASS else "SKIP"
            first = result.detail.splitlines()[0] if result.detail else ""
            print(f"{word} {result.name}" + (f": {first}" if first else ""), flush=True)

    def _print_detail(self, result):
        for line in result.detail.splitlines():
            print(f"    {line}")
        print(end="", flush=True)

    def finish(self):
        """Prints the totals; returns the runner's exit status."""
        totals = [f"{self.counts[state]} {state}" for state in (PASS, FAIL, SKIP)]
        print(", ".join(totals), flush=True)
        return 1 if self.counts[FAIL] else 0
