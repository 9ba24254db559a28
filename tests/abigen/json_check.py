"""
Looks into what abigen --json wrote.

    json_check.py form FILE...              it is JSON, laid out as it should be
    json_check.py calls FILE                prints the names and eras, as in calls.txt
    json_check.py texts FILE                prints the texts of every call
    json_check.py valid SCHEMA FILE...      it is as the schema says
    json_check.py rejects SCHEMA FILE       the schema does not let broken forms of it pass
"""

import copy
import json
import sys


def unique(pairs):
    """An object's members, none of which may stand there twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError(f"members given twice: {[name for name, _ in pairs]}")
    return members


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    return text, json.loads(text, object_pairs_hook=unique)


def form(paths):
    for path in paths:
        text, document = read(path)
        if text != json.dumps(document, indent=2, ensure_ascii=False) + "\n":
            raise ValueError(f"{path}: not laid out as it should be")


def calls(path):
    for call in read(path)[1]["syscalls"]:
        if "variant_of" not in call:
            eras = (sorted({era["first"], era["last"]}) for era in call["eras"])
            print(call["name"], ", ".join(" to ".join(era) for era in eras))


def texts(path):
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False)
    for call in read(path)[1]["syscalls"]:
        for text in (call["top_description"], *call["requirements"],
                     *(error["when"] for error in call["errors"]), call["state"].get("reason")):
            if text:
                print(text, file=out)
    out.close()


def validator(path):
    import jsonschema

    schema = read(path)[1]
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def valid(schema, paths):
    checker = validator(schema)
    for path in paths:
        checker.validate(read(path)[1])


DELETE = object()

# What makes a correct document wrong: a definition, a place in it, and what is put there.
BREAKS = [
    ("lamp_light", ["name"], DELETE),
    ("lamp_light", ["name"], "2lamps"),
    ("lamp_light", ["name"], "lamp light"),
    ("lamp_light", ["colour"], "red"),
    ("lamp_light", ["attributes"], []),
    ("lamp_light", ["attributes"], "*"),
    ("lamp_light", ["attributes"], ["const"]),
    ("lamp_light", ["attributes"], ["*", "not a word"]),
    ("lamp_light", ["attributes"], ["*", "vdsocall", "internal"]),
    ("lamp_light", ["top_description"], ["Light", "a", "lamp"]),
    ("lamp_light", ["requirements"], "a lamp"),
    ("lamp_light", ["requirements", 0], 1),
    ("lamp_light", ["requirements", 0], "a lamp\nthat burns"),
    ("lamp_light", ["return_type"], "const char *"),
    ("lamp_light", ["return_type"], "string"),
    ("lamp_light", ["where"], "elsewhere"),
    ("lamp_light", ["eras"], {}),
    ("lamp_light", ["eras"], []),
    ("lamp_light", ["eras"], [{"first": "2018-07", "last": "2018-07"}] * 5),
    ("lamp_light", ["eras", 0], "newest"),
    ("lamp_light", ["eras", 0, "first"], "2018-08"),
    ("lamp_light", ["eras", 0, "last"], DELETE),
    ("lamp_light", ["eras", 0, "middle"], "2018-12"),
    ("lamp_light", ["errors"], {}),
    ("lamp_light", ["errors", 0], "ZX_ERR_BAD_HANDLE"),
    ("lamp_light", ["errors", 0, "status"], "ENOENT"),
    ("lamp_light", ["errors", 0, "status"], -11),
    ("lamp_light", ["errors", 0, "when"], ""),
    ("lamp_light", ["errors", 0, "when"], DELETE),
    ("lamp_light", ["errors", 0, "why"], "it happens"),
    ("lamp_light", ["state"], DELETE),
    ("lamp_light", ["state"], "implemented"),
    ("lamp_light", ["state", "kind"], "done"),
    ("lamp_light", ["state", "kind"], DELETE),
    ("lamp_light", ["state", "since"], "2018-07"),
    ("lamp_light", ["state", "status"], "ZX_ERR_INTERNAL"),
    ("lamp_light", ["state", "reason"], "it works"),
    ("lamp_light", ["number"], DELETE),
    ("lamp_light", ["number"], -1),
    ("lamp_light", ["number"], "1"),
    ("lamp_light", ["arguments"], {}),
    ("lamp_light", ["arguments"],
     [{"name": "a", "type": "int", "is_array": False, "attributes": []}] * 9),
    ("lamp_light", ["arguments", 0], "handle"),
    ("lamp_light", ["arguments", 0, "name"], DELETE),
    ("lamp_light", ["arguments", 0, "default"], 0),
    ("lamp_light", ["arguments", 0, "is_array"], "no"),
    ("lamp_light", ["arguments", 0, "array_count"], 1),
    ("lamp_light", ["arguments", 0, "array_multipliers"], ["options"]),
    ("lamp_light", ["arguments", 0, "type"], "any"),
    ("lamp_light", ["arguments", 0, "attributes"], "features"),
    ("lamp_light", ["arguments", 0, "attributes"], ["OUT"]),
    ("lamp_light", ["arguments", 0, "attributes"], ["features", "features"]),
    ("lamp_light", ["arguments", 1, "shown"], "well"),
    ("lamp_light", ["arguments", 1, "shown"], DELETE),
    ("lamp_light", ["arguments", 1, "set"], ["a"]),
    ("lamp_arrays", ["arguments", 2, "filled"], 1),
    ("lamp_light_2018", ["variant_of"], None),
    ("lamp_explode", ["state", "status"], DELETE),
    ("lamp_explode", ["state", "reason"], ""),
    ("lamp_get_max", ["number"], 100),
    ("lamp_get_max", ["state"],
     {"kind": "refused", "status": "ZX_ERR_INTERNAL", "reason": "it cannot be"}),
    ("lamp_break", ["return_type"], "zx_status_t"),
    ("lamp_wait", ["return_type"], "uint32_t"),
    ("lamp_arrays", ["arguments", 0, "array_count"], 1),
    ("lamp_arrays", ["arguments", 0, "array_multipliers"], DELETE),
    ("lamp_arrays", ["arguments", 0, "array_multipliers"], "num_bytes"),
    ("lamp_arrays", ["arguments", 0, "array_multipliers"], []),
    ("lamp_arrays", ["arguments", 0, "array_multipliers"], ["2"]),
    ("lamp_arrays", ["arguments", 0, "array_multipliers"], list("abcdefghi")),
    ("lamp_arrays", ["arguments", 0, "attributes"], []),
    ("lamp_arrays", ["arguments", 0, "attributes"], ["IN", "OUT"]),
    ("lamp_arrays", ["arguments", 0, "attributes"], ["IN", "handle_lost"]),
    ("lamp_arrays", ["arguments", 2, "array_count"], 0),
    ("lamp_arrays", ["arguments", 2, "array_count"], 4294967296),
    ("lamp_arrays", ["arguments", 2, "array_count"], "2"),
]

WHOLES = [[], {}, {"syscalls": {}}, {"syscalls": [], "more": 0}, {"syscalls": [None]}]


def broken(document, name, place, value):
    document = copy.deepcopy(document)
    part = next(call for call in document["syscalls"] if call["name"] == name)
    for step in place[:-1]:
        part = part[step]
    if value is DELETE:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return document


def rejects(schema, path):
    checker = validator(schema)
    whole = read(path)[1]
    checker.validate(whole)
    passed = [change for change in BREAKS if checker.is_valid(broken(whole, *change))]
    passed += [document for document in WHOLES if checker.is_valid(document)]
    if passed:
        raise ValueError(f"the schema lets pass: {passed}")


COMMANDS = {
    "form": lambda *paths: form(paths),
    "calls": calls,
    "texts": texts,
    "valid": lambda schema, *paths: valid(schema, paths),
    "rejects": rejects,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
