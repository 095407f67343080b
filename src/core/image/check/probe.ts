/** Limit for importing one package, in seconds. */
const importLimitSeconds = 300;

/**
 * Program that imports packages in an image, each module in a process of its own, and prints a line of JSON for each
 * package. Its arguments are a word that begins each line, and the packages. Runs on Python 3.8 and newer.
 */
export const probeProgram = `import json, subprocess, sys

try:
    from importlib import metadata
except ImportError:
    metadata = None

marker, packages = sys.argv[1], sys.argv[2:]
left_out = {"test", "tests", "testing", "doc", "docs", "example", "examples", "benchmark", "benchmarks", "scripts"}


def tell(**entry):
    sys.stdout.write(marker + " " + json.dumps(entry) + "\\n")
    sys.stdout.flush()


def modules_of(dist):
    inits, files = set(), set()
    for path in list(dist.files or [])[:100000]:
        parts = path.parts
        end = parts[-1].split(".", 1)
        if len(end) != 2 or not (end[1] == "py" or end[1].endswith(("so", "pyd"))):
            continue
        names = parts[:-1] + (end[0],)
        if end[0] == "__init__":
            inits.add(parts[:-1])
        elif all(name.isidentifier() for name in names):
            files.add(names)
    found = set()
    for names in sorted(inits | files, key=len):
        if not names or not all(name.isidentifier() for name in names):
            continue
        # A folder without __init__.py belongs to several packages, so what is in it is imported.
        if any(names[:size] in found for size in range(1, len(names))):
            continue
        if len(names) > 1 and names not in inits:
            continue
        found.add(names)
    found = {names for names in found if names[0] not in left_out}
    public = {names for names in found if not names[-1].startswith("_")}
    if not found and dist.files is None:
        text = dist.read_text("top_level.txt") or dist.metadata["Name"].replace("-", "_")
        found = public = {(name,) for name in text.split()}
    return sorted(".".join(names) for names in (public or found))[:5]


def failure_of(module):
    command = [sys.executable, "-c", "import importlib, sys; importlib.import_module(sys.argv[1])", module]
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(command, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, timeout=${importLimitSeconds})
    except subprocess.TimeoutExpired:
        return "still importing after ${importLimitSeconds} s"
    if done.returncode == 0:
        return None
    if done.returncode < 0:
        return "ended by signal %d" % -done.returncode
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return (lines[-1] if lines else "exit code %d" % done.returncode)[:500]


tell(python=".".join(str(part) for part in sys.version_info[:3]))
for package in packages if metadata else []:
    try:
        dist = metadata.distribution(package)
    except metadata.PackageNotFoundError:
        tell(package=package, outcome="missing")
        continue
    version = str(dist.version)[:100]
    modules = modules_of(dist)
    failures = [(module, failure_of(module)) for module in modules]
    failed = [(module, message) for module, message in failures if message]
    if failed:
        module, message = failed[0]
        tell(package=package, version=version, outcome="failed", module=module, message=message)
    else:
        tell(package=package, version=version, outcome="imported" if modules else "noModules")
`;
