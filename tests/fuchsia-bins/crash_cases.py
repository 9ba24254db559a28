"""Whole-program tests of crash reports, core files, and gdb: one Case per run of zxrun, as in cases.py."""

import os
import re
import shutil
import subprocess

from runner.program import Case

# No program here touches more; where it has mapped more, the file must not be that large.
MOST_BYTES = 64 << 20
SCRIPT = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "gdb", "zxrun.py")


# --- The report ---

def copied(name):
    """A setup function: a copy of a program as {work}/copy."""
    return lambda context: shutil.copy(context.bin(name), context.file("copy"))


CRASH = ("exception", re.compile(r"\brip\b"), re.compile(r"\brsp\b"))



def frame(number, function, source="", module="crash-ways"):
    """A line of a backtrace."""
    return re.compile(rf"^  #{number} +0x[0-9a-f]{{16}} in {function} "
                      rf"\(tests/fuchsia-bins/{source}:\d+\) at {module}\+0x[0-9a-f]+$", re.M)


def bare_frame(number, place):
    return re.compile(rf"^  #{number} +0x[0-9a-f]{{16}} {place}$", re.M)


def without_dwarf(name):
    """A setup function: {work}/NAME, with symbols only."""
    def setup(context):
        subprocess.run(["strip", "-g", "-o", context.file(name), context.bin(name)], check=True)
    return setup


WAYS = "prog/crash-ways.c"


def callers(number):
    return (frame(number, "middle", WAYS), frame(number + 1, "outer", WAYS),
            frame(number + 2, "main", WAYS), frame(number + 3, "rt_start", "rt/start.c"))


# What a crash of each way shows.
CRASH_WAYS = {
    "inlined": (frame(r"0\.2", "inlined_inner", WAYS), frame(r"0\.1", "inlined_outer", WAYS),
                frame("0", "in_an_inlined_function", WAYS), *callers(1)),
    "call-of-null": ("execution of address 0x0 (not mapped)\n", bare_frame(0, "<not mapped>"),
                     *callers(1)),
    "call-of-garbage": ("execution of address 0x123456789000", bare_frame(0, "<not mapped>"),
                        *callers(1)),
    "anonymous-code": ("undefined instruction", bare_frame(0, r"at <anonymous>\+0x0"), *callers(1)),
    "division": ("general exception: division by zero, or too large a result (vector 0)\n",
                 frame(0, "division", WAYS), *callers(1)),
    "breakpoint": ("software breakpoint\n", frame(0, "stop", WAYS), frame(1, "breakpoint", WAYS),
                   *callers(2)),
    "write-to-code": ("(access not allowed)\n", frame(0, "write_to_code", WAYS), *callers(1)),
    "vdso": (re.compile(r"^  #0 .* in \w*zx_cprng_draw .*at libzircon\.so\+0x", re.M), *callers(1)),
    "call": ("write to an address that is not mapped, in zx_futex_wake_handle_close_thread_exit",
             re.compile(r"^  #0 .* in zx_futex_wake_\w+ .*at libzircon\.so\+0x", re.M),
             frame(1, "in_a_call", WAYS), *callers(2)),
    "return-to-garbage": (frame(0, "return_to_garbage", WAYS),),
    "overwritten-stack": (frame(0, "overwritten_stack", WAYS),),
    "stack-of-itself": (frame(0, "stack_of_itself", WAYS),),
    "no-stack": (frame(0, "no_stack", WAYS),),
    "stack-at-the-end": (frame(0, "stack_at_the_end", WAYS),),
}
# It must not be what fails, whatever the program has done to itself.
WHOLE = ("not complete", "took too long")


