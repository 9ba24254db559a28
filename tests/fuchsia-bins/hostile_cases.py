"""
Whole-program tests of hostile programs, and of systems that grant too little: one Case per run of
zxrun, as in cases.py.
"""

import os
import re
import time

from runner.files import package
from runner.kvm import kvm_is_missing
from runner.limits import files_are_few
from runner.program import Case, checked

# --- Drivers ---

def resident_kib(pid):
    """The memory that a process has; 0 once it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            found = re.search(r"^VmRSS:\s+(\d+) kB", file.read(), re.M)
    except OSError:
        return 0
    return int(found.group(1)) if found else 0


def open_files(pid):
    """How many descriptors a process has; 0 once it is gone."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


class SupervisorMemory:
    """Watches zxrun itself while its programs do what they want: a driver, and a check."""

    MOST_KIB = 256 * 1024

    def __init__(self):
        self.peak = 0

    def driver(self, running):
        while running.popen.poll() is None:
            self.peak = max(self.peak, resident_kib(running.pid))
            time.sleep(0.1)

    def check(self, _outcome):
        if 0 < self.peak <= self.MOST_KIB:
            return ""
        return f"expected zxrun to take at most {self.MOST_KIB} KiB, took {self.peak}"


class MemoryAfterLoad:
    """The driver of load: memory must be back once all is closed."""

    MARKS = ("begin", "handles", "handles closed", "channels", "channels closed", "messages",
             "processes", "end")
    PERCENT = 5
    SETTLE_SECONDS = 5.0

    def __init__(self):
        self.seen = {}

    def limit(self):
        return self.seen["begin"] * (100 + self.PERCENT) // 100

    def settled(self, pid, mark):
        """The memory at a mark, at the last one when it is back where it was."""
        if mark == "begin":
            time.sleep(1.5)
        end = time.monotonic() + self.SETTLE_SECONDS
        kib = resident_kib(pid)
        while mark == "end" and kib > self.limit() and time.monotonic() < end:
            time.sleep(0.1)
            kib = resident_kib(pid)
        return kib

    def driver(self, running):
        for mark in self.MARKS:
            # A million messages take their time on a machine with other things to do.
            if not running.wait_for_output(f"at {mark}\n".encode(), 120):
                return
            self.seen[mark] = self.settled(running.pid, mark)
            running.popen.stdin.write(b".")
            running.popen.stdin.flush()
        running.popen.stdin.close()

    def check(self, _outcome):
        if "end" in self.seen and self.seen["end"] <= self.limit():
            return ""
        return f"expected memory to be back within {self.PERCENT} %, took (KiB) {self.seen}"


class FlatDuringFaults(MemoryAfterLoad):
    """The driver of faults: neither memory nor descriptors are left behind."""

    MARKS = ("begin", "end")

    def __init__(self):
        super().__init__()
        self.files = {}

    def settled(self, pid, mark):
        kib = super().settled(pid, mark)
        end = time.monotonic() + self.SETTLE_SECONDS
        self.files[mark] = open_files(pid)
        while self.files[mark] != self.files["begin"] and time.monotonic() < end:
            time.sleep(0.1)
            self.files[mark] = open_files(pid)
        return kib

    def check(self, outcome):
        if len(set(self.files.values())) > 1:
            return f"expected as many files open as before, saw {self.files}"
        return super().check(outcome)


# --- Hostile programs ---

INTERNAL = ("internal error", "Sanitizer", "runtime error")


def inherited_file(number):
    """zxrun is started with a file open that is not for its programs."""
    return ("sh", "-c", f'exec "$@" {number}<>inherited', "sh")


HOSTILE = [
    checked("hostile-flags"),
    checked("hostile-threads", options=("--era=2018-12",), not_stderr=INTERNAL),
    checked("hostile-many"),
    # It may end in any way; zxrun stays up, and nothing hangs.
    *(Case(f"hostile/slots-{i}", "{bins}/hostile-slots", status=None, stdout=("seed",),
           not_stderr=INTERNAL) for i in range(3)),
    Case("hostile/policy-evaded", "{bins}/hostile-policy", status=134,
         not_stdout=("without end",), stderr=("too many unread messages in a channel",)),
    Case("hostile/forged-answers", "{bins}/hostile-shim", args=("answers",), stdout=("ok answers",)),
    Case("hostile/inherited-files", "{bins}/hostile-shim", args=("files",), stdout=("ok files",),
         prefix=inherited_file(9)),
    Case("hostile/read-only-memory", "{bins}/hostile-shim", args=("steal",), stdout=("ok steal",)),
    *(Case(f"hostile/{name}", "{bins}/hostile-shim", args=(name,), status=255,
           stderr=("broke its system call layer",)) for name in ("mute", "mute-sharer")),
    # Linux numbers: open, socket, execve, kill, ptrace, and one of x32.
    *(Case(f"hostile/linux-call-{number}", "{bins}/hostile-shim", args=("call", str(number)),
           status=134, stdout=("about to make call",), stderr=("exception",))
      for number in (2, 41, 59, 62, 101, 0x40000000 + 9)),
]

