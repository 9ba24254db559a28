"""
The table of whole-program tests: one Case per run of zxrun (its fields: tests/runner/program.py).

Programs that check things themselves print "FAIL file:line ..." and return 1; that is looked for
in every case, as is anything left running or lying about.
"""

import contextlib
import os
import re
import signal
import time

from runner.files import (SDK_LIB, changed_elf, empty_file, folder_as_library, lonely_program,
                          package, shared_folder, text_file, unreadable_file, write_program)
from runner.kvm import kvm_is_missing
from runner.limits import files_are_few
from runner.program import Case, checked

# --- Why a case cannot be run ---

def root_reads_everything(_context):
    return "root can read any file" if os.geteuid() == 0 else ""


def rust_is_missing(context):
    """Why there is no program in Rust, or nothing."""
    if os.path.exists(context.bin("rust-hello")):
        return ""
    return "there is no rustc, or no rust-src to build core from"


# --- Checks of what came out ---

def is_flood(outcome):
    expected = b"".join(b"%063d\n" % line for line in range(8 * 1024 * 1024 // 64))
    if outcome.stdout == expected:
        return ""
    place = next((i for i, (a, b) in enumerate(zip(outcome.stdout, expected)) if a != b),
                 min(len(outcome.stdout), len(expected)))
    return (f"expected {len(expected)} bytes of numbered lines,"
            f" got {len(outcome.stdout)}, wrong from byte {place}")


def fits_a_screen(outcome):
    lines = outcome.stdout.decode(errors="replace").splitlines()
    wide = [line for line in lines if len(line) > 80]
    if len(lines) > 24 or wide:
        return f"expected 24 lines of 80 columns, got {len(lines)} lines, {len(wide)} wider"
    return ""


# --- Drivers: what is done while the program runs ---

def signal_when_asleep(number):
    def driver(running):
        running.wait_for_output(b"sleeping")
        running.send_signal(number)
    return driver


def read_late(running):
    """Leaves the pipe full for a while."""
    time.sleep(1.0)
    running.collect(running.popen.stdout, running._stdout)


def close_reader(running):
    """Reads a little and goes away, as `head` does."""
    os.read(running.popen.stdout.fileno(), 100)
    running.popen.stdout.close()


def feed_slowly(running):
    for word in (b"one ", b"two ", b"three\n"):
        running.popen.stdin.write(word)
        running.popen.stdin.flush()
        time.sleep(0.2)
    running.popen.stdin.close()


def child_affinities(pid):
    """What the threads of a process's children may run on."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                if int(file.read().rpartition(")")[2].split()[1]) != pid:
                    continue
            for tid in os.listdir(f"/proc/{name}/task"):
                yield os.sched_getaffinity(int(tid))
        except (FileNotFoundError, ProcessLookupError):
            pass


def one_thread_is_bound():
    """A driver and a check: one thread is bound to the first processor, the others are free."""
    seen = []

    def driver(running):
        running.wait_for_output(b"sleeping")
        seen[:] = child_affinities(running.popen.pid)

    def check(_outcome):
        every = os.sched_getaffinity(0)
        bound = [cpus for cpus in seen if cpus == {min(every)}]
        free = [cpus for cpus in seen if cpus == every]
        if len(every) == 1 or (len(bound) == 1 and len(free) == len(seen) - 1 >= 2):
            return ""
        return f"expected one thread of several on processor {min(every)}, saw {seen}"

    return {"driver": driver, "check": check}


# --- Programs that check themselves ---

CHECKED = [checked(name) for name in (
    "breakpoint", "channel", "channel-call", "clock-mapped", "clock-object", "clocks", "counter",
    "cow", "cxx", "event", "exception-races", "exception-resume", "exception-tasks", "exceptions",
    "fifo", "futex", "handle-cycle", "handles", "interrupt", "iob", "job", "kernel-pointer",
    "linux-doors", "membarrier", "pager", "pager-dirty", "port", "process", "random", "socket",
    "state-races", "step", "stream", "suspend", "suspend-calls", "suspend-inside",
    "suspend-pager", "thread", "thread-state", "timer", "unseen", "vector-state", "vmar", "vmo")]
CHECKED.append(checked("processes", skip=files_are_few))

# The first program of a booted system, in both forms that it had.
ROOT = [
    checked("root-resource", options=("--root-resource",)),
    Case("programs/root-resource-2020", "{bins}/root-resource",
         options=("--root-resource", "--era=2020-07"), stdout=(re.compile(r"^ok \w+", re.M),)),
    checked("profile", options=("--root-resource",)),
    Case("programs/profile-2020", "{bins}/profile", args=("sleep",),
         options=("--root-resource", "--era=2020-07"), stdout=(re.compile(r"^ok \w+", re.M),),
         **one_thread_is_bound())]

# Guests, where the machine can run them.
GUESTS = [
    checked("guest", options=("--root-resource",), timeout=120,
            skip=lambda context: kvm_is_missing(context) or files_are_few(context)),
    checked("vcpu", options=("--root-resource",), timeout=120, skip=kvm_is_missing),
    Case("programs/guest-endless", "{bins}/guest-endless", options=("--root-resource",), status=17,
         skip=kvm_is_missing)]

RECORD = r"^\[\d{5}\.\d{6}\] \d{5}:\d{5}> "

PROGRAMS = [
    Case("programs/hello", "{bins}/hello", args=("one", "two words"), stdout=(
        "Hello from a Fuchsia program.\n", "argument 0: ", "argument 1: one\n",
        "argument 2: two words\n", re.compile(r"process +koid \d+"),
        re.compile(r'named "initial-thread"'), re.compile(r"clock +\d+\.\d{6} s")), stderr_lines=0),
    Case("programs/args-env", "{bins}/args-env", args=("", "a b", "--help", "ä"),
         options=("--env", "FIRST=1", "--env", "EMPTY=", "--env", "EQUALS=a=b"),
         env={"HOST_ONLY": "1"},
         stdout=("argument 1 []\n", "argument 2 [a b]\n", "argument 3 [--help]\n",
                 "argument 4 [ä]\n", "environment [FIRST=1]\n", "environment [EMPTY=]\n",
                 "environment [EQUALS=a=b]\n", "[/tmp]", "handle type 0x01 ",
                 "handle type 0x04 ", "handle type 0x11 "),
         not_stdout=("FAIL", "HOST_ONLY")),
    Case("programs/env-last-wins", "{bins}/args-env", options=("--env", "A=1", "--env", "A=2"),
         stdout=("environment [A=2]\n",), not_stdout=("A=1",)),
    Case("programs/many-arguments", "{bins}/args-env",
         args=tuple(f"argument-{i}" for i in range(1000)),
         stdout=("argument 1000 [argument-999]\n",)),
    *(Case(f"exit/{code}", "{bins}/exit-code", args=(str(code),), status=status, exact=b"",
           stderr=(str(code),) if status != code else ())
      for code, status in ((0, 0), (1, 1), (7, 7), (125, 125), (255, 255), (-1, 255), (256, 0),
                           (4096 + 3, 3))),
    Case("exit/last-thread", "{bins}/last-thread", stdout=("the first thread has ended\n",)),
    Case("programs/debuglog", "{bins}/debuglog", stderr=(
        re.compile(RECORD + "a record of the log$", re.M),
        re.compile(RECORD + "two lines.in a record$", re.M),
        "written to the debug port")),
]

RUST = [
    Case("rust/hello", "{bins}/rust-hello", status=42, skip=rust_is_missing, stderr_lines=0,
         stdout=("the ends of the channel know each other\n",
                 'received "a message with a handle" and an event\n',
                 re.compile(r"^up for \d+ s$", re.M), "a deadline passed, a signal came\n",
                 "the first of two objects was ready\n",
                 "no handle: ZX_ERR_BAD_HANDLE, no status: status -1000\n")),
    Case("rust/index-in-bounds", "{bins}/rust-panic", status=3, skip=rust_is_missing,
         exact=b"about to look at prime 1\n", stderr_lines=0),
    Case("rust/panic", "{bins}/rust-panic", args=("a", "b"), status=101, skip=rust_is_missing,
         exact=b"about to look at prime 3\n",
         stderr=("the len is 3 but the index is 3", re.compile(r"rust-panic\.rs:\d+:\d+"))),
]

# --- Programs of their time ---

ERAS = [
    Case("eras/2018-12-found", "{bins}/calls-2018", stdout=("ok clocks", "ok tasks")),
    Case("eras/2018-12-said", "{bins}/calls-2018", options=("--era=2018-12",),
         stdout=("ok clocks", "ok tasks")),
    Case("eras/2018-07-suspend", "{bins}/suspend-2018", options=("--era=2018-07",),
         stdout=("ok pairs", "ok wild_jump", "ok wild_starts", "ok errors")),
    Case("eras/2018-10-suspend", "{bins}/suspend-2018", args=("2018-10",),
         options=("--era=2018-10",), stdout=("ok october",)),
    Case("programs/task-races-2020", "{bins}/task-races", options=("--era=2020-07",),
         stdout=("ok all_kinds",)),
    Case("programs/suspend-2020", "{bins}/suspend", args=("kill",), options=("--era=2020-07",),
         stdout=("ok killed_while_suspended", "ok each_other")),
    Case("programs/suspend-calls-2020", "{bins}/suspend-calls", options=("--era=2020-07",),
         stdout=("ok channel_call", "ok interrupt_wait")),
    Case("eras/2018-07-root", "{bins}/root-2018", args=("2018-07",),
         options=("--root-resource", "--era=2018-07"),
         stdout=("ok ranges_with_both_ends", "ok profiles", "ok interrupts")),
    Case("eras/2018-10-root", "{bins}/root-2018", options=("--root-resource", "--era=2018-10"),
         stdout=("ok ranges_with_names", "ok profiles", "ok interrupts")),
    Case("eras/2019-01-root", "{bins}/root-2018", options=("--root-resource", "--era=2019-01"),
         stdout=("ok ranges_with_names", "ok profiles", "ok interrupts")),
    *(Case(f"eras/exceptions-{date}", "{bins}/exceptions-2018", args=(date,),
           options=(f"--era={date}",),
           stdout=("ok answers", "ok binding", "ok page_fault", "ok order", "ok starts_and_ends"))
      for date in ("2018-07", "2018-10", "2018-12", "2019-01")),
    *(Case(f"eras/exception-races-{date}", "{bins}/exception-races-2018", args=(date,),
           options=(f"--era={date}",), stdout=("ok races",)) for date in ("2018-07", "2019-01")),
    Case("eras/2018-07", "{bins}/calls-2018", args=("2018-07",), options=("--era=2018-07",),
         stdout=("ok futexes", "ok socket_disabled_late", "ok unsigned_times")),
    # Starting, and what all programs do, goes by the same rules at every date.
    *(Case(f"eras/hello-{date}", "{bins}/hello", options=(f"--era={date}",), stdout=("Hello",))
      for date in ("2018-07", "2018-10", "2018-12", "2019-01", "2020-07", "2021-01", "newest")),
]

# --- Standard streams ---

BROKEN_STDERR = ("python3", "-c", """
import os, signal, sys
reader, writer = os.pipe()
os.close(reader)
os.dup2(writer, 2)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])
""")

STREAMS = [
    Case("streams/cat", "{bins}/stdin-cat", stdin=b"some text\n", exact=b"some text\n"),
    Case("streams/cat-empty", "{bins}/stdin-cat", exact=b""),
    Case("streams/cat-binary", "{bins}/stdin-cat", stdin=bytes(range(256)) * 8192,
         exact=bytes(range(256)) * 8192, not_stdout=()),
    Case("streams/cat-slow-input", "{bins}/stdin-cat", stdin=None, driver=feed_slowly,
         exact=b"one two three\n"),
    Case("streams/cat-file", "{bins}/stdin-cat", prefix=("sh", "-c", 'exec "$@" <host/seen', "sh"),
         setup=shared_folder, exact=b"from the host\n"),
    Case("streams/input-not-read", "{bins}/hello", stdin=b"x" * 1000000, stdout=("Hello",)),
    Case("streams/flood", "{bins}/stdout-flood", check=is_flood),
    Case("streams/flood-read-late", "{bins}/stdout-flood", driver=read_late, pipe_stdout=False,
         check=is_flood),
    Case("streams/flood-to-file", "{bins}/stdout-flood",
         prefix=("sh", "-c", '"$@" >out && cat out', "sh"), check=is_flood),
    Case("streams/reader-goes-away", "{bins}/stdout-flood", driver=close_reader, pipe_stdout=False,
         status=1),
    Case("streams/stdout-closed", "{bins}/hello", prefix=("sh", "-c", 'exec "$@" >&-', "sh")),
    Case("streams/all-closed", "{bins}/hello", prefix=("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")),
    # zxrun has something to say about this code, and nobody to say it to.
    Case("streams/stderr-reader-gone", "{bins}/exit-code", args=("300",), status=300 & 0xff,
         prefix=BROKEN_STDERR, exact=b"", stderr_lines=0),
    Case("streams/one-file-for-both", "{bins}/stdout-flood",
         prefix=("sh", "-c", 'exec "$@" 2>&1', "sh"), check=is_flood),
]

# --- The interpreter and libraries ---

LIBRARIES = [
    Case("interpreter/2020", "{bins}/hello-dyn", args=("x",), options=SDK_LIB,
         stdout=("Hello from a program with an interpreter.\n", "argument 1: x\n", "ok handles")),
    Case("interpreter/2018", "{bins}/hello-dyn", options=("--lib", "{bins}/lib-2018"),
         stdout=("Hello from a program with an interpreter.\n", "ok handles")),
    Case("interpreter/library-missing", "{bins}/missing-lib", options=SDK_LIB, status=127,
         stderr=("libabsent.so",), not_stdout=("must not get here",)),
    Case("interpreter/symbol-missing", "{bins}/missing-symbol", options=SDK_LIB, status=127,
         stderr=("absent_function",), not_stdout=("must not get here",)),
    Case("interpreter/library-unreadable", "{bins}/hello-dyn", setup=folder_as_library,
         options=("--lib", "{work}/lib", *SDK_LIB), status=127, not_stdout=("Hello",),
         stderr=(re.compile(r"^zxrun: library libgreet\.so is .*/lib/libgreet\.so, which cannot "
                            r"be read: ZX_ERR_WRONG_TYPE$", re.M),)),
    Case("interpreter/libraries-named", "{bins}/hello-dyn", options=("-v", *SDK_LIB),
         stdout=("Hello",), stderr=(re.compile(r"^zxrun: library libgreet\.so is .*/lib/libgreet\.so$", re.M),)),
    Case("interpreter/missing", "{work}/bad", setup=lonely_program, status=127,
         stderr=("ld.so.1",), exact=b""),
    Case("interpreter/not-elf", "{work}/bad", status=126, exact=b"", stderr=("ld.so.1",),
         setup=lambda context: (lonely_program(context),
                                write_program(context.file("ld.so.1"), b"not an interpreter"))),
]

LAUNCHED = ("ok launching", "ok creating", "ok with_interpreter", "ok silent_loader",
            "Hello from a program with an interpreter.\n", "argument 1: launched\n")

LAUNCHER = [
    Case("launcher/2020", "{bins}/launcher", options=("--map", "{bins}:/program:ro"),
         stdout=LAUNCHED),
    Case("launcher/2018", "{bins}/launcher-2018", stdout=LAUNCHED,
         options=("--map", "{bins}:/program:ro", "--era=2018-12")),
]

# --- Debugging ---

DEBUGGED = ("ok stepping", "ok modules", "ok crash")
CRASH_REPORT = ("fatal page fault: write of address 0x0", "crash-null+")

DEBUGGER = [
    Case("debugger/2020", "{bins}/debugger", options=("--map", "{bins}:/program:ro"),
         stdout=DEBUGGED, stderr=CRASH_REPORT),
    Case("debugger/2018", "{bins}/debugger-2018", stdout=DEBUGGED, stderr=CRASH_REPORT,
         options=("--map", "{bins}:/program:ro", "--era=2018-12")),
]

# --- Files ---

FILES = [
    Case("files/fuchsia-io-2020", "{bins}/fidl-open", options=("--pkg", "{work}/pkg"),
         setup=package, stdout=("ok contents", "ok package")),
    Case("files/fuchsia-io-2018", "{bins}/fidl-open-2018",
         options=("--pkg", "{work}/pkg", "--era=2018-12"), setup=package,
         stdout=("ok contents", "ok package")),
    Case("files/fuchsia-io-2018-10", "{bins}/fidl-open-2018-10",
         options=("--pkg", "{work}/pkg", "--era=2018-10"), setup=package,
         stdout=("ok contents", "ok package")),
    Case("files/host-folder-as-tmp", "{bins}/fidl-open", options=("--map", "{work}/host:/tmp"),
         setup=shared_folder, stdout=("ok contents", "ok names")),
    Case("files/mapped-name", "{bins}/args-env", options=("--map", "{work}/host:/data:ro"),
         setup=shared_folder, stdout=("[/data]",)),
]

# --- Wrong use, and files that are no Fuchsia programs ---

def refused(name, status, stderr, program="{work}/bad", **fields):
    """zxrun says in one line what is wrong, and runs nothing."""
    return Case(f"refused/{name}", program, status=status, exact=b"", stderr_lines=1,
                stderr=("zxrun: ", *stderr), **fields)


REFUSED = [
    refused("missing", 127, ("bad",)),
    refused("folder", 126, ("work",), program="{work}/work",
            setup=lambda context: os.mkdir(context.file("work"))),
    refused("text", 126, ("bad",), setup=text_file),
    refused("empty", 126, ("bad",), setup=empty_file),
    refused("unreadable", 126, ("bad",), setup=unreadable_file, skip=root_reads_everything),
    refused("32-bit", 126, ("bad", "32"), setup=changed_elf({4: b"\x01"})),
    refused("big-endian", 126, ("bad",), setup=changed_elf({5: b"\x02"})),
    refused("other-machine", 126, ("bad",), setup=changed_elf({18: b"\xb7\x00"})),
    refused("fixed-address", 126, ("bad",), setup=changed_elf({16: b"\x02\x00"})),
    refused("linux-program", 126, ("Linux",), program="/bin/true"),
    refused("truncated-header", 126, ("bad",), setup=changed_elf({}, size=40)),
    refused("truncated-headers", 126, ("bad",), setup=changed_elf({}, size=100)),
    refused("truncated-segments", 126, ("bad",), setup=changed_elf({}, size=3000)),
    refused("no-program", 125, (), program=None),
    refused("unknown-option", 125, ("--what",), program=None, options=("--what",)),
    refused("option-without-value", 125, ("--lib",), program=None, options=("--lib",)),
    refused("map-without-colon", 125, ("--map",), program="{bins}/hello",
            options=("--map", "/tmp")),
    refused("map-of-nothing", 125, ("nowhere",), program="{bins}/hello",
            options=("--map", "{work}/nowhere:/data")),
    refused("map-relative", 125, ("data",), program="{bins}/hello",
            options=("--map", "{work}:data")),
    refused("env-without-equals", 125, ("--env",), program="{bins}/hello",
            options=("--env", "NAME")),
    refused("unknown-era", 125, ("era",), program="{bins}/hello", options=("--era=soon",)),
    refused("pkg-missing", 125, ("nowhere",), program="{bins}/hello",
            options=("--pkg", "{work}/nowhere")),
]

COMMAND_LINE = [
    Case("command-line/help", None, options=("--help",),
         stdout=("zxrun [OPTION]", "--map", "--lib"), check=fits_a_screen, stderr_lines=0),
    Case("command-line/version", None, options=("--version",), stdout=(re.compile(r"\d+\.\d+"),),
         stderr_lines=0),
    Case("command-line/verbose", "{bins}/hello", options=("-v",), stdout=("Hello",),
         stderr=("hello",)),
    Case("command-line/options-end", "{bins}/args-env", args=("-v", "--map"),
         stdout=("argument 1 [-v]\n", "argument 2 [--map]\n"), stderr_lines=0),
]

def children_of(running):
    with open(f"/proc/{running.pid}/task/{running.pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


def signal_program(*numbers):
    """To the Linux process behind a program, which knows nothing of signals."""
    def driver(running):
        running.wait_for_output(b"sleeping")
        for number in numbers:
            time.sleep(0.05)
            for child in children_of(running):
                os.kill(child, number)
    return driver


def state_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rpartition(")")[2].split()[0]


def end_if_whole(running):
    """Signals that mean nothing leave all threads, also the one that Linux gives them to first."""
    signal_program(signal.SIGSTOP, signal.SIGCONT, signal.SIGUSR1, signal.SIGUSR2)(running)
    time.sleep(0.2)
    states = [state_of(child) for child in children_of(running)]
    # The exit status tells which it was.
    running.send_signal(signal.SIGINT if states == ["S"] else signal.SIGKILL)


# As a shell does, which is there to have what it started go on.
AS_A_JOB = """
import subprocess, sys
sys.exit(subprocess.Popen(sys.argv[1:], process_group=0).wait() % 256)
"""


def await_states(pids, state):
    """True once all are in it."""
    for _ in range(500):
        if all(state_of(pid) == state for pid in pids):
            return True
        time.sleep(0.02)
    return False


def stop_at_terminal(running):
    """^Z and fg: programs stand still with zxrun, and go on with it."""
    running.wait_for_output(b"sleeping")
    zxrun = children_of(running)[0]
    with open(f"/proc/{zxrun}/task/{zxrun}/children", encoding="ascii") as file:
        processes = [zxrun, *map(int, file.read().split())]
    os.kill(zxrun, signal.SIGTSTP)
    good = len(processes) == 2 and await_states(processes, "T")
    os.kill(zxrun, signal.SIGCONT)
    good = await_states(processes, "S") and good
    # The exit status tells which it was.
    os.kill(zxrun, signal.SIGINT if good else signal.SIGKILL)


def stop_and_continue(running):
    """While its threads suspend each other, and wait."""
    running.wait_for_output(b"ok busy")
    for _ in range(20):
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for child in children_of(running):
                # Some are made for one part only, or all of it is over by now.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, number)
            time.sleep(0.02)


def end_if_first(running):
    """Where memory runs out Linux is to end a program, and not zxrun."""
    running.wait_for_output(b"sleeping")
    scores = []
    for child in children_of(running):
        with open(f"/proc/{child}/oom_score_adj", encoding="ascii") as file:
            scores.append(int(file.read()))
    # The exit status tells which it was.
    running.send_signal(signal.SIGINT if scores == [1000] else signal.SIGKILL)


# --- Being ended from outside ---

SIGNALS = [
    Case("signals/interrupt", "{bins}/sleep-forever", driver=signal_when_asleep(signal.SIGINT),
         stdout=("sleeping\n",), status=128 + signal.SIGINT),
    Case("signals/terminate", "{bins}/sleep-forever", driver=signal_when_asleep(signal.SIGTERM),
         stdout=("sleeping\n",), status=128 + signal.SIGTERM),
    *(Case(f"signals/program-{name}", "{bins}/sleep-forever",
           driver=signal_program(signal.SIGSTOP, signal.SIGCONT, signal.SIGUSR1, signal.SIGUSR2,
                                 number),
           stdout=("sleeping\n",), status=255,
           stderr=(re.compile(rf"sleep-forever \(\d+\) was killed by Linux signal {int(number)}$",
                              re.M), "returned -1024"))
      for name, number in (("terminated", signal.SIGTERM), ("killed", signal.SIGKILL),
                           # A fault of nobody's: no exception.
                           ("faulted", signal.SIGSEGV), ("trapped", signal.SIGTRAP))),
    Case("signals/program-unmoved", "{bins}/sleep-forever", driver=end_if_whole,
         stdout=("sleeping\n",), status=128 + signal.SIGINT),
    Case("signals/stop-at-terminal", "{bins}/sleep-forever", driver=stop_at_terminal,
         prefix=("python3", "-c", AS_A_JOB), stdout=("sleeping\n",), status=128 + signal.SIGINT),
    Case("signals/stop-and-continue", "{bins}/suspend", driver=stop_and_continue,
         stdout=("ok in_the_middle_of_calls", "ok owner_of_the_token_ends")),
    Case("signals/out-of-memory-first", "{bins}/sleep-forever", driver=end_if_first,
         stdout=("sleeping\n",), status=128 + signal.SIGINT),
    # Nothing can be tidied up; the program must end all the same.
    Case("signals/kill", "{bins}/sleep-forever", driver=signal_when_asleep(signal.SIGKILL),
         stdout=("sleeping\n",), status=-signal.SIGKILL),
]

CASES = [*CHECKED, *ROOT, *GUESTS, *PROGRAMS, *RUST, *ERAS, *STREAMS, *LIBRARIES, *LAUNCHER,
         *DEBUGGER, *FILES, *REFUSED, *COMMAND_LINE, *SIGNALS]
