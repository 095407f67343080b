#!/usr/bin/python3
"""A stand-in for uv in tests: takes its options by a table of its reference, and does the work with pip.

It fails where uv fails: for options and variables that uv doesn't have, an interpreter, environment, project, or lock
file that isn't there, a lock file that no longer fits, and a Python that a project doesn't run on.
"""

import glob
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

sys.path.insert(0, "/usr/lib/python3/dist-packages")
from pip._vendor.packaging.markers import Marker
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.specifiers import SpecifierSet
from pip._vendor.packaging.utils import canonicalize_name

TABLE = json.loads("""@OPTIONS@""")
TRUE, FALSE = {"1", "true", "t", "yes", "y", "on"}, {"0", "false", "f", "no", "n", "off", ""}


def fail(message, code=2):
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)


class Options:
    """The options and arguments of a command, the variables of the environment included."""

    def __init__(self, words):
        self.given, self.rest = {}, []
        names = [name for name in TABLE["commands"]]
        plain = [word for word in words if not word.startswith("-")]
        self.command = next((n for n in names if n.split() == plain[: len(n.split())]), None)
        if self.command is None:
            fail(f"unrecognized subcommand '{' '.join(plain[:2])}'")
        self.table = {**TABLE["global"], **TABLE["commands"][self.command]}
        self.parse(words, self.command.split())
        self.check()
        self.read_variables()

    def parse(self, words, command):
        words = list(words)
        command = list(command)
        while words:
            word = words.pop(0)
            if command and word == command[0]:
                command.pop(0)
            elif not word.startswith("-") or word == "-":
                self.rest.append(word)
            else:
                name, equals, value = word.partition("=")
                known = self.find(name)
                if known is None:
                    fail(f"unexpected argument '{name}' found")
                self.take(known, value if equals else None, words)

    def find(self, name):
        for long, option in self.table.items():
            if name in (long, option.get("short"), *option.get("alias", [])):
                return long
        return None

    def take(self, name, value, words):
        option = self.table[name]
        if option.get("value"):
            if value is None:
                if not words:
                    fail(f"a value is required for '{name}' but none was supplied")
                value = words.pop(0)
        elif value is not None:
            fail(f"unexpected value '{value}' for '{name}' found; no more were expected")
        if name in self.given and not option.get("many"):
            fail(f"the argument '{name}' cannot be used multiple times")
        self.given.setdefault(name, []).append(True if value is None else value)

    def check(self):
        for name in self.given:
            for other in self.table[name].get("conflicts", []):
                if other in self.given:
                    fail(f"the argument '{name}' cannot be used with '{other}'")

    def read_variables(self):
        for variable in os.environ:
            known = variable in TABLE["variables"] or re.fullmatch(r"UV_INDEX_\w+_(USERNAME|PASSWORD)", variable)
            if variable.startswith("UV_") and not known:
                fail(f"uv has no variable {variable}")
        for name, option in self.table.items():
            value = os.environ.get(option.get("env", ""))
            if value is None or name in self.given:
                continue
            if option.get("value"):
                if value != "":
                    self.given[name] = value.split() if option.get("many") else [value]
            elif value.lower() in TRUE:
                self.given[name] = [True]
            elif value.lower() not in FALSE:
                fail(f"invalid value '{value}' for '{name}'")

    def has(self, *names):
        return any(name in self.given for name in names)

    def all(self, *names):
        return [value for name in names for value in self.given.get(name, [])]

    def last(self, *names):
        return (self.all(*names) or [None])[-1]


def version_of(python):
    code = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
    return subprocess.check_output([python, "-c", code], text=True).strip()


def runs(path):
    return os.path.isfile(path) and os.access(path, os.X_OK)


def interpreter(request):
    """The interpreter of a request: a path, a version, a range of versions, or any."""
    if request is not None and ("/" in request):
        path = os.path.join(request, "bin/python") if os.path.isdir(request) else request
        return path if runs(path) else fail(f"No interpreter found at path `{request}`")
    names = sorted({os.path.basename(p) for d in path_folders() for p in glob.glob(f"{d}/python*")})
    names = [n for n in ["python", "python3", *names] if re.fullmatch(r"python(\d(\.\d+)?)?", n)]
    for name in dict.fromkeys(names):
        for folder in path_folders():
            path = os.path.join(folder, name)
            is_virtual = os.path.exists(os.path.join(folder, "../pyvenv.cfg"))
            if runs(path) and not is_virtual and suits(version_of(path), request):
                return path
    wanted = f"Python {request}" if request else "any Python"
    fail(f"No interpreter found for {wanted} in managed installations or search path")


