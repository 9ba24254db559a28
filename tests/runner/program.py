"""Whole-program tests: zxrun with a program, and what must come out."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from typing import Any, Callable, List, Optional, Sequence, Union

from . import process
from .result import FAIL, PASS, SKIP, Job, Result, Skip

Pattern = Union[str, "re.Pattern[str]"]

SHOWN_LINES = 40
SHOWN_COLUMNS = 200


@dataclass
class Context:
    """What a case may need to know: where things are, and a folder for its own files."""

    build: str
    bins: str
    zxrun: str
    work: str = ""

    def bin(self, name):
        return os.path.join(self.bins, name)

    def file(self, name):
        return os.path.join(self.work, name)

    def fill(self, text):
        """Replaces {bins}, {work}, {build} in options and arguments."""
        return text.format(bins=self.bins, work=self.work, build=self.build)


@dataclass
class Case:
    """One run of zxrun. Texts in `options`, `program` and `args` may contain {bins} and {work}."""

    name: str
    program: Optional[str] = None
    args: Sequence[str] = ()
    options: Sequence[str] = ()
    stdin: Optional[bytes] = b""
    env: dict = field(default_factory=dict)
    # The exit status, or a negative signal number; None when any will do.
    status: Optional[int] = 0
    # Substrings or regular expressions that must be found, and such that must not.
    stdout: Sequence[Pattern] = ()
    stderr: Sequence[Pattern] = ()
    not_stdout: Sequence[Pattern] = ("FAIL", "not ok")
    not_stderr: Sequence[Pattern] = ()
    # The whole of standard output, when it is known; a function that returns what is wrong, or "".
    exact: Optional[bytes] = None
    check: Optional[Callable[[process.Outcome], str]] = None
    # The most lines that standard error may have.
    stderr_lines: Optional[int] = None
    timeout: float = 60
    # Prepares files in context.work before the run.
    setup: Optional[Callable[[Context], Any]] = None
    # Works on the running process: signals, late reading.
    driver: Optional[Callable[[process.Running], Any]] = None
    pipe_stdout: bool = True
    # Put in front of the command: a shell that closes a descriptor, for instance.
    prefix: Sequence[str] = ()
    # Why the case can't be run here, or ""; what the functions above find out later they tell by
    # raising Skip.
    skip: Callable[[Context], str] = lambda context: ""

    def command(self, context):
        words = [context.zxrun, *self.options]
        if self.program is not None:
            words += [self.program, *self.args]
        return [*self.prefix, *(context.fill(word) for word in words)]


def checked(name, **fields):
    """A program that checks one thing and needs nothing."""
    fields.setdefault("stdout", (re.compile(r"^ok \w+", re.M),))
    return Case(f"programs/{name}", "{bins}/" + name, **fields)


def _holds(pattern, text):
    if isinstance(pattern, str):
        return pattern in text
    return pattern.search(text) is not None


def _show(pattern):
    return repr(pattern) if isinstance(pattern, str) else f"/{pattern.pattern}/"


def _printable(line):
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line[:SHOWN_COLUMNS])


def _quote(title, text):
    """The output as it is shown with a failure: its last lines, without control characters."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    shown = lines if len(lines) <= SHOWN_LINES else ["..."] + lines[-SHOWN_LINES:]
    head = f"{title}:" if lines else f"{title}: empty"
    return [head] + [f"  | {_printable(line)}" for line in shown]


def _stream_problems(what, text, wanted, unwanted):
    problems = [f"expected {what} with {_show(pattern)}"
                for pattern in wanted if not _holds(pattern, text)]
    return problems + [f"expected {what} without {_show(pattern)}"
                       for pattern in unwanted if _holds(pattern, text)]


def problems_of(case, outcome):
    stdout = outcome.stdout.decode(errors="replace")
    stderr = outcome.stderr.decode(errors="replace")
    problems = []
    if outcome.timed_out:
        problems.append(f"expected an end within {case.timeout} s, was killed")
    elif case.status is not None and outcome.status != case.status:
        problems.append(f"expected exit status {case.status}, got {outcome.status}")
    problems += _stream_problems("stdout", stdout, case.stdout, case.not_stdout)
    problems += _stream_problems("stderr", stderr, case.stderr, case.not_stderr)
    if case.exact is not None and outcome.stdout != case.exact:
        problems.append(f"expected stdout to be {case.exact[:200]!r}"
                        f" ({len(case.exact)} bytes), got {len(outcome.stdout)} bytes")
    if case.stderr_lines is not None and len(stderr.splitlines()) > case.stderr_lines:
        problems.append(f"expected at most {case.stderr_lines} lines on stderr,"
                        f" got {len(stderr.splitlines())}")
    if case.check and not outcome.timed_out:
        wrong = case.check(outcome)
        if wrong:
            problems.append(wrong)
    problems += [f"expected nothing left behind: {what}" for what in outcome.left_behind]
    if problems:
        problems += _quote("stdout", stdout) + _quote("stderr", stderr)
    return problems


def run_case(case, context):
    reason = case.skip(context)
    if reason:
        return [Result(case.name, SKIP, reason)]
    work = tempfile.mkdtemp(prefix="zxrun-case-")
    try:
        own = Context(context.build, context.bins, context.zxrun, work)
        if case.setup:
            case.setup(own)
        outcome = process.run(case.command(own), timeout=case.timeout, stdin=case.stdin,
                              env=case.env, cwd=work, driver=case.driver,
                              pipe_stdout=case.pipe_stdout)
        problems = problems_of(case, outcome)
    except Skip as found:
        return [Result(case.name, SKIP, str(found))]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return [Result(case.name, FAIL if problems else PASS, "\n".join(problems))]


def jobs(cases: List[Case], context):
    def job(case):
        return Job(case.name, lambda: run_case(case, context))

    return [job(case) for case in cases]