CRASHES = [
    Case("crash/null", "{bins}/crash-null", status=134, stdout=("about to crash\n",),
         stderr=(*CRASH, "crasher", frame(0, "crash", "prog/crash-null.c", "crash-null"),
                 frame(1, "thread_entry", "rt/thread.c", "crash-null"),
                 re.compile(r"^    0x[0-9a-f]{16} crash-null, build-id [0-9a-f]{16,40}, .*"
                            r"/fuchsia-bins/crash-null$", re.M),
                 re.compile(r"^    0x[0-9a-f]{16} libzircon\.so, build-id [0-9a-f]{40}$", re.M)),
         not_stderr=WHOLE),
    *(Case(f"crash/{way}", "{bins}/crash-ways", args=(way,), status=134, stderr=("exception", *shown),
           not_stderr=WHOLE) for way, shown in CRASH_WAYS.items()),
    *(Case(f"crash/hostile-{seed}", args=(str(seed),), status=134, stderr=CRASH,
           not_stderr=("took too long",), program="{bins}/crash-hostile",
           setup=copied("crash-hostile"),
           prefix=("sh", "-c", 'exec "$@" <copy', "sh"))
      for seed in range(1, 25)),
    Case("crash/by-a-call", "{bins}/crash-policy", status=134, stdout=("ok forbidden_in_a_child\n",),
         stderr=("forbidden by the job's policy, in zx_event_create",
                 "too many unread messages in a channel, in zx_channel_write",
                 re.compile(r"^  #0 .* in zx_channel_write .*at libzircon\.so\+0x\w+$", re.M),
                 frame(r"1\.1", "flood", "prog/crash-policy.c", "crash-policy"),
                 frame(1, "main", "prog/crash-policy.c", "crash-policy"), *CRASH), not_stderr=WHOLE),
    Case("crash/name-of-control-characters", "{bins}/crash-name", status=134,
         args=("a\033[2J\nzxrun: b",),
         stderr=("exception in process a?[2J?zxrun: b (", "thread a?[2J?zxrun: b ("),
         not_stderr=("\033",)),
    # C1: control characters of two bytes, in the names of process and thread, and of the module.
    Case("crash/name-of-more-control-characters", "{bins}/crash-name", status=134,
         args=("\u010d\u009b2J",),
         stderr=("exception in process \u010d??2J (", "thread \u010d??2J (", "so??2J"),
         not_stderr=("\u009b",)),
    Case("crash/names-of-c++", "{bins}/crash-cxx", status=134, not_stderr=WHOLE,
         stderr=(*CRASH, frame(0, r"shop::Till::open\(int, char const\*\)", "prog/crash-cxx.cc",
                               "crash-cxx"),
                 frame(1, r"void shop::serve<shop::Till>\(shop::Till&\)", "prog/crash-cxx.cc",
                       "crash-cxx"),
                 frame(2, r"void shop::serve_all<shop::Both<.{200,400}\.\.\.", "prog/crash-cxx.cc",
                       "crash-cxx"))),
    Case("crash/names-of-rust", "{bins}/rust-crash", status=134, not_stderr=WHOLE,
         skip=lambda context: "" if os.path.exists(context.bin("rust-crash")) else "there is no rustc",
         stderr=(*CRASH, frame(0, "<rust_crash::shop::Till as rust_crash::shop::Door>::open",
                               "rust/rust-crash.rs", "rust-crash"),
                 frame(1, "rust_crash::shop::serve::<rust_crash::shop::Till>", "rust/rust-crash.rs",
                       "rust-crash"),
                 # Its unit is in no index of addresses, where one that was left out has claims.
                 frame(3, "rt_start", "rt/start.c", "rust-crash"))),
    # Which one it was nobody knows.
    Case("crash/two-names-of-a-function", "{work}/crash-alias", status=134, not_stderr=WHOLE,
         setup=without_dwarf("crash-alias"),
         stderr=(bare_frame(0, r"in (give_up or stop_here|stop_here or give_up) or "
                               r"__stack_is_broken at crash-alias\+0x[0-9a-f]+"),)),
    Case("crash/symbol-without-size", "{work}/crash-alias", args=("size",), status=134,
         not_stderr=WHOLE, setup=without_dwarf("crash-alias"),
         stderr=(bare_frame(0, r"in without_size\+0x2 at crash-alias\+0x[0-9a-f]+"),)),
    # The report waits for no call that waits for it.
    *(Case(f"crash/while-others-map-{i}", "{bins}/crash-mapping", status=134,
           stderr=("undefined instruction", "crash-mapping+")) for i in range(3)),
    Case("crash/undefined-instruction", "{bins}/crash-ud2", status=134,
         stdout=("about to crash\n",),
         stderr=(*CRASH, "initial-thread", re.compile(r"crash-ud2\+0x[0-9a-f]+"))),
    Case("crash/stack-overflow", "{bins}/crash-stack", status=134, stdout=("about to crash\n",),
         stderr=(*CRASH, "(not mapped; the stack has overflowed)\n",
                 frame(0, "recurse", "prog/crash-stack.c", "crash-stack"), "more frames",
                 frame(r"\d+", "main", "prog/crash-stack.c", "crash-stack")), not_stderr=WHOLE),
    Case("crash/behind-the-root-vmar", "{bins}/read-shim", status=134, stdout=("about to read",),
         stderr=CRASH),
    # Linux numbers: getpid, write, exit, exit_group, one that there is not, and one of x32.
    *(Case(f"crash/raw-syscall-{number}", "{bins}/raw-syscall", args=(str(number),), status=134,
           stdout=(f"about to make call {number}\n",), stderr=CRASH)
      for number in (39, 1, 60, 231, 99999, 0x40000000 + 39)),
]

