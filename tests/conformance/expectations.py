"""Known failures: a file of lines NAME: REASON, where NAME can end in @DATE."""

from catalogue import ERAS, Wrong
from execute import FAILED, PASSED, SKIPPED


def read(path):
    known = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            name, colon, reason = line.partition(": ")
            if not colon or not reason.strip() or " " in name:
                raise Wrong(f"{path}:{number}: expected NAME: REASON")
            if name in known:
                raise Wrong(f"{path}:{number}: {name} stands there twice")
            known[name] = reason.strip()
    return known


def must_exist(known, checks, path):
    """An expectation for a check that is gone is to be removed."""
    names = {name for check in checks
             for name in [check.name] + [f"{check.name}@{era}" for era in ERAS]}
    gone = sorted(set(known) - names)
    if gone:
        raise Wrong(f"{path}: there is no check {', '.join(gone)}")


def judge(known, result):
    """A known failure does not count as one; a check that passes all the same does."""
    reason = known.get(result.name) or known.get(result.name.partition("@")[0])
    if reason is None:
        return result
    if result.state == FAILED:
        result.state, result.expected = SKIPPED, True
        result.detail = f"expected to fail, {reason}"
    elif result.state == PASSED:
        result.state = FAILED
        result.detail = f"expected to fail ({reason}), saw it pass"
    return result
