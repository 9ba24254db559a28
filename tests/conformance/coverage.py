"""docs/conformance.md: for each call and each documented error, what reaches it."""

import fnmatch
import os
import re

from catalogue import Wrong

RULE = re.compile(r'^(\S+) (ZX_ERR_\w+|\*)(?: "([^"]+)")?: (.+)$')

HEAD = """\
# What the conformance suite reaches

For each call, what checks there are for what it does, and for each error that its reference page
documents, the checks that reach it. This page is made by `make conformance` from the definitions in
`abi/`, the checks in `tests/fuchsia-bins/conformance` and `tests/conformance/unreachable.txt`, which
says what no check can reach, and why.
"""


class Rule:
    """A line of unreachable.txt: CALL STATUS ["TEXT"]: REASON; CALL and STATUS can be patterns."""

    def __init__(self, place, call, status, text, reason):
        self.place, self.call, self.status = place, call, status
        self.text, self.reason = text or "", reason
        self.used = False

    def fits(self, call, status, when):
        return (fnmatch.fnmatchcase(call, self.call) and fnmatch.fnmatchcase(status, self.status)
                and self.text in when)

    @property
    def exact(self):
        return not set("*?[") & set(self.call + self.status)


def read_rules(path):
    rules = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            match = RULE.match(line)
            if not match:
                raise Wrong(f'{path}:{number}: expected CALL STATUS ["TEXT"]: REASON')
            rules.append(Rule(f"{path}:{number}", *match.groups()))
    return rules


class Line:
    """One documented error."""

    def __init__(self, call, status, when):
        self.call, self.status, self.when = call, status, when
        self.checks, self.reason = [], ""


def lines_of(calls, checks, rules):
    found = {(call.name, index): Line(call.name, *error)
             for call in calls for index, error in enumerate(call.errors)}
    for check in checks:
        for key in check.reaches:
            found[key].checks.append(check.name)
    for line in found.values():
        for rule in rules:
            if not rule.fits(line.call, line.status, line.when):
                continue
            rule.used = True
            if line.checks and rule.exact:
                raise Wrong(f"{rule.place}: {line.checks[0]} reaches it")
            if not line.checks and not line.reason:
                line.reason = rule.reason
    stale = [rule.place for rule in rules if not rule.used]
    if stale:
        raise Wrong(f"{', '.join(stale)}: no documented error is meant")
    return found


def _figures(lines, calls, checks):
    reached = sum(bool(line.checks) for line in lines)
    unreachable = sum(bool(line.reason) for line in lines)
    reachable = len(lines) - unreachable
    share = 100 * reached / reachable if reachable else 100
    with_checks = len({check.call for check in checks} & {call.name for call in calls})
    return [
        f"**{reached} of {reachable} reachable documented errors are reached"
        f" ({share:.1f} %).** {unreachable} more cannot be reached.",
        "",
        f"{len(checks)} checks, {sum(not check.status for check in checks)} of them of what a call"
        f" does rather than of an error, for {with_checks} of {len(calls)} calls and older forms of"
        " calls.",
    ]


def _state(call):
    state = call.state["kind"]
    if state == "refused":
        return f"Refused with {call.state['status']}: {call.state['reason']}."
    return "" if state == "implemented" else "Not there yet."


def _cell(line):
    if line.checks:
        names = [name.split(".", 2)[2] for name in line.checks]
        return ", ".join(f"`{name}`" for name in names)
    return f"not reachable: {line.reason}" if line.reason else "**not reached**"


def _section(call, lines, checks):
    out = [f"## {call.name}", ""]
    if _state(call):
        out += [_state(call), ""]
    does = [check.name.split(".", 1)[1] for check in checks
            if not check.status and call in check.calls]
    if does:
        out += ["Does what it should: " + ", ".join(f"`{name}`" for name in does) + ".", ""]
    if lines:
        out += ["| error | when | checks |", "|---|---|---|"]
        out += [f"| {line.status} | {line.when.replace('|', chr(92) + '|')} | {_cell(line)} |"
                for line in lines] + [""]
    return out


def write(path, calls, checks, rules_path):
    found = lines_of(calls, checks, read_rules(rules_path))
    text = [HEAD, *_figures(list(found.values()), calls, checks), ""]
    for call in sorted(calls, key=lambda call: call.name):
        own = [found[call.name, index] for index in range(len(call.errors))]
        text += _section(call, own, checks)
    temporary = f"{path}.tmp"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write("\n".join(text).rstrip("\n") + "\n")
    os.replace(temporary, path)
