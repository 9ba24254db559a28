"""Debian's Linux kernel, for tests that want a large guest: fetched by apt-get, and unpacked."""

import functools
import glob
import gzip
import lzma
import os
import shutil
import struct
import subprocess
import tempfile

from .result import Skip

PACKAGES = ("linux-image-cloud-amd64", "linux-image-amd64")
FETCH_SECONDS = 120

LZ4_LEGACY = b"\x02\x21\x4c\x18"
XZ = b"\xfd7zXZ\x00"
GZIP = b"\x1f\x8b"


def _output(command, cwd=None):
    return subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, timeout=FETCH_SECONDS).stdout


def _package():
    """The package that has the newest kernel itself."""
    for meta in PACKAGES:
        for line in _output(["apt-cache", "depends", meta]).decode().splitlines():
            kind, _, name = line.strip().partition(": ")
            if kind == "Depends" and name.startswith("linux-image-"):
                return name
    raise Skip(f"apt knows no package {PACKAGES[0]}")


def _fetch(folder):
    _output(["apt-get", "-o", "APT::Sandbox::User=root", "download", _package()], cwd=folder)
    archive, = glob.glob(os.path.join(folder, "linux-image-*.deb"))
    _output(["dpkg-deb", "-x", archive, os.path.join(folder, "files")])
    path, = glob.glob(os.path.join(folder, "files", "boot", "vmlinuz-*"))
    with open(path, "rb") as file:
        return file.read()


@functools.lru_cache(maxsize=1)
def fetch():
    """The kernel's bzImage, as bytes."""
    for tool in ("apt-get", "apt-cache", "dpkg-deb"):
        if not shutil.which(tool):
            raise Skip(f"there is no {tool} to get Debian's kernel with")
    with tempfile.TemporaryDirectory(prefix="zxrun-kernel-") as folder:
        try:
            return _fetch(folder)
        except subprocess.SubprocessError as error:
            raise Skip(f"Debian's kernel can't be had: {error}") from None


def _length(data, at, value):
    """A length of LZ4, whose first part is @value, and where it ends."""
    if value == 15:
        while data[at] == 255:
            value += 255
            at += 1
        value += data[at]
        at += 1
    return value, at


def _lz4_block(data):
    out = bytearray()
    at = 0
    while True:
        token = data[at]
        size, at = _length(data, at + 1, token >> 4)
        out += data[at:at + size]
        at += size
        if at >= len(data):
            return out
        distance = data[at] | data[at + 1] << 8
        size, at = _length(data, at + 2, token & 15)
        size += 4
        begin = len(out) - distance
        if distance >= size:
            out += out[begin:begin + size]
        else:
            out += (out[begin:] * (size // distance + 1))[:size]


def _lz4(data):
    out = bytearray()
    at = len(LZ4_LEGACY)
    while at + 4 <= len(data):
        size, = struct.unpack_from("<I", data, at)
        at += 4
        # What follows the last block is no block: the size of it all.
        if at + size > len(data):
            break
        out += _lz4_block(data[at:at + size])
        at += size
    return bytes(out)


def unpack(bzimage):
    """The ELF file in a bzImage: a guest that need not unpack it is much faster."""
    setup = (bzimage[0x1f1] + 1) * 512
    offset, size = struct.unpack_from("<II", bzimage, 0x248)
    data = bzimage[setup + offset:setup + offset + size]
    if data.startswith(LZ4_LEGACY):
        return _lz4(data)
    if data.startswith(XZ):
        return lzma.LZMADecompressor(format=lzma.FORMAT_XZ).decompress(data)
    if data.startswith(GZIP):
        return gzip.decompress(data[:-4])
    raise Skip(f"the kernel is packed in a way that is not known here ({data[:4].hex()})")