def random_calls(name, part, *options, args=()):
    """As long as the other fuzzers in all; with another seed each time, which the output says."""
    seconds = max(int(os.environ.get("FUZZ_SECONDS", "60")) * part // 100, 1)
    memory = SupervisorMemory()
    return Case(f"hostile/{name}", "{bins}/fuzz-calls", args=(f"--seconds={seconds}", *args),
                options=("--pkg", "{work}/pkg", *options), setup=package, timeout=seconds + 120,
                stdout=("calls succeeded\n",), not_stderr=(*INTERNAL, "FAIL"),
                driver=memory.driver, check=memory.check)


HOSTILE += [random_calls("random-calls", 60, "--root-resource"),
            random_calls("random-calls-2018-12", 20, "--era=2018-12"),
            random_calls("random-calls-2018-10", 10, "--era=2018-10"),
            random_calls("random-calls-2018-07", 10, "--era=2018-07", args=("--201807=1",))]

# --- A system that grants too little: one line says what failed ---

def is_sanitized(context):
    with open(context.zxrun, "rb") as file:
        return b"__asan_init" in file.read()


def sanitizer_wants_memory(context):
    return "a sanitized zxrun needs terabytes of address space" if is_sanitized(context) else ""


def sanitizer_keeps_memory(context):
    return "a sanitized zxrun keeps memory that it has freed" if is_sanitized(context) else ""


def limited(name, limit, words, **fields):
    return Case(f"limits/{name}", "{bins}/hello", prefix=("prlimit", limit), status=125, exact=b"",
                stderr=("zxrun: ", *words), stderr_lines=1, **fields)


LIMITS = [
    limited("open-files", "--nofile=8", ("Too many open files",)),
    limited("file-size", "--fsize=0", ("File too large", "ulimit -f")),
    limited("memory", "--as=1000000000", ("Cannot allocate memory", "ulimit -v"),
            skip=sanitizer_wants_memory),
]

NO_PROGRAMS_IN_MEMORY = "/proc/sys/vm/memfd_noexec"


def cannot_forbid_programs(_context):
    """Why programs in memory cannot be forbidden for a test, or nothing."""
    if os.geteuid():
        return "only root can make a PID namespace"
    return "" if os.path.exists(NO_PROGRAMS_IN_MEMORY) else "Linux is older than 6.3"


LIMITS.append(Case("limits/programs-in-memory", "{bins}/hello", status=125,
                   prefix=("unshare", "-p", "-f", "--mount-proc", "sh", "-c",
                           f'echo 2 >{NO_PROGRAMS_IN_MEMORY} && exec "$@"', "sh"),
                   skip=cannot_forbid_programs, stderr_lines=1,
                   stderr=("zxrun: ", "vm.memfd_noexec", "Permission denied")))

# Refuses seccomp(2) to what it becomes, as some sandboxes do.
NO_FILTERS = ("python3", "-c", """
import ctypes, os, struct, sys
code = [(0x20, 0, 0, 0), (0x15, 0, 1, 317), (0x06, 0, 0, 0x50001), (0x06, 0, 0, 0x7fff0000)]
words = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *row) for row in code))
program = struct.pack("<HxxxxxxQ", len(code), ctypes.addressof(words))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
""")
LIMITS.append(Case("limits/filters", "{bins}/hello", status=125, prefix=NO_FILTERS, stderr_lines=2,
                   stderr=("zxrun: process hello (", "could not run: it gets no seccomp filter")))


def cannot_hide_kvm(context):
    """Why /dev/kvm cannot be made another file for a test, or nothing."""
    if os.geteuid():
        return "only root can mount something over /dev/kvm"
    return kvm_is_missing(context)


HIDE_KVM = 'mount --bind /dev/null /dev/kvm && exec "$@"'
LIMITS.append(Case("limits/no-kvm", "{bins}/monitor", args=("/pkg/guest.bin",), status=125,
                   prefix=("unshare", "-m", "sh", "-c", HIDE_KVM, "sh"),
                   options=("-v", "--hypervisor", "--pkg", "{build}/vmm"), skip=cannot_hide_kvm,
                   stderr=("zxrun: making a virtual machine: Function not implemented",
                           "monitor: cannot make a machine: ZX_ERR_NOT_SUPPORTED")))

# Files run out long before memory does.
LIMITS.append(Case("limits/memory-files", "{bins}/many-vmos", prefix=("prlimit", "--nofile=600"),
                   skip=files_are_few, stdout=("ok untouched", "ok used_up", "ok again")))
LIMITS.append(Case("limits/breakpoint-files", "{bins}/many-breakpoints", skip=files_are_few,
                   prefix=("prlimit", "--nofile=600"), stdout=("ok used_up", "ok again")))


def load():
    memory = MemoryAfterLoad()
    return Case("limits/load", "{bins}/load", stdin=None, stdout=("ok all_parts",), timeout=300,
                driver=memory.driver, check=memory.check,
                skip=lambda context: sanitizer_keeps_memory(context) or files_are_few(context))


def faults(handler, era):
    flat = FlatDuringFaults()
    return Case(f"limits/faults-{handler}", "{bins}/faults", args=(handler,), stdin=None,
                options=(f"--era={era}",), timeout=120, driver=flat.driver, check=flat.check,
                stdout=("ok breakpoints", "ok page_faults", "ok many_threads",
                        "ok another_process"), skip=sanitizer_keeps_memory)


LIMITS += [load(), faults("port", "2019-01"), faults("channel", "newest")]