def path_folders():
    return [folder for folder in os.environ.get("PATH", "").split(":") if folder]


def suits(version, request):
    if request is None:
        return True
    if re.fullmatch(r"\d+(\.\d+){0,2}", request):
        return version == request or version.startswith(f"{request}.")
    return SpecifierSet(request).contains(version, prereleases=True)


def venv(options):
    target = Path(options.rest[0] if options.rest else ".venv")
    python = interpreter(options.last("--python"))
    if target.exists() and any(target.iterdir()) and not options.has("--clear", "--allow-existing"):
        fail(f"Failed to create virtual environment: a directory already exists at: {target}")
    extra = ["--system-site-packages"] if options.has("--system-site-packages") else []
    subprocess.check_call([python, "-m", "venv", "--without-pip", *extra, str(target)])


def environment(options):
    """The interpreter that packages are installed for."""
    request = options.last("--python")
    if request is not None:
        return interpreter(request)
    folder = os.environ.get("VIRTUAL_ENV") or ".venv"
    python = os.path.join(folder, "bin/python")
    if options.has("--system"):
        return interpreter(None)
    return python if runs(python) else fail("No virtual environment found; run `uv venv` to create an environment")


def pip(python, options, words):
    command = ["/usr/bin/python3", "-m", "pip", "--python", python, "--disable-pip-version-check", "--isolated"]
    command.append("install")
    command += ["--root-user-action", "ignore", "--compile" if options.has("--compile-bytecode") else "--no-compile"]
    command += ["--no-cache-dir"] if options.has("--no-cache") else []
    code = subprocess.call(command + words)
    if code != 0:
        fail("Failed to install", 1)


def expanded(text):
    return re.sub(r"\$\{(\w+)\}", lambda m: os.environ.get(m.group(1), m.group(0)), text)


def index_words(options):
    index = options.last("--index-url", "--default-index")
    words = ["--index-url", expanded(index)] if index else []
    for url in options.all("--index", "--extra-index-url"):
        words += ["--extra-index-url", expanded(url.split("=", 1)[-1] if re.match(r"\w+=", url) else url)]
    for place in options.all("--find-links"):
        words += ["--find-links", place]
    words += ["--no-index"] if options.has("--no-index") else []
    allows = options.has("--pre") or options.last("--prerelease") == "allow"
    return words + (["--pre"] if allows else [])


def pip_install(options):
    python = environment(options)
    words = index_words(options)
    words += ["--no-deps"] if options.has("--no-deps") else []
    words += ["--force-reinstall"] if options.has("--reinstall") else []
    words += ["--upgrade"] if options.has("--upgrade") else []
    for name, option in (("--requirements", "-r"), ("--constraints", "-c")):
        for file in options.all(name):
            if "://" not in file and not os.path.exists(file):
                fail(f"File not found: `{file}`")
            words += [option, file]
    for path in options.all("--editable"):
        words += ["-e", path]
    for package in options.rest:
        if re.match(r"[./]", package) and not os.path.exists(package):
            fail(f"Distribution not found at: file://{os.path.abspath(package)}")
        words.append(expanded(package))
    if not options.rest and not options.has("--requirements", "--editable"):
        needed = "<PACKAGE|--requirements <REQUIREMENTS>|--editable <EDITABLE>>"
        fail(f"the following required arguments were not provided: {needed}")
    pip(python, options, words)


class Project:
    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        file = self.folder / "pyproject.toml"
        if not file.is_file():
            fail(f"No `pyproject.toml` found in `{folder}`")
        self.content = tomllib.loads(file.read_text())
        self.project = self.content.get("project", {})
        self.uv = self.content.get("tool", {}).get("uv", {})
        self.name = canonicalize_name(self.project["name"]) if "name" in self.project else None
        self.is_package = self.uv.get("package", "build-system" in self.content)

    def groups(self, options):
        """The requirements of the dependency groups that are installed."""
        named = {canonicalize_name(k): v for k, v in self.content.get("dependency-groups", {}).items()}
        if "dev-dependencies" in self.uv:
            named["dev"] = [*named.get("dev", []), *self.uv["dev-dependencies"]]
        chosen = set() if options.has("--no-default-groups") else set(self.uv.get("default-groups", ["dev"]))
        chosen |= set(options.all("--group", "--only-group"))
        chosen |= {"dev"} if options.has("--dev", "--only-dev") else set()
        chosen = set(named) if options.has("--all-groups") else chosen
        chosen -= set(options.all("--no-group")) | ({"dev"} if options.has("--no-dev") else set())
        for group in set(options.all("--group", "--only-group")) - set(named):
            fail(f"Group `{group}` is not defined in the project's `dependency-groups` table")
        return [each for group in chosen for each in named.get(group, []) if isinstance(each, str)]

    def extras(self, options):
        optional = {canonicalize_name(k): v for k, v in self.project.get("optional-dependencies", {}).items()}
        for extra in options.all("--extra"):
            if canonicalize_name(extra) not in optional:
                fail(f"Extra `{extra}` is not defined in the project's `optional-dependencies` table")
        chosen = optional if options.has("--all-extras") else [canonicalize_name(e) for e in options.all("--extra")]
        return [each for extra in chosen for each in optional[extra]]

    def source(self, name, root):
        for project in (self, root):
            for key, value in project.uv.get("sources", {}).items():
                if canonicalize_name(key) == name:
                    return project, value
        return self, None


