"""Files that cases need: setup functions, which make them below {work}."""

import os

SDK_LIB = ("--lib", "{bins}/lib")
GREETING = "Hello from the package.\n"


def package(context):
    os.makedirs(context.file("pkg/data"))
    with open(context.file("pkg/data/greeting"), "w", encoding="ascii") as file:
        file.write(GREETING)


def shared_folder(context):
    os.makedirs(context.file("host/sub"))
    with open(context.file("host/seen"), "w", encoding="ascii") as file:
        file.write("from the host\n")


def changed_elf(changes, size=None, source="hello"):
    """A setup function: a copy of a program as {work}/bad, with bytes changed and cut to a size."""
    def setup(context):
        with open(context.bin(source), "rb") as file:
            data = bytearray(file.read(size))
        for offset, value in changes.items():
            data[offset:offset + len(value)] = value
        write_program(context.file("bad"), data)
    return setup


def write_program(path, data):
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, 0o755)


def text_file(context):
    write_program(context.file("bad"), b"#include <stdio.h>\nint main(void) { return 0; }\n")


def empty_file(context):
    write_program(context.file("bad"), b"")


def unreadable_file(context):
    write_program(context.file("bad"), b"x")
    os.chmod(context.file("bad"), 0)


def folder_as_library(context):
    os.makedirs(context.file("lib/libgreet.so"))


def lonely_program(context):
    """A program that wants an interpreter, in a folder with nothing else."""
    with open(context.bin("hello-dyn"), "rb") as file:
        write_program(context.file("bad"), file.read())
