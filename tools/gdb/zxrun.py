"""
gdb commands for programs that zxrun runs, and for their core files:

    (gdb) source zxrun.py
    (gdb) zxrun-modules [DIR...]

loads the symbols of all ELF images that the process has mapped. A DIR holds debug information, as
zxrun's --debug-dir: by build-id (XX/YYYY.debug, also below .build-id), or files of the same name.

Fuchsia's dynamic linker is none that gdb knows, so gdb does not find modules by itself. They are
told by what lies in memory. Their files are looked for by build-id; in a process that runs, else
what zxrun itself has of them is used; in a core file, the paths that zxrun has written there.
"""

import atexit
import os
import re
import shutil
import struct
import sys
import tempfile

import gdb

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import zxrun_sections

PT_LOAD, PT_DYNAMIC, PT_NOTE = 1, 2, 4
DT_STRTAB, DT_SONAME = 5, 14
NT_GNU_BUILD_ID = 3
EM_X86_64 = 62
PAGE = 4096
MAX_NOTES = 4096
# The largest file that is copied to have a table of sections.
MAX_COPIED = 64 << 20
HEADER_SIZE = 56
# Where libzircon.so lies, as it is installed and as it is built.
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OWN_FOLDERS = [os.path.join(TOP, "lib", "zxrun"), os.path.join(TOP, "build")]
# Images have few headers; what has more is none.
MAX_HEADERS = 64


def read(address, size):
    """Bytes of the process, or nothing."""
    try:
        return bytes(gdb.selected_inferior().read_memory(address, size))
    except (gdb.MemoryError, OverflowError, ValueError):
        return b""


def build_id_in(data):
    """The build-id among the notes that `data` holds."""
    at = 0
    while at + 12 <= len(data):
        name_size, size, kind = struct.unpack_from("<III", data, at)
        name = data[at + 12:at + 12 + name_size]
        at += 12 + (name_size + 3) // 4 * 4
        if kind == NT_GNU_BUILD_ID and name == b"GNU\0":
            return data[at:at + size].hex()
        at += (size + 3) // 4 * 4
    return ""