def workspace(project):
    """The root of a project's workspace and all its members, by their names."""
    for folder in (project.folder, *project.folder.parents):
        if not (folder / "pyproject.toml").is_file():
            continue
        root = Project(folder)
        patterns = root.uv.get("workspace")
        if patterns is None:
            continue
        excluded = {p for pattern in patterns.get("exclude", []) for p in folder.glob(pattern)}
        named = [p for pattern in patterns.get("members", []) for p in sorted(folder.glob(pattern))]
        members = [p for p in named if p not in excluded]
        found = [Project(p) for p in members if (p / "pyproject.toml").is_file()]
        if folder == project.folder or project.folder in [p.folder for p in found]:
            return root, {p.name: p for p in [root, *found] if p.name}
    return project, {project.name: project} if project.name else {}


def indexes(root, options):
    given = [expanded(url) for url in options.all("--index-url", "--default-index", "--extra-index-url", "--index")]
    named = [each["url"] for each in root.uv.get("index", [])]
    is_replaced = options.has("--index-url", "--default-index")
    is_replaced = is_replaced or any(each.get("default") for each in root.uv.get("index", []))
    default = [] if is_replaced else ["https://pypi.org/simple"]
    return [url.rstrip("/") for url in [*given, *named, *default]]


def check_lock(lock, root, members, options):
    stale = (
        "The lockfile at `uv.lock` needs to be updated, but `--locked` was provided. "
        "To update the lockfile, run `uv lock`."
    )
    known = indexes(root, options)
    packages = {canonicalize_name(p["name"]): p for p in lock.get("package", [])}
    if sorted(lock.get("manifest", {}).get("members", [])) != (sorted(members) if len(members) > 1 else []):
        fail(stale)
    for package in packages.values():
        registry = package["source"].get("registry")
        if registry is not None and registry.rstrip("/") not in known:
            fail(stale)
    if (options.has("--pre") or options.has("--prerelease")) and lock.get("options", {}).get("prerelease-mode") is None:
        fail(stale)
    for name, member in members.items():
        dependencies = member.project.get("dependencies", [])
        wanted = sorted({str(Requirement(d)).split(";")[0].replace(" ", "") for d in dependencies})
        locked = packages.get(name, {}).get("metadata", {}).get("requires-dist")
        if name not in packages:
            fail(stale)
        if locked is not None:
            known_ones = sorted({d["name"] + d.get("specifier", "") for d in locked})
            if known_ones != [re.sub(r"\[.*?\]|@.*", "", w) for w in wanted]:
                fail(stale)
    for package in packages.values():
        place = package["source"].get("directory") or package["source"].get("editable")
        if place is None:
            continue
        if not any((root.folder / place / name).is_file() for name in ("pyproject.toml", "setup.py")):
            fail(f"Distribution not found at: file://{root.folder / place}")


