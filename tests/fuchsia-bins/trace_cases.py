"""Whole-program tests of --trace, --stats and -o: one Case per run of zxrun, as in cases.py."""

import os
import re
import signal
import time

from runner.limits import files_are_few
from runner.program import Case

HANDLE = r"0x[0-9a-f]+"
ADDRESS = r"0x[0-9a-f]+"
INTERNAL = ("internal error", "Sanitizer", "runtime error")
LINE = re.compile(r"\[\d+(:\d+)?\] (zx_\w+\(|<\.\.\. zx_\w+ resumed>|\+\+\+ .* \+\+\+$|--- .* ---$)")
TIME = re.compile(r"( = (ZX_\w+|0) <\d+\.\d{9}>|\) = \?| <unfinished \.\.\.>| \+\+\+| ---)$")
TABLE = re.compile(r"^% time +seconds +us a call +calls +failed +call$", re.M)
# Writes the trace to a file, and shows that on standard error.
TO_FILE = ("sh", "-c", '"$@"; status=$?; cat trace >&2; exit $status', "sh")


def handle(kind, name=""):
    shown = f' "{name}"' if name else ""
    return rf"{HANDLE}<{kind} \d+{shown}>"


def call(name, arguments, result="ZX_OK"):
    return rf"zx_{name}\({arguments}\) = {result} <\d+\.\d{{9}}>$"


CHANNEL = handle("channel")
EVENT = handle("event")
VMO = handle("vmo", r"a\\nname")
WAITER = handle("thread", "waiter")

# What traced.c does, in order.
TRACED = (
    r'^\[\d+\] \+\+\+ process "traced" made in job \d+, as of newest \+\+\+$',
    rf'^\[(\d+):\d+\] \+\+\+ thread "initial-thread" of process "traced" begins at {ADDRESS} \+\+\+$',
    call("channel_create", rf"0, \[{CHANNEL}\], \[{CHANNEL}\]"),
    call("event_create", rf"0, \[{EVENT}\]"),
    call("channel_write", rf'{CHANNEL}, 0, "a \\"b\\"\\n\\0\\200", 8, \[{EVENT}\], 1'),
    call("channel_read", rf"{CHANNEL}, ZX_CHANNEL_READ_MAY_DISCARD, {ADDRESS}, NULL, 4, 0, \[8\], "
         r"\[1\]", "ZX_ERR_BUFFER_TOO_SMALL"),
    call("channel_write", rf'{CHANNEL}, 0, "two", 3, NULL, 0'),
    call("channel_read", rf'{CHANNEL}, 0, "two", \[\], 64, 1, \[3\], \[0\]'),
    call("channel_write", rf"{CHANNEL}, 0, 0x1000, 5, NULL, 0", "ZX_ERR_INVALID_ARGS"),
    call("handle_close", CHANNEL),
    call("handle_duplicate", rf"{HANDLE}<bad>, ZX_RIGHT_READ\|ZX_RIGHT_WAIT, {ADDRESS}",
         "ZX_ERR_BAD_HANDLE"),
    call("object_wait_async", rf"{EVENT}, {handle('port')}, 7, ZX_USER_SIGNAL_3, "
         "ZX_WAIT_ASYNC_TIMESTAMP"),
    call("object_signal", rf"{EVENT}, 0, ZX_EVENT_SIGNALED\|ZX_USER_SIGNAL_3"),
    call("port_wait", rf"{handle('port')}, ZX_TIME_INFINITE, {{key=0x7, "
         r"type=ZX_PKT_TYPE_SIGNAL_ONE, status=ZX_OK, trigger=ZX_USER_SIGNAL_3, "
         r"observed=ZX_USER_SIGNAL_3\|__ZX_OBJECT_SIGNALED, count=1, timestamp=\d+}"),
    call("object_wait_one", rf"{EVENT}, ZX_USER_SIGNAL_0, 0s, "
         r"\[ZX_EVENT_SIGNALED\|ZX_USER_SIGNAL_3\]", "ZX_ERR_TIMED_OUT"),
    call("object_wait_many", rf"\[{{handle={EVENT}, waitfor=ZX_EVENT_SIGNALED}}\] => "
         r"\[{pending=ZX_EVENT_SIGNALED\|ZX_USER_SIGNAL_3}\], 1, ZX_TIME_INFINITE"),
    call("vmo_create", rf"8192, ZX_VMO_RESIZABLE, \[{handle('vmo')}\]"),
    call("object_set_property", rf'{handle("vmo")}, ZX_PROP_NAME, "a\\nname", 7'),
    call("vmo_read", rf'{VMO}, "(\\0){{32}}"\.\.\., 0, 100'),
    call("vmar_map", rf"{handle('vmar')}, ZX_VM_PERM_READ\|ZX_VM_PERM_WRITE, 0, {VMO}, 0, 4096, "
         rf"\[{ADDRESS}\]"),
    call("object_get_info", rf'{handle("process", "traced")}, ZX_INFO_PROCESS_THREADS, \[\d+\], '
         r"131072, \[1\], NULL"),
    # How many there are nobody was told: no list is made of what the buffer held before.
    call("object_get_info", rf'{handle("process", "traced")}, ZX_INFO_PROCESS_THREADS, ".*"\.\.\., '
         r"131072, NULL, NULL"),
    call("thread_create", rf'{handle("process", "traced")}, "waiter", 6, 0, \[{WAITER}\]'),
    rf"zx_thread_start\({WAITER}, {ADDRESS}, {ADDRESS}, {ADDRESS}, 0",
    # It waits before the next call of the first thread: so its first half comes before that.
    rf"zx_object_wait_one\({EVENT}, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE <unfinished \.\.\.>$",
    # The thread that it wakes may make its next call before this one is at its end.
    rf"zx_object_signal\({EVENT}, 0, ZX_EVENT_SIGNALED( <unfinished \.\.\.>|\) = ZX_OK <.*>)$",
    r"zx_thread_exit\(\) = \?$",
    r"^\[\d+\] \+\+\+ process ends with 0 \+\+\+$",
)


