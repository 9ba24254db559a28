"""What there is: the calls as abi/ documents them, the checks of the programs, and when they hold."""

import json
import os
import subprocess
from dataclasses import dataclass, field

ERAS = ("2018-07", "2018-10", "2018-12", "2019-01", "2020-07", "2021-01", "newest")
LIST_TIMEOUT = 30


class Wrong(Exception):
    """Something in the suite itself that has to be put right."""


@dataclass
class Call:
    """One definition: a call, or the form that it had once."""

    name: str
    called: str  # the name that programs call
    eras: set
    errors: list  # of (status, when)
    state: dict


@dataclass
class Check:
    name: str
    family: str
    program: str
    call: str
    status: str  # "" when it reaches no error
    line: str
    root: bool  # it needs the root resource
    eras: list
    # The definitions that it calls, and the error lines (definition, index) that it reaches.
    calls: list = field(default_factory=list)
    reaches: list = field(default_factory=list)


@dataclass
class Run:
    name: str
    check: Check
    era: str


def era_range(first, last):
    return ERAS[ERAS.index(first):ERAS.index(last) + 1]


def read_calls(build):
    path = os.path.join(build, "bindings", "zircon.json")
    with open(path, encoding="utf-8") as file:
        found = json.load(file)["syscalls"]
    calls = []
    for call in found:
        eras = {era for span in call["eras"] for era in era_range(span["first"], span["last"])}
        errors = [(error["status"], error["when"]) for error in call.get("errors", [])]
        calls.append(Call(call["name"], call.get("variant_of", call["name"]), eras, errors,
                          call["state"]))
    # A variant takes the place of the call in its eras.
    for call in calls:
        for variant in calls:
            if variant.called == call.name and variant is not call:
                call.eras -= variant.eras
    return calls


def list_program(zxrun, program):
    done = subprocess.run([zxrun, program, "--list"], capture_output=True, text=True, check=False,
                          timeout=LIST_TIMEOUT)
    if done.returncode:
        raise Wrong(f"{program} --list: exit status {done.returncode}\n{done.stderr}")
    return [line.split("\t") for line in done.stdout.splitlines()]


def read_checks(build):
    folder = os.path.join(build, "fuchsia-bins", "conformance")
    zxrun = os.path.join(build, "zxrun")
    checks = []
    for family in sorted(os.listdir(folder)):
        program = os.path.join(folder, family)
        for name, call, status, first, last, root, line in list_program(zxrun, program):
            checks.append(Check(name, family, program, call, "" if status == "-" else status,
                                line, root == "root", list(era_range(first, last))))
    return checks


def _reached(check, call):
    """
    The indexes of the error lines of this definition that the check is for: those that hold the
    text, or of several the one that begins with it. A text behind a question mark is only asked
    where the definition has several errors of the status.
    """
    same = [index for index, (status, _) in enumerate(call.errors) if status == check.status]
    if check.line.startswith("?") and len(same) == 1:
        return same
    text = check.line.removeprefix("?")
    holding = [index for index in same if text in call.errors[index][1]]
    beginning = [index for index in holding if text and call.errors[index][1].startswith(text)]
    return beginning if len(beginning) == 1 else holding


def _connect(check, by_name):
    if check.call not in by_name:
        raise Wrong(f"{check.name}: there is no call {check.call}")
    check.calls = [call for call in by_name[check.call] if call.eras & set(check.eras)]
    existing = set().union(*(call.eras for call in check.calls)) if check.calls else set()
    check.eras = [era for era in check.eras if era in existing]
    if not check.eras:
        raise Wrong(f"{check.name}: {check.call} was not there at any date of the check")
    if not check.status:
        return
    for call in check.calls:
        lines = _reached(check, call)
        if len(lines) > 1:
            texts = "; ".join(call.errors[index][1] for index in lines)
            raise Wrong(f"{check.name}: {call.name} has {len(lines)} such errors, .line must say"
                        f" which: {texts}")
        check.reaches += [(call.name, index) for index in lines]
    if not check.reaches:
        wanted = f' with "{check.line}"' if check.line else ""
        raise Wrong(f"{check.name}: {check.call} documents no {check.status}{wanted}")


def verify(checks, calls):
    """Connects checks and calls. Names must be unique, and every error that is named documented."""
    by_name = {}
    for call in calls:
        by_name.setdefault(call.called, []).append(call)
    seen, problems = {}, []
    for check in checks:
        if check.name in seen:
            problems.append(f"{check.name} is in {seen[check.name]} and in {check.family}")
        seen[check.name] = check.family
        try:
            _connect(check, by_name)
        except Wrong as wrong:
            problems.append(str(wrong))
    if problems:
        raise Wrong("\n".join(problems))


def _eras_to_run(check, first_of_call, which):
    if which == "all":
        return check.eras
    if which == "some":
        first, last = check.eras[0], check.eras[-1]
        return sorted({last, first if first != first_of_call else last}, key=ERAS.index)
    return [era for era in check.eras if era in which.split(",")]


def runs(checks, calls, which):
    """Every check with the dates at which it is to be run, in an order that does not change."""
    if which not in ("some", "all") and not set(which.split(",")) <= set(ERAS):
        raise Wrong(f"--eras={which}: expected some, all, or dates out of {' '.join(ERAS)}")
    first_of_call = {}
    for call in calls:
        for era in call.eras:
            known = first_of_call.setdefault(call.called, era)
            first_of_call[call.called] = min(known, era, key=ERAS.index)
    found = []
    for check in checks:
        for era in _eras_to_run(check, first_of_call[check.call], which):
            name = check.name if era == ERAS[-1] else f"{check.name}@{era}"
            found.append(Run(name, check, era))
    return found