def program_headers(head, read_table):
    """Those of an ELF file for this machine, by its header; none where it is something else."""
    if len(head) < 64 or head[:6] != b"\x7fELF\x02\x01":
        return []
    machine, = struct.unpack_from("<H", head, 18)
    offset, = struct.unpack_from("<Q", head, 32)
    size, count = struct.unpack_from("<HH", head, 54)
    if machine != EM_X86_64 or size != HEADER_SIZE or not 0 < count <= MAX_HEADERS:
        return []
    table = read_table(offset, size * count)
    return list(struct.iter_unpack("<IIQQQQQQ", table[:len(table) // size * size]))


def build_id_of_file(path):
    def read_at(offset, size):
        file.seek(offset)
        return file.read(size)

    try:
        with open(path, "rb") as file:
            for header in program_headers(file.read(64), read_at):
                found = header[0] == PT_NOTE and build_id_in(read_at(header[2], min(header[5],
                                                                                   MAX_NOTES)))
                if found:
                    return found
    except (OSError, OverflowError, ValueError):
        pass
    return ""


class Image:
    """An ELF image that begins at an address."""

    def __init__(self, base, headers):
        self.base = base
        loads = [h for h in headers if h[0] == PT_LOAD and h[6]]
        self.bias = base - min(h[3] for h in loads) // PAGE * PAGE
        self.end = max(self.bias + h[3] + h[6] for h in loads)
        self.build_id = ""
        self.soname = ""
        for header in headers:
            if header[0] == PT_NOTE:
                notes = read(self.bias + header[3], min(header[5], MAX_NOTES))
                self.build_id = self.build_id or build_id_in(notes)
            elif header[0] == PT_DYNAMIC:
                self._read_dynamic(read(self.bias + header[3], min(header[6], PAGE)))

    def _read_dynamic(self, data):
        entries = dict(struct.iter_unpack("<QQ", data[:len(data) // 16 * 16]))
        if DT_SONAME not in entries or DT_STRTAB not in entries:
            return
        strings = entries[DT_STRTAB]
        if not self.base <= strings < self.end:
            strings += self.bias
        name = read(strings + entries[DT_SONAME], 64).split(b"\0")[0].decode(errors="replace")
        # It is shown, and looked for in folders.
        self.soname = name if "/" not in name and name.isprintable() else ""


def image_at(base):
    """The image whose header lies at `base`, or None."""
    headers = program_headers(read(base, 64), lambda offset, size: read(base + offset, size))
    if not any(h[0] == PT_LOAD and h[6] and h[1] & 1 for h in headers):
        return None
    return Image(base, headers)


class RunningProcess:
    """Where a process that runs has images, and the files behind them."""

    MAP = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+) ([0-9a-f]+) \S+ (\d+) +/memfd:vmo")

    def __init__(self, pid):
        self.begins = {}
        # What zxrun has in the process besides: the way through a call leads through it.
        gdb.execute(f"add-symbol-file /proc/{pid}/exe", to_string=True)
        with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as maps:
            for line in maps:
                found = self.MAP.match(line)
                if found and "x" in found.group(3):
                    self._is_code(found.group(1), found.group(2))
                if found and int(found.group(4), 16) == 0:
                    self.begins[int(found.group(1), 16)] = int(found.group(5))
        self.files = self._files_of(self._parent(pid))

    @staticmethod
    def _is_code(begin, end):
        """
        Linux lets nobody write to code that is mapped as zxrun maps it, and gdb would leave out a
        breakpoint there without a word. In memory that it takes for read-only it uses the machine's.
        """
        try:
            gdb.execute(f"mem 0x{begin} 0x{end} ro", to_string=True)
        except gdb.error:
            pass  # The command was given before.

    @staticmethod
    def _parent(pid):
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            return re.search(r"^PPid:\s+(\d+)", status.read(), re.M).group(1)

    @staticmethod
    def _files_of(pid):
        """zxrun's own descriptors of memory: by inode."""
        files = {}
        folder = f"/proc/{pid}/fd"
        try:
            names = os.listdir(folder)
        except OSError:
            return files
        for name in names:
            path = os.path.join(folder, name)
            try:
                if os.readlink(path).startswith("/memfd:vmo"):
                    files[os.stat(path).st_ino] = path
            except OSError:
                pass
        return files

    def file_of(self, image):
        return self.files.get(self.begins[image.base])


class CoreFile:
    """The same of a core file."""

    LOAD = re.compile(r"^\s*0x([0-9a-f]+) - 0x[0-9a-f]+ is load")
    FILE = re.compile(r"^\s*0x([0-9a-f]+)\s+0x[0-9a-f]+\s+0x[0-9a-f]+\s+0x0\s+(\S.*)$")

    def __init__(self):
        sections = gdb.execute("info files", to_string=True).splitlines()
        self.begins = [int(m.group(1), 16) for m in map(self.LOAD.match, sections) if m]
        try:
            mappings = gdb.execute("info proc mappings", to_string=True).splitlines()
        except gdb.error:
            mappings = []
        self.files = {int(m.group(1), 16): m.group(2) for m in map(self.FILE.match, mappings) if m}

    def file_of(self, image):
        return self.files.get(image.base)


def debug_file(image, folders):
    """A file with what was stripped from the image, or the image before that; or None."""
    begin, rest = image.build_id[:2], image.build_id[2:]
    for folder in folders if rest else ():
        names = [f"{top}{begin}/{rest}{end}"
                 for top in (".build-id/", "") for end in (".debug", "")]
        for name in [*names, image.soname] if image.soname else names:
            path = os.path.join(folder, name)
            # A debug file need not have the note itself: its name is the build-id.
            if os.path.isfile(path) and (name in names or build_id_of_file(path) == image.build_id):
                return path
    return None


def readable(path):
    """The file, or where that has no table of sections a copy with one, for as long as gdb runs."""
    with open(path, "rb") as file:
        head = file.read(64)
        if len(head) < 64 or zxrun_sections.has_sections(head):
            return path
        file.seek(0)
        data = file.read(MAX_COPIED + 1)
    if len(data) > MAX_COPIED:
        return path
    try:
        data = zxrun_sections.with_sections(data)
    except (KeyError, ValueError, IndexError, struct.error):
        return path
    folder = tempfile.mkdtemp(prefix="zxrun-gdb-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = os.path.join(folder, os.path.basename(path))
    with open(copy, "wb") as file:
        file.write(data)
    return copy


def load(image, path):
    quoted = readable(path).replace("\\", "\\\\").replace('"', '\\"')
    gdb.execute(f'add-symbol-file "{quoted}" -o 0x{image.bias:x}', to_string=True)


class Modules(gdb.Command):
    """Load the symbols of all that the process has mapped: zxrun-modules [DIR...]"""

    def __init__(self):
        super().__init__("zxrun-modules", gdb.COMMAND_FILES, gdb.COMPLETE_FILENAME)

    def invoke(self, argument, from_tty):
        folders = [os.path.expanduser(word) for word in gdb.string_to_argv(argument)] + OWN_FOLDERS
        source = RunningProcess(gdb.selected_inferior().pid) if self._is_native() else CoreFile()
        found = [image for image in map(image_at, sorted(source.begins)) if image]
        if not found:
            raise gdb.GdbError("no ELF image is mapped: is this a program that zxrun runs?")
        end = 0
        for image in found:
            # An image in another one's memory is data.
            if image.base >= end:
                end = image.end
                self._add(image, debug_file(image, folders) or source.file_of(image))

    @staticmethod
    def _is_native():
        try:
            return gdb.selected_inferior().connection.type == "native"
        except AttributeError:
            return False

    @staticmethod
    def _add(image, path):
        name = image.soname or "the program"
        print(f"0x{image.base:012x} {name}, {path or 'no file'}")
        if path:
            try:
                load(image, path)
            except (gdb.error, OSError) as error:
                print(f"  {error}")


# What zxrun itself needs of signals: to end threads, and to stop them.
gdb.execute("handle SIGUSR1 SIGUSR2 nostop noprint pass", to_string=True)
# A first write to memory that is shared arrives as one, too, and is nobody's fault.
gdb.execute("handle SIGSEGV nostop noprint pass", to_string=True)
# What the script says of some memory says nothing of the rest.
gdb.execute("set mem inaccessible-by-default off", to_string=True)
Modules()
