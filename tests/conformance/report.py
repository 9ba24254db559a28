"""How results are shown: as lines and a table, as TAP, and as a JUnit file."""

import os
import xml.etree.ElementTree as xml

from execute import FAILED, PASSED, SKIPPED

STATES = (PASSED, FAILED, SKIPPED)


def counts(results):
    return [sum(result.state == state for result in results) for state in STATES]


def table(results):
    """A line for each family, and one for all."""
    families = sorted({result.family for result in results})
    rows = [(family, *counts([r for r in results if r.family == family])) for family in families]
    rows.append(("all", *counts(results)))
    width = max(len(row[0]) for row in rows)
    lines = [f"{'family':{width}}" + "".join(f"{state:>9}" for state in STATES)]
    return lines + [f"{row[0]:{width}}" + "".join(f"{count:9}" for count in row[1:])
                    for row in rows]


class Plain:
    """For people: failures as they come, a table, and the totals in the last line."""

    def __init__(self, verbose, _total):
        self.verbose = verbose
        self.results = []

    def add(self, result):
        self.results.append(result)
        if result.state == FAILED:
            print(f"FAIL {result.name}: {result.detail}", flush=True)
        elif self.verbose or result.state == SKIPPED:
            word = "ok" if result.state == PASSED else "skip"
            print(f"{word} {result.name}" + (f": {result.detail}" if result.detail else ""),
                  flush=True)

    def finish(self):
        print("\n" + "\n".join(table(self.results)) + "\n")
        totals = counts(self.results)
        print(", ".join(f"{count} {state}" for count, state in zip(totals, STATES)), flush=True)
        return 1 if totals[1] else 0


class Tap:
    """For tests/run."""

    def __init__(self, _verbose, total):
        self.results = []
        print(f"1..{total}")

    def add(self, result):
        self.results.append(result)
        number = len(self.results)
        if result.state == FAILED:
            print(f"not ok {number} - {result.name}")
            print("\n".join(f"# {line}" for line in result.detail.splitlines()), flush=True)
        elif result.state == SKIPPED:
            print(f"ok {number} - {result.name} # SKIP {result.detail}", flush=True)
        else:
            print(f"ok {number} - {result.name}", flush=True)

    def finish(self):
        return 1 if counts(self.results)[1] else 0


def _clean(text):
    """What XML can hold."""
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)


def write_junit(path, results):
    root = xml.Element("testsuites", name="conformance")
    for family in sorted({result.family for result in results}):
        own = sorted((r for r in results if r.family == family), key=lambda r: r.name)
        _, failed, skipped = counts(own)
        suite = xml.SubElement(root, "testsuite", name=family, tests=str(len(own)),
                               failures=str(failed), errors="0", skipped=str(skipped),
                               time=f"{sum(r.seconds for r in own):.3f}")
        for result in own:
            case = xml.SubElement(suite, "testcase", classname=f"conformance.{family}",
                                  name=result.name, time=f"{result.seconds:.3f}")
            if result.state == FAILED:
                failure = xml.SubElement(case, "failure",
                                         message=_clean(result.detail.split("\n", 1)[0]))
                failure.text = _clean(result.detail)
            elif result.state == SKIPPED:
                xml.SubElement(case, "skipped", message=_clean(result.detail))
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
