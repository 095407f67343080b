"""Answers, for cases on standard input, with what docker-py takes into a context as ZenML calls it."""

import json
import os
import re
import sys
import tempfile
import warnings

from docker.utils.build import exclude_paths


def write_tree(root, files, ignore):
    for file in files:
        name, _, target = file.partition(" -> ")
        full = os.path.join(root, name)
        os.makedirs(full if name.endswith("/") else os.path.dirname(full), exist_ok=True)
        if target:
            os.symlink(target, full)
        elif not name.endswith("/"):
            with open(full, "w") as stream:
                stream.write(name)
    with open(os.path.join(root, ".dockerignore"), "w", newline="") as stream:
        stream.write(ignore)


def patterns_of(root):
    """ZenML's `BuildContext._parse_dockerignore`, which follows its `io_utils.read_file_contents_as_string`."""
    with open(os.path.join(root, ".dockerignore")) as stream:
        lines = [line.strip() for line in stream.read().split("\n")]
    return [line for line in lines if line and not line.startswith("#")] + ["!/.zen"]


def answer(case):
    with tempfile.TemporaryDirectory() as root:
        write_tree(root, case["files"], case["dockerignore"])
        try:
            paths = exclude_paths(root, patterns_of(root))
        except re.error as error:
            return {"error": error.msg}
        is_directory = lambda path: os.path.isdir(os.path.join(root, path)) and not os.path.islink(os.path.join(root, path))
        return {"included": [path + "/" if is_directory(path) else path for path in paths]}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
