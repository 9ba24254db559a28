"""Whole-program tests of the monitor in vmm/: one Case per run of zxrun, as in cases.py."""

from runner import linux_kernel
from runner.kvm import kvm_is_missing
from runner.program import Case
from runner.result import Skip

OPTIONS = ("--hypervisor", "--pkg", "{build}/vmm")
HELLO = b'guest: hello, with %d MiB of memory and the command line "%s"\n'

# Kernels of guests may be interpreted, at half a million instructions a second.
LINUX_SECONDS = 400
LINUX_OPTIONS = ("--memory=256", f"--seconds={LINUX_SECONDS}")
LINUX_COMMAND_LINE = ("earlyprintk=serial,ttyS0,115200", "console=ttyS0", "nokaslr")


def guest(name, *args, **fields):
    """A run of the guest in vmm/guest; @args begin with those of the monitor."""
    own = [word for word in args if word.startswith("--")]
    fields.setdefault("skip", kvm_is_missing)
    fields.setdefault("options", OPTIONS)
    args = (*own, "/pkg/guest.bin", *args[len(own):])
    return Case(f"vmm/{name}", "{bins}/monitor", args=args, **fields)


def ends_after_ticks(outcome):
    """The journal is printed beside the console: its line has no place of its own."""
    lines = outcome.stdout.splitlines(keepends=True)
    journal = b"journal: all ticks were counted\n"
    expected = [HELLO % (16, b"ticks=2 exit=7"), b"guest: tick 1\n", b"guest: tick 2\n",
                b"guest: bye\n"]
    if lines.count(journal) != 1 or lines.index(journal) < 3:
        return "expected one line of the journal, after the ticks"
    lines.remove(journal)
    return "" if lines == expected else f"expected {expected}, got {lines}"


def kernel(unpack):
    """A setup function: Debian's kernel as {work}/kernel, as it is or unpacked."""
    def setup(context):
        data = linux_kernel.fetch()
        with open(context.file("kernel"), "wb") as file:
            file.write(linux_kernel.unpack(data) if unpack else data)
    return setup


def sends(*texts):
    """A check: the console has these; not yet, when a guest's time is over, is no failure."""
    def check(outcome):
        missing = [text for text in texts if text not in outcome.stdout]
        if outcome.status == 124 and missing:
            raise Skip(f"this machine's KVM has run the kernel for {LINUX_SECONDS} s, and it has"
                       f" not said {missing[0].decode()!r} yet")
        if outcome.status:
            return f"expected exit status 0, got {outcome.status}"
        return f"expected a console with {missing}" if missing else ""
    return check


def linux(name, unpack, until, *texts):
    return Case(f"vmm/{name}", "{bins}/monitor", setup=kernel(unpack), skip=kvm_is_missing,
                options=("--hypervisor", "-v", "--map", "{work}:/data:ro"),
                args=(*LINUX_OPTIONS, f"--until={until}", "/data/kernel", *LINUX_COMMAND_LINE),
                status=None, check=sends(*texts), timeout=LINUX_SECONDS + 60)


GUESTS = [
    # Its first words come before it unpacks itself, which is too long where KVM interprets it.
    linux("linux-bzimage", False, "nokaslr", b"KASLR disabled: 'nokaslr' on cmdline."),
    linux("linux", True, "Command line:", b"Linux version ", b" ".join(
        word.encode() for word in LINUX_COMMAND_LINE)),
    guest("guest", "ticks=2", "exit=7", status=7, check=ends_after_ticks, stderr_lines=0),
    guest("exit-0", "--memory=64", "ticks=1", stdout=("with 64 MiB", "tick 1\n"), stderr_lines=0),
    # A page fault, of which the guest tells.
    guest("exception", "fault", status=114, stdout=("guest: exception 14 at 0x10",)),
    guest("stopped", "--seconds=1", "ticks=1000000000", status=124, stdout=("hello",),
          stderr=("the guest's time is over",)),
    guest("until", "--until=tick 2", "ticks=1000000000", stdout=("tick 2\n",),
          not_stdout=("tick 3",)),
    # The two that need no KVM.
    guest("not-allowed", options=OPTIONS[1:], skip=lambda context: "", status=125,
          stderr=("cannot make a machine: ZX_ERR_NOT_FOUND",)),
    guest("bad-option", "--memory=x", skip=lambda context: "", status=125,
          stderr=("usage: monitor",)),
]