def from_lock(lock, root, project, options):
    """The requirements that installing a project from its lock file means, as pip takes them."""
    packages = {canonicalize_name(p["name"]): p for p in lock.get("package", [])}
    start = packages.get(project.name)
    if start is None:
        fail(f"Project `{project.name}` is not in the lockfile")
    groups = {canonicalize_name(Requirement(each).name) for each in project.groups(options)}
    extras = {canonicalize_name(Requirement(each).name) for each in project.extras(options)}
    only = options.has("--only-group", "--only-dev")
    pending = [*groups, *([] if only else [*extras, *names_in(start.get("dependencies", []))])]
    found, words, index = {}, [], None
    while pending:
        name = pending.pop()
        if name in found or name == project.name or name not in packages:
            continue
        found[name] = packages[name]
        pending += names_in(packages[name].get("dependencies", []))
        pending += [n for extra in packages[name].get("optional-dependencies", {}).values() for n in names_in(extra)]
    for name, package in sorted(found.items()):
        source = package["source"]
        if "registry" in source:
            index = source["registry"]
            words.append(f"{name}=={package['version']}")
        elif "directory" in source or ("editable" in source and options.has("--no-editable")):
            words.append(local(root.folder / (source.get("directory") or source["editable"])))
        elif "editable" in source:
            words += ["-e", local(root.folder / source["editable"])]
        elif "path" in source:
            words.append(local(root.folder / source["path"]))
        elif "git" in source:
            if not any(runs(f"{folder}/git") for folder in path_folders()):
                fail("Git executable not found. Ensure that Git is installed and available.")
            words.append(f"{name} @ git+{source['git'].split('?')[0].split('#')[0]}")
    index = options.last("--index-url", "--default-index") or index
    return words + (["--index-url", expanded(index)] if index else []) + ["--no-deps"]


def names_in(dependencies):
    return [canonicalize_name(d["name"]) for d in dependencies if "marker" not in d or Marker(d["marker"]).evaluate()]


def local(path):
    path = os.path.normpath(path)
    return path if os.path.exists(path) else fail(f"Distribution not found at: file://{path}")


def resolved(root, project, members, options):
    """The same of a project without a lock file, which uv would write."""
    words, pins, pending, seen = [], [], [(project, True)], {project.folder}
    while pending:
        owner, is_start = pending.pop()
        further = [*owner.groups(options), *owner.extras(options)] if is_start else []
        wanted = [*owner.project.get("dependencies", []), *further]
        for each in wanted:
            name = canonicalize_name(Requirement(each).name)
            namer, source = owner.source(name, root)
            for entry in source if isinstance(source, list) else [source] if source else []:
                if entry.get("workspace"):
                    folder = members[name].folder
                elif "path" in entry:
                    folder = namer.folder / entry["path"]
                else:
                    continue
                path = local(folder)
                pins.append(f"{name} @ file://{path}")
                if Path(path) not in seen and (Path(path) / "pyproject.toml").is_file():
                    seen.add(Path(path))
                    pending.append((Project(path), False))
            if is_start:
                words.append(each)
    (root.folder / "uv.lock").write_text("version = 1\n")
    default = next((e["url"] for e in root.uv.get("index", []) if e.get("default")), None)
    index = ["--index-url", default] if default and not options.has("--index-url", "--default-index") else []
    constraints = Path("/tmp/uv-sources.txt")
    constraints.write_text("\n".join(pins))
    return [*words, *index, *index_words(options), "-c", str(constraints)] if words else []


def sync(options):
    project = Project(options.last("--project") or ".")
    if "name" not in project.project and "workspace" not in project.uv:
        fail(f"No `project` table found in: `{project.folder}/pyproject.toml`")
    root, members = workspace(project)
    chosen = options.last("--package")
    if chosen is not None:
        project = members.get(canonicalize_name(chosen)) or fail(f"Package `{chosen}` not found in workspace")
    folder = os.environ.get("VIRTUAL_ENV") if options.has("--active") else os.environ.get("UV_PROJECT_ENVIRONMENT")
    python = interpreter(options.last("--python") or os.path.join(folder or root.folder / ".venv", "bin/python"))
    required = project.project.get("requires-python")
    if required and not SpecifierSet(required).contains(version_of(python), prereleases=True):
        fail(
            f"The requested interpreter resolved to Python {version_of(python)}, "
            f"which is incompatible with the project's Python requirement: `{required}`"
        )
    file = root.folder / "uv.lock"
    if options.has("--locked", "--frozen") and not file.is_file():
        fail("Unable to find lockfile at `uv.lock`. To create a lockfile, run `uv lock` or `uv sync`.")
    if file.is_file():
        lock = tomllib.loads(file.read_text())
        if options.has("--locked"):
            check_lock(lock, root, members, options)
        words = from_lock(lock, root, project, options)
    else:
        words = resolved(root, project, members, options)
    if [word for word in words if not word.startswith("-")]:
        pip(python, options, words)
    if project.is_package and not options.has("--no-install-project", "--no-install-workspace"):
        pip(python, options, ["--no-deps", *([] if options.has("--no-editable") else ["-e"]), str(project.folder)])


if __name__ == "__main__":
    asked = Options(sys.argv[1:])
    {"venv": venv, "pip install": pip_install, "sync": sync}[asked.command](asked)