# --- Debug information that lies apart ---

def stripped(place):
    """A setup function: {work}/bin/crash-null without symbols, and those where `place` says."""
    def setup(context):
        program = context.bin("crash-null")
        notes = subprocess.run(["readelf", "-n", program], capture_output=True, text=True, check=True)
        build_id = re.search(r"Build ID: ([0-9a-f]+)", notes.stdout).group(1)
        symbols = context.file(place.format(first=build_id[:2], rest=build_id[2:]))
        for path in (context.file("bin/crash-null"), symbols):
            os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run(["objcopy", "--only-keep-debug", program, symbols], check=True,
                       stderr=subprocess.DEVNULL)
        subprocess.run(["strip", "-o", context.file("bin/crash-null"), program], check=True)
    return setup


def apart(name, place, *options, shown=True):
    lines = (frame(0, "crash", "prog/crash-null.c", "crash-null"),)
    return Case(f"crash/symbols-{name}", "{work}/bin/crash-null", status=134, setup=stripped(place),
                options=options, stderr=lines if shown else (bare_frame(0, r"at crash-null\+0x\w+"),),
                not_stderr=() if shown else ("prog/crash-null.c",))


CRASHES += [
    apart("nowhere", "elsewhere/crash-null", shown=False),
    apart("by-build-id", "debug/.build-id/{first}/{rest}.debug", "--debug-dir", "{work}/debug"),
    apart("in-a-build-id-folder", "debug/{first}/{rest}.debug", "--debug-dir", "{work}/debug"),
    apart("beside-the-program", ".build-id/{first}/{rest}.debug"),
    apart("by-name", "unstripped/crash-null", "--debug-dir", "{work}/empty", "--debug-dir",
          "{work}/unstripped"),
]


# --- Backtraces that programs ask for ---

REQUEST = "prog/backtrace-request.c"
REQUESTED = (
    *(re.compile(rf"^zxrun: backtrace, asked for by process backtrace-request \(\d+\), thread {name} "
                 r"\(\d+\)\n  #0 +0x\w{16} in ask \(", re.M) for name in ("initial-thread", "asker")),
    frame(1, "in_the_first_thread", REQUEST, "backtrace-request"),
    frame(1, "ask_in_thread", REQUEST, "backtrace-request"))
PARTS = ("ok in_the_first_thread\n", "ok in_another_thread\n")

