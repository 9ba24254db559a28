"""
Gives an ELF file from which the table of sections was stripped another one: gdb finds symbols and
the rules for unwinding by no other way. What sections there are follows from the program headers.
"""

import struct

PT_LOAD, PT_DYNAMIC, PT_GNU_EH_FRAME = 1, 2, 0x6474E550
DT_HASH, DT_STRTAB, DT_SYMTAB, DT_STRSZ, DT_GNU_HASH = 4, 5, 6, 10, 0x6FFFFEF5
SHT_PROGBITS, SHT_STRTAB, SHT_DYNSYM = 1, 3, 11
SHF_ALLOC, SHF_EXECINSTR = 2, 4
SHN_ABS = 0xFFF1
PF_X = 1
SYMBOL_SIZE = 24
# Of the table of frames: a signed number of 4 bytes, counted from where it stands.
PCREL_SDATA4 = 0x1B


class File:
    def __init__(self, data):
        self.data = data
        table, = struct.unpack_from("<Q", data, 32)
        size, count = struct.unpack_from("<HH", data, 54)
        self.headers = [struct.unpack_from("<IIQQQQQQ", data, table + i * size)
                        for i in range(count)]
        self.dynamic = {}
        for header in self.headers:
            if header[0] == PT_DYNAMIC:
                content = data[header[2]:header[2] + header[5] // 16 * 16]
                self.dynamic = dict(struct.iter_unpack("<QQ", content))

    def offset(self, address):
        for kind, _, offset, start, _, size, _, _ in self.headers:
            if kind == PT_LOAD and start <= address < start + size:
                return address - start + offset
        raise ValueError("an address outside of the file")

    def word(self, address):
        return struct.unpack_from("<I", self.data, self.offset(address))[0]

    def symbol_count(self):
        if DT_HASH in self.dynamic:
            return self.word(self.dynamic[DT_HASH] + 4)
        table = self.dynamic[DT_GNU_HASH]
        buckets, first, bloom = (self.word(table + 4 * i) for i in range(3))
        chains = table + 16 + 8 * bloom + 4 * buckets
        last = max(self.word(table + 16 + 8 * bloom + 4 * i) for i in range(buckets))
        if last < first:
            return first
        while not self.word(chains + 4 * (last - first)) & 1:
            last += 1
        return last + 1

    def frames(self):
        """Address and size of the rules for unwinding, or nothing."""
        for kind, _, offset, address, _, _, _, _ in self.headers:
            if kind == PT_GNU_EH_FRAME and self.data[offset + 1] == PCREL_SDATA4:
                begin = address + 4 + struct.unpack_from("<i", self.data, offset + 4)[0]
                at = self.offset(begin)
                size = 0
                while at + size + 4 <= len(self.data):
                    length, = struct.unpack_from("<I", self.data, at + size)
                    size += 4 + length
                    if not length:
                        break
                return begin, min(size, len(self.data) - at)
        return None


def sections_of(file):
    """Rows of (name, type, flags, address, offset, size, link, entry size)."""
    rows = []
    for kind, flags, offset, address, _, size, _, _ in file.headers:
        if kind == PT_LOAD and flags & PF_X:
            rows.append((".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, address, offset, size,
                         0, 0))
    frames = file.frames()
    if frames:
        rows.append((".eh_frame", SHT_PROGBITS, SHF_ALLOC, frames[0], file.offset(frames[0]),
                     frames[1], 0, 0))
    if DT_SYMTAB in file.dynamic:
        symbols, strings = file.dynamic[DT_SYMTAB], file.dynamic[DT_STRTAB]
        # It names the section of its strings, which comes next.
        rows.append((".dynsym", SHT_DYNSYM, SHF_ALLOC, symbols, file.offset(symbols),
                     file.symbol_count() * SYMBOL_SIZE, len(rows) + 2, SYMBOL_SIZE))
        rows.append((".dynstr", SHT_STRTAB, SHF_ALLOC, strings, file.offset(strings),
                     file.dynamic[DT_STRSZ], 0, 0))
    return rows


def renumber(out, rows):
    """Symbols name their section by a number, of the table that is gone."""
    for name, _, _, _, begin, size, _, _ in rows:
        for at in range(begin, begin + size, SYMBOL_SIZE) if name == ".dynsym" else ():
            section, value = struct.unpack_from("<HQ", out, at + 6)
            inside = [i for i, row in enumerate(rows) if row[3] <= value < row[3] + row[5]]
            if section:
                struct.pack_into("<H", out, at + 6, inside[0] + 1 if inside else SHN_ABS)


def has_sections(head):
    return struct.unpack_from("<H", head, 60)[0] > 0


def with_sections(data):
    """The file's bytes, with a table of sections."""
    rows = sections_of(File(data))
    names = b"\0" + b"".join(row[0].encode() + b"\0" for row in rows) + b".shstrtab\0"
    out = bytearray(data) + bytes(-len(data) % 8)
    names_at = len(out)
    out += names + bytes(-len(names) % 8)
    struct.pack_into("<Q", out, 40, len(out))
    struct.pack_into("<HHH", out, 58, 64, len(rows) + 2, len(rows) + 1)
    out += bytes(64)
    renumber(out, rows)
    rows.append((".shstrtab", SHT_STRTAB, 0, 0, names_at, len(names), 0, 0))
    for name, kind, flags, address, offset, size, link, entry in rows:
        text = names.index(b"\0" + name.encode() + b"\0") + 1
        out += struct.pack("<IIQQQQIIQQ", text, kind, flags, address, offset, size, link,
                           1 if kind == SHT_DYNSYM else 0, 8, entry)
    return bytes(out)
