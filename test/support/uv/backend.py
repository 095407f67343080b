"""Builds the project in whose folder it is, from `src`, without any other package."""

import os
import tomllib
import zipfile


def build(folder, files):
    with open("pyproject.toml", "rb") as file:
        project = tomllib.load(file)["project"]
    name = f"{project['name'].replace('-', '_')}-{project['version']}"
    requires = "".join(f"Requires-Dist: {each}\n" for each in project.get("dependencies", []))
    files = {
        **files,
        f"{name}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {project['name']}\n"
        f"Version: {project['version']}\n{requires}",
        f"{name}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: backend\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = f"{name}.dist-info/RECORD"
    files[record] = "".join(f"{path},,\n" for path in [*files, record])
    with zipfile.ZipFile(os.path.join(folder, f"{name}-py3-none-any.whl"), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return f"{name}-py3-none-any.whl"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    files = {}
    for folder, _, names in os.walk("src"):
        for name in names:
            path = os.path.join(folder, name)
            with open(path) as file:
                files[os.path.relpath(path, "src")] = file.read()
    return build(wheel_directory, files)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return build(wheel_directory, {"_editable.pth": os.path.abspath("src")})
