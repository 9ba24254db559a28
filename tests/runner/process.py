"""Running one command: in a session of its own, with a timeout, and with nothing left behind."""

import ctypes
import os
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import List, Optional

# How long what has been told to go may take to be gone.
GRACE_SECONDS = 3.0
MARKER = "ZXRUN_TEST"


@dataclass
class Outcome:
    # The exit status; a negative signal number when a signal ended it.
    status: int = 0
    stdout: bytes = b""
    stderr: bytes = b""
    seconds: float = 0.0
    timed_out: bool = False
    # Descriptions of processes and files that were there after the end.
    left_behind: List[str] = field(default_factory=list)


def adopt_orphans():
    """
    Makes this process the new parent of what its descendants leave behind, so that it is not init's
    business. The zombies among them go when the runner does.
    """
    pr_set_child_subreaper = 36
    ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)


def _read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _survivors(session, marker):
    """The processes of the session, or with the marker in their environment: {pid: name}."""
    wanted = f"{MARKER}={marker}".encode()
    found = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        stat = _read(f"/proc/{name}/stat").decode(errors="replace")
        if ")" not in stat:
            continue
        fields = stat.rpartition(")")[2].split()
        # State, parent, process group, session: a zombie is no longer a process that runs.
        if fields[0] in "ZX":
            continue
        if int(fields[3]) == session or wanted in _read(f"/proc/{name}/environ").split(b"\0"):
            found[int(name)] = stat.partition("(")[2].rpartition(")")[0]
    return found


def _kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


def _clean_up(session, marker):
    """Waits for the last processes to go; kills and reports those that stay."""
    end = time.monotonic() + GRACE_SECONDS
    while True:
        left = _survivors(session, marker)
        if not left:
            return []
        if time.monotonic() >= end:
            break
        time.sleep(0.02)
    _kill(left)
    return [f"process {pid} ({name}) was left running" for pid, name in sorted(left.items())]


def _files_in(directory):
    return sorted(os.path.relpath(os.path.join(parent, name), directory)
                  for parent, folders, files in os.walk(directory) for name in folders + files)


class Running:
    """A command that has been started: what a case's own driver works with."""

    def __init__(self, popen):
        self.popen = popen
        self.pid = popen.pid
        self._stdout = bytearray()
        self._stderr = bytearray()
        self._news = threading.Condition()
        self._threads = []

    def collect(self, stream, into):
        def pump():
            while True:
                data = os.read(stream.fileno(), 65536)
                if not data:
                    return
                with self._news:
                    into.extend(data)
                    self._news.notify_all()

        thread = threading.Thread(target=pump, daemon=True)
        thread.start()
        self._threads.append(thread)

    def collect_all(self):
        if self.popen.stdout:
            self.collect(self.popen.stdout, self._stdout)
        if self.popen.stderr:
            self.collect(self.popen.stderr, self._stderr)

    def wait_for_output(self, text, seconds=20):
        """Waits until standard output holds `text`. False when it doesn't come."""
        with self._news:
            return self._news.wait_for(lambda: text in self._stdout, seconds)

    def send_signal(self, number):
        self.popen.send_signal(number)

    def finish(self):
        for thread in self._threads:
            thread.join(GRACE_SECONDS)
        with self._news:
            return bytes(self._stdout), bytes(self._stderr)


def _feed(popen, data):
    def pump():
        try:
            popen.stdin.write(data)
            popen.stdin.close()
        except OSError:
            pass

    thread = threading.Thread(target=pump, daemon=True)
    thread.start()


def run(command, *, timeout, stdin: Optional[bytes] = b"", env=None, cwd=None, driver=None,
        pipe_stdout=True) -> Outcome:
    """
    Runs the command. `stdin` None means that the driver feeds it. The driver, if any, is called
    with the Running object once it has been started; unless the driver reads output by itself
    (pipe_stdout False leaves popen.stdout to it), all output is collected.
    """
    outcome = Outcome()
    marker = uuid.uuid4().hex
    with tempfile.TemporaryDirectory(prefix="zxrun-test-") as scratch:
        environment = dict(os.environ, **(env or {}))
        environment.update({MARKER: marker, "TMPDIR": scratch})
        start = time.monotonic()
        popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, cwd=cwd, env=environment,
                                 start_new_session=True)
        running = Running(popen)
        if pipe_stdout:
            running.collect_all()
        else:
            running.collect(popen.stderr, running._stderr)
        if stdin is not None:
            _feed(popen, stdin)

        def expire():
            outcome.timed_out = True
            try:
                os.killpg(popen.pid, signal.SIGKILL)
            except OSError:
                pass

        timer = threading.Timer(timeout, expire)
        timer.start()
        try:
            if driver:
                driver(running)
            outcome.status = popen.wait()
        finally:
            timer.cancel()
        outcome.seconds = time.monotonic() - start
        outcome.left_behind = _clean_up(popen.pid, marker)
        outcome.stdout, outcome.stderr = running.finish()
        for stream in (popen.stdin, popen.stdout, popen.stderr):
            try:
                stream.close()
            except OSError:
                pass
        outcome.left_behind += [f"file {name} was left in TMPDIR" for name in _files_in(scratch)]
    return outcome