def lines_of(outcome):
    return outcome.stderr.decode(errors="replace").splitlines()


def in_order(patterns):
    """A check that lines with the patterns come in that order, whatever is between them."""
    def check(outcome):
        lines = iter(lines_of(outcome))
        for pattern in patterns:
            if not any(re.search(pattern, line) for line in lines):
                return f"expected, after the lines before it, one with /{pattern}/"
        return ""
    return check


def all_whole(outcome):
    """A check that every line is one of a trace, from its beginning to its end."""
    for line in lines_of(outcome):
        if not LINE.match(line) or not TIME.search(line):
            return f"expected a whole line of a trace, got {line!r}"
    return "" if lines_of(outcome) else "expected a trace"


def times_grow(outcome):
    """A check that every line has a time, those of a thread in their order."""
    last = {}
    for line in lines_of(outcome):
        found = re.match(r"(\[[\d:]+\]) (\d+\.\d{6}) (zx_|<\.\.\. zx_|\+\+\+ )", line)
        if not found:
            return f"expected a line with a time, got {line!r}"
        who, when = found.group(1), float(found.group(2))
        if when < last.get(who, 0):
            return f"expected one not before {last[who]}, got {line!r}"
        last[who] = when
    return "" if last else "expected a trace"


def only(pattern):
    """A check that all calls shown are of that kind."""
    def check(outcome):
        calls = [line for line in lines_of(outcome) if "zx_" in line]
        wrong = [line for line in calls if not re.search(pattern, line)]
        if wrong or not calls:
            return f"expected calls with /{pattern}/ alone, got {wrong[:1]}"
        return ""
    return check