CRASHES += [
    Case("backtrace-request", "{bins}/backtrace-request", stdout=PARTS, stderr=REQUESTED,
         not_stderr=(*WHOLE, "unhandled")),
    Case("backtrace-request/of-2018", "{bins}/backtrace-request", options=("--era=2018-07",),
         stdout=PARTS, stderr=REQUESTED, not_stderr=(*WHOLE, "unhandled")),
    Case("backtrace-request/of-another-number", "{bins}/backtrace-request", args=("die",),
         status=134, stdout=PARTS, stderr=(*CRASH, "software breakpoint\n")),
]

# --- For symbolizers ---

def markup(outcome):
    """A check that what markup says of each frame is what the report says of it."""
    text = outcome.stderr.decode(errors="replace")
    modules = dict(re.findall(r"^{{{module:(\d+):([^:{}]+):elf:[0-9a-f]{16,40}}}}$", text, re.M))
    maps = [(int(at, 16), int(size, 16), modules.get(module), int(offset, 16))
            for at, size, module, offset in
            re.findall(r"^{{{mmap:0x(\w+):0x(\w+):load:(\d+):rx:0x(\w+)}}}$", text, re.M)]
    frames = re.findall(r"^  #(\d+) +0x(\w{16}) .*? at (\S+)\+0x(\w+)$", text, re.M)
    marked = re.findall(r"^{{{bt:(\d+):0x(\w+):(pc|ra)}}}$", text, re.M)
    if not re.search(r"^{{{reset}}}$", text, re.M) or len(marked) < 4 or len(marked) != len(frames):
        return f"expected as many frames as in the report, got {marked}"
    for (number, pc, kind), (wanted, shown, module, offset) in zip(marked, frames):
        pc = int(pc, 16)
        found = [(name, pc - at + begin) for at, size, name, begin in maps if at <= pc < at + size]
        if (number, pc, kind) != (wanted, int(shown, 16), "ra" if int(number) else "pc") or \
                found != [(module, int(offset, 16))]:
            return f"expected frame {wanted} at {module}+0x{offset}, got {number} {kind} at {found}"
    return ""


CRASHES += [
    Case("crash/markup", "{bins}/crash-ways", args=("write-to-code",), status=134,
         options=("--crash-markup",), check=markup, not_stderr=WHOLE),
    # A call of what is no code: the return address is the next frame's.
    Case("crash/markup-of-a-bad-call", "{bins}/crash-ways", args=("call-of-null",), status=134,
         options=("--crash-markup",), not_stderr=WHOLE,
         stderr=(re.compile(r"^{{{bt:0:0x0:pc}}}\n{{{bt:1:0x\w+:ra}}}$", re.M),)),
    Case("crash/no-markup", "{bins}/crash-ways", args=("call-of-null",), status=134,
         not_stderr=("{{{",)),
]


# --- Core files, and gdb ---

def gdb_is_missing(_context):
    return "" if shutil.which("gdb") else "there is no gdb"


def gdb_cannot_attach(context):
    missing = gdb_is_missing(context)
    if missing or os.geteuid() == 0:
        return missing
    try:
        with open("/proc/sys/kernel/yama/ptrace_scope", encoding="ascii") as file:
            return "" if file.read().strip() == "0" else "ptrace_scope forbids to attach to others"
    except OSError:
        return ""


