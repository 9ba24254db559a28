"""Whole-program tests of programs with an SDK's C library: one Case per run of zxrun, as in cases.py."""

import re

from runner.files import SDK_LIB, package, shared_folder
from runner.kvm import kvm_is_missing
from runner.program import Case

LARGE = bytes(range(251)) * 150000


def with_sdk(name, **fields):
    fields.setdefault("stdout", (re.compile(r"^ok \w+", re.M),))
    fields.setdefault("options", SDK_LIB)
    program = fields.pop("program", name)
    return Case(name, "{bins}/" + program, **fields)


def with_debugger(name, from_2018, **fields):
    """The modules of an SDK's program, told by the SDK's own linker; the era must be the same."""
    def other_era(context):
        with open(context.bin("lib/ld.so.1"), "rb") as file:
            return "" if from_2018 == (b"_zx_vmo_clone" in file.read()) else "an SDK of another era"

    return Case(name, "{build}/fuchsia-bins/" + fields.pop("program"), args=("--sdk",),
                skip=other_era, stdout=("ok sdk_modules",), **fields)


HELLO = ("Hello from a Fuchsia program with a C library.\n", "argument 1 [a b]\n",
         "environment [NAME=value]\n", "numbers -42  3.14 0x123456789abcdef yes\n")
HELLO_OPTIONS = (*SDK_LIB, "--env", "NAME=value")

SDK_CASES = [
    with_sdk("hello", args=("a b",), options=HELLO_OPTIONS,
             stdout=(*HELLO, "endatexit 2\natexit 1\n"),
             stderr=("this goes to standard error\n",)),
    with_sdk("exit", program="hello", args=("--exit", "3"), status=3,
             stdout=("atexit 2\natexit 1\n",)),
    with_sdk("quick-exit", program="hello", args=("--_exit", "4"), status=4, stdout=(),
             not_stdout=("atexit",)),
    with_sdk("stdin", stdin=b"first\nsecond\nlast",
             stdout=("FIRST\nSECOND\nLAST3 lines, eof 1, error 0\n",)),
    with_sdk("stdin-empty", program="stdin", stdout=("0 lines, eof 1, error 0\n",)),
    with_sdk("files"),
    with_sdk("files-on-host", program="files", setup=shared_folder,
             options=(*SDK_LIB, "--map", "{work}/host:/tmp")),
    with_sdk("posix"),
    with_sdk("posix-on-host", program="posix", setup=shared_folder,
             options=(*SDK_LIB, "--map", "{work}/host:/tmp")),
    with_sdk("full", options=(*SDK_LIB, "--tmp-size=1M")),
    with_sdk("cat", stdin=LARGE, stdout=(), exact=LARGE),
    with_sdk("package", options=(*SDK_LIB, "--pkg", "{work}/pkg"), setup=package),
    with_debugger("debugger", False, program="debugger", options=("--map", "{bins}:/program:ro")),
    with_debugger("debugger-2018", True, program="debugger-2018",
                  options=("--map", "{bins}:/program:ro", "--era=2018-12")),
    with_sdk("threads"),
    with_sdk("memory"),
    with_sdk("pipes"),
    with_sdk("clocks"),
    with_sdk("debug", args=("/program/debuggee",), stdout=("ok breakpoint_in_a_library",),
             options=(*SDK_LIB, "--map", "{bins}:/program:ro")),
    with_sdk("dlopen", stdout=("plugin loaded\n", "ok plugin", "ok missing")),
    with_sdk("hypervisor", options=(*SDK_LIB, "--hypervisor"), skip=kvm_is_missing),
    with_sdk("abort", status=134, stdout=("about to abort\n",), stderr=("exception",)),
    with_sdk("spawn", args=("/program/spawn",),
             options=(*SDK_LIB, "--map", "{bins}:/program:ro")),
]