def until_seen(path, text, seconds=30):
    """Waits until a file holds a text; the test fails by what comes next if it never does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                if text in file.read():
                    return
        except OSError:
            pass
        time.sleep(0.02)


class Hanging:
    """A program that sleeps: what it does must be seen in the file while it does it."""

    def __init__(self, end, wanted):
        self.end = end
        self.wanted = wanted
        self.path = ""

    def setup(self, context):
        self.path = context.file("trace")

    def driver(self, running):
        until_seen(self.path, "zx_nanosleep(ZX_TIME_INFINITE")
        self.end(running)

    def check(self, _outcome):
        with open(self.path, encoding="utf-8") as file:
            text = file.read()
        for wanted in (r"zx_nanosleep\(ZX_TIME_INFINITE <unfinished \.\.\.>$", *self.wanted):
            if not re.search(wanted, text, re.M):
                return f"expected a trace with /{wanted}/, got its end {text[-400:]!r}"
        return ""


def end_zxrun(running):
    running.send_signal(signal.SIGTERM)


def kill_program(running):
    """Has Linux kill the program, not zxrun."""
    with open(f"/proc/{running.pid}/task/{running.pid}/children", encoding="ascii") as file:
        for child in file.read().split():
            os.kill(int(child), signal.SIGKILL)


def hanging(name, end, *wanted, **fields):
    state = Hanging(end, wanted)
    return Case(f"trace/{name}", "{bins}/sleep-forever",
                options=("--trace", "--stats", "-o", "{work}/trace"), setup=state.setup,
                driver=state.driver, check=state.check, stdout=("sleeping\n",), **fields)


def refused(name, options, stderr):
    return Case(f"trace/{name}", "{bins}/hello", options=options, status=125, exact=b"",
                stderr=("zxrun: ", *stderr), stderr_lines=1)


TRACES = [
    Case("trace/calls", "{bins}/traced", options=("--trace",), check=in_order(TRACED),
         stdout=("ok threads\n",)),
    Case("trace/whole-lines", "{bins}/processes", options=("--trace", "-o", "trace"),
         prefix=TO_FILE, check=all_whole, skip=files_are_few),
    Case("trace/output-is-the-programs", "{bins}/hello",
         options=("--trace", "--stats", "-o", "/dev/null"), stdout=("Hello from a",),
         stderr_lines=0),
    Case("trace/filter", "{bins}/traced", options=("--trace=channel_*,zx_event_create,!*_read",),
         check=only(r"zx_(channel_(create|write)|event_create)\("), not_stderr=("channel_read",)),
    Case("trace/category", "{bins}/traced", options=("--trace=%memory",),
         check=only(r"zx_(vmo|vmar)_")),
    Case("trace/failed", "{bins}/traced", options=("--trace=%failed",),
         check=only(r" = ZX_ERR_\w+ <"), stderr=("ZX_ERR_BUFFER_TOO_SMALL", "ZX_ERR_TIMED_OUT")),
    Case("trace/succeeded", "{bins}/traced", options=("--trace=!%failed,channel_*",),
         check=only(r"zx_channel_.* = ZX_OK <")),
    Case("trace/size", "{bins}/traced", options=("--trace=vmo_*,channel_write", "-s", "4"),
         stderr=('"a \\"b"...', '"\\0\\0\\0\\0"..., 0, 100')),
    Case("trace/times", "{bins}/traced", options=("--trace", "-t"), check=times_grow),
    Case("trace/of-2018", "{bins}/calls-2018", args=("2018-07",),
         options=("--trace", "--era=2018-07"), not_stderr=INTERNAL,
         stderr=("as of 2018-07", "zx_socket_create(ZX_SOCKET_HAS_CONTROL, [",
                 "zx_vmo_create(4096, ZX_VMO_NON_RESIZABLE, [")),
    Case("trace/crash", "{bins}/crash-null", options=("--trace", "--stats"), status=134,
         check=in_order((r"^\[\d+:\d+\] --- ZX_EXCP_FATAL_PAGE_FAULT at 0x[0-9a-f]+, address 0 ---$",
                         r"^zxrun: unhandled exception", r"\+\+\+ process ends with -\d+ \+\+\+$",
                         r"^% time", r" total$"))),
    Case("trace/policy", "{bins}/crash-policy", options=("--trace",), status=134,
         stderr=(re.compile(r"^\[\d+:\d+\] --- ZX_EXCP_POLICY_ERROR, "
                            r"ZX_EXCP_POLICY_CODE_NEW_EVENT at 0x[0-9a-f]+ ---$", re.M),)),
    Case("trace/exceptions-handled", "{bins}/exception-resume", options=("--trace",),
         check=in_order((r"^\[\d+:\d+\] --- ZX_EXCP_FATAL_PAGE_FAULT at 0x\w+, address 0x\w+ ---$",
                         r"^\[\d+:\d+\] --- ZX_EXCP_SW_BREAKPOINT at 0x[0-9a-f]+ ---$",
                         r"^\[\d+:\d+\] --- goes on after the exception ---$",
                         r"\+\+\+ process ends with 0 \+\+\+$"))),
    hanging("while-it-hangs", end_zxrun, r"^% time", r"zx_nanosleep$",
            status=128 + signal.SIGTERM, stderr_lines=0),
    hanging("killed-by-linux", kill_program,
            r"^\[\d+\] \+\+\+ process was killed by Linux signal 9 \+\+\+$", status=None),
    Case("trace/stats", "{bins}/traced", options=("--stats",),
         stderr=(TABLE, re.compile(r"^ *\d+\.\d\d +\d+\.\d{6} +\d+\.\d{3} +3 +1 zx_channel_read$",
                                   re.M), re.compile(r" zx_process_exit$", re.M),
                 re.compile(r"^100\.00 .* total$", re.M)),
         not_stderr=("zx_channel_read(", "+++")),
    Case("trace/stats-filtered", "{bins}/traced", options=("--trace=channel_*", "--stats"),
         stderr=(re.compile(r" zx_channel_read$", re.M), "zx_channel_read("),
         not_stderr=("zx_event_create",)),
    # The program goes on; that the trace is lost is said once.
    Case("trace/full-device", "{bins}/traced", options=("--trace", "-o", "/dev/full"),
         stdout=("ok threads\n",), stderr_lines=1,
         stderr=("zxrun: /dev/full: No space left on device; the rest of the trace is lost\n",)),
    Case("trace/nobody-reads", "{bins}/traced", options=("--trace",), stderr_lines=0,
         prefix=("sh", "-c", 'exec "$@" 2>&-', "sh"), stdout=("ok threads\n",)),
    # It may end in any way; zxrun stays up.
    *(Case(f"trace/hostile-slots-{i}", "{bins}/hostile-slots", status=None, not_stderr=INTERNAL,
           options=("--trace", "--stats", "-o", "/dev/null")) for i in range(2)),
    Case("trace/random-calls", "{bins}/fuzz-calls", args=("--rounds=2",), timeout=180,
         options=("--trace", "--stats", "-o", "/dev/null"), stdout=("calls succeeded\n",),
         not_stderr=(*INTERNAL, "FAIL")),
    refused("no-such-call", ("--trace=chanel_*",), ("--trace: no call is meant by 'chanel_*'",)),
    refused("empty-filter", ("--trace=",), ("empty part",)),
    refused("no-such-folder", ("--trace", "-o", "{work}/no/file"),
            ("the trace cannot be written to", "no/file: No such file or directory")),
    refused("folder-as-output", ("--stats", "--output", "{work}"), ("Is a directory",)),
    refused("output-of-nothing", ("-o", "{work}/trace"), ("-o is for --trace and --stats",)),
    refused("size-of-nothing", ("-s", "5"), ("--trace-size is for --trace",)),
    refused("times-of-nothing", ("-t",), ("--trace-times is for --trace",)),
    refused("size-too-large", ("--trace", "-s", "9999999"), ("--trace-size '9999999'",)),
    refused("size-no-number", ("--trace", "--trace-size=many"), ("--trace-size 'many'",)),
]