class Gdb:
    """Runs gdb on a core file (as a check), or on a process while it runs (as a driver)."""

    COMMANDS = ("zxrun-modules", "bt")

    def __init__(self, *wanted, commands=COMMANDS, program=""):
        self.wanted = wanted
        self.commands = commands
        self.program = program
        self.context = None
        self.output = ""

    def setup(self, context):
        self.context = context

    def _run(self, *words):
        words = ["gdb", "-nx", "-batch", *words]
        if "zxrun-modules" in self.commands:
            words += ["-x", SCRIPT]
        for command in self.commands:
            words += ["-ex", command]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.STDOUT, timeout=120)
        self.output = done.stdout.decode(errors="replace")

    def _compare(self):
        missing = [pattern for pattern in self.wanted if not re.search(pattern, self.output, re.M)]
        return "".join(f"expected gdb to show /{pattern}/\n" for pattern in missing) + \
            (f"gdb:\n{self.output}" if missing else "")

    def on_core(self, _outcome):
        size = os.path.getsize(self.context.file("core"))
        if size > MOST_BYTES:
            return f"expected a core file of at most {MOST_BYTES} bytes, got {size}"
        program = [self.context.bin(self.program)] if self.program else []
        self._run(*program, "-c", self.context.file("core"))
        return self._compare()

    def debug(self, running):
        running.wait_for_output(b"sleeping")
        with open(f"/proc/{running.pid}/task/{running.pid}/children", encoding="ascii") as file:
            child = file.read().split()[0]
        self._run("-p", child)

    def on_process(self, running):
        self.debug(running)
        running.send_signal(15)

    def compared(self, _outcome):
        return self._compare()


def core(name, gdb, *args, **fields):
    fields.setdefault("program", "{bins}/crash-ways")
    fields.setdefault("options", ("--core", "{work}/core"))
    return Case(f"core/{name}", args=args, status=134,
                setup=gdb.setup, check=gdb.on_core, skip=gdb_is_missing, timeout=180,
                stderr=(re.compile(r"^  core file .*/core$", re.M),), **fields)


BACKTRACE = (r"^#0 +0x\w+ in inlined_inner \(\) at .*crash-ways\.c:", r"^#\d+ +0x\w+ in middle \(run=",
             r"^#\d+ +0x\w+ in main \(")


def live():
    gdb = Gdb(r"^0x\w+ libzircon\.so, /", r"^0x\w+ the program, /proc/",
              r"^#\d+ .*\bzx_nanosleep|_zx_nanosleep \(\)", r"^#\d+ .*\bmain \(.*sleep-forever\.c:\d+",
              r"^#\d+ .* in _start \(\) at .*start_static\.S",
              commands=("zxrun-modules", "thread apply all bt"))
    return Case("gdb/attached", "{bins}/sleep-forever", status=143, driver=gdb.on_process,
                check=gdb.compared, skip=gdb_cannot_attach, timeout=180)


def breakpoints():
    """Stops the program in a function, changes a variable, and lets it go on to its end."""
    gdb = Gdb(r"hit (Temporary b|B)reakpoint 1, step \(\)", r"^#1 +0x\w+ in main \(argc=",
              r"hit (Temporary b|B)reakpoint \d, main|^main \(argc=", r"^\$1 = 2$",
              commands=("zxrun-modules", "zxrun-modules", "tbreak step", "continue", "bt", "next",
                        "finish", "set var left = 2", "p left", "detach"))
    return Case("gdb/breakpoint", "{bins}/wait-for-debugger", status=7, driver=gdb.debug,
                stdout=("no steps are left\n",), check=gdb.compared, skip=gdb_cannot_attach,
                timeout=180)


def no_core(name, path, reason):
    return Case(f"core/{name}", "{bins}/crash-null", status=134, options=("--core", path),
                stderr=(*CRASH, re.compile(f"^  no core file: .*: {reason}$", re.M)))


CRASHES += [
    core("with-the-script", Gdb(*BACKTRACE), "inlined"),
    core("with-the-program", Gdb(*BACKTRACE, "Program terminated with signal SIGSEGV", "crash-ways$",
                                 commands=("bt", "info proc mappings"), program="crash-ways"),
         "inlined"),
    core("memory-and-registers",
         Gdb(r"^rsp +0x0 ", r"^rip .*<no_stack\+\d+>$", r"= 0$", r'"no-stack"$', r"= -1$",
             commands=("zxrun-modules", "info registers rsp rip", "p zero",
                       "p ways[sizeof(ways) / sizeof(*ways) - 2].name", "p $orig_rax")),
         "no-stack"),
    core("all-threads",
         Gdb(r"^#\d+ .*\bspin \(\) at ", r"^#\d+ .*\bspinning \(arg=", r"^#\d+ .*\bwait \(\) at ",
             r"^#\d+ .*\bwaiting \(arg=|\bthread_entry \(", r"^#\d+ .*\bmain \(\) at ",
             commands=("zxrun-modules", "thread apply all bt")), program="{bins}/crash-threads"),
    core("all-that-crash", Gdb(r"(?s)(\bcrash_now \(\) at .*?){8}",
                               commands=("zxrun-modules", "thread apply all bt")), "together",
         program="{bins}/crash-threads"),
    # What a program calls itself must not command the terminal of whoever looks at it.
    core("of-a-name-of-control-characters", Gdb(r"^0x\w+ the program, /"), "name",
         program="{bins}/crash-name"),
    # As large as what was touched, wherever files may be larger or not.
    core("of-terabytes", Gdb(r"^0x\w+:\s+0x0*1111$", r"^0x\w+:\s+0x0*2222$", r"Cannot access memory",
                             commands=("x/gx $rdi", "x/gx $rdi + 0x20000000000",
                                       "x/gx $rdi + 0x10000000000")),
         program="{bins}/crash-sparse"),
    core("of-a-stack-overflow", Gdb(r"^#1 +0x\w+ in recurse \(", commands=("zxrun-modules", "bt 3")),
         program="{bins}/crash-stack"),
    Case("core/names", "{bins}/crash-null", status=134, options=("--core", "{work}/%e.%p.%%"),
         stderr=(re.compile(r"^  core file .*/crash-null\.\d+\.%$", re.M),)),
    # Programs choose their names: these lead to no other folder.
    *(Case(f"core/name-{i}", "{bins}/crash-name", args=(name,), status=134,
           options=("--core", "{work}/%e"),
           stderr=(re.compile(f"^  core file .*/{shown}$", re.M),))
      for i, (name, shown) in enumerate((("", "_"), (".", "_"), ("..", "__"), ("a/b", "a_b")))),
    no_core("no-folder", "{work}/absent/core", "No such file or directory"),
    no_core("a-folder", "{work}", "Is a directory"),
    no_core("a-device", "/dev/full", "not a file"),
    Case("core/bad-pattern", "{bins}/crash-null", status=125, options=("--core", "x%z"),
         stderr=("zxrun: --core 'x%z' is not a file name",), stderr_lines=1),
    live(),
    breakpoints(),
]


# --- Programs with an SDK's C library ---

SDK_FRAMES = (r"#0 +0x\w{16} in compare \(tests/fuchsia-bins/sdk/crash\.c:\d+\) at crash\+",
              r"#\d+ +0x\w{16} in qsort .*at libc\.so\+",
              r"#\d+ +0x\w{16} in sort \(tests/fuchsia-bins/sdk/crash\.c:\d+\) at crash\+",
              r"#\d+ +0x\w{16} in main \(tests/fuchsia-bins/sdk/crash\.c:\d+\) at crash\+")

SDK_CRASHES = [
    Case("crash", "{bins}/crash", status=134, options=("--lib", "{bins}/lib"),
         stdout=("about to crash\n",), not_stderr=WHOLE,
         stderr=(*(re.compile("^  " + line, re.M) for line in SDK_FRAMES),
                 re.compile(r"^    0x\w{16} libc\.so, build-id \w+, .*/lib/ld\.so\.1$", re.M))),
    core("crash", Gdb(r"^#0 +0x\w+ in compare \(a=", r"^#\d+ +0x\w+ in qsort \(\)",
                      r"^#\d+ +0x\w+ in sort \(values=", r"^#\d+ +0x\w+ in main \(\) at"),
         program="{bins}/crash", options=("--lib", "{bins}/lib", "--core", "{work}/core")),
]
