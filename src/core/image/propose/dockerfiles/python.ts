import { ImageBuilderError } from "../../../base/errors";
import { defaultPython } from "../../definition/pythonVersion";
import { poetryVersion, renderOptions } from "../../definition/renderOptions";
import { pythonOfFolder } from "../../resolve/python";
import { createUser, dockerfileOf, execForm, switchUser, type DockerfileDraft } from "./dockerfileProposal";
import { textOf, type ProjectFolder } from "./projectFolder";

const ignored = ["**/.venv", "**/venv", "**/__pycache__", "**/*.py[cod]", "**/.pytest_cache", "**/.mypy_cache"];

/** Installation of the packages: in the stage `build`, into a virtual environment. */
interface Install {
  readonly kind: DockerfileDraft["kind"];
  readonly source: string;
  /** Path of the virtual environment. */
  readonly venv: string;
  readonly lines: readonly string[];
}

/** Proposes a Dockerfile for a Python project; undefined if there is none. */
export async function pythonDockerfile(folder: ProjectFolder): Promise<DockerfileDraft | undefined> {
  const install = await installOf(folder);
  if (!install) return undefined;
  const base = `python:${versionOf(folder)}-slim-bookworm`;
  const { kind, source, venv, lines } = install;
  const text = dockerfileOf([
    `FROM ${base} AS build`,
    ...lines,
    "",
    `FROM ${base}`,
    `ENV PATH="${venv}/bin:$PATH" PYTHONUNBUFFERED=1`,
    createUser,
    "WORKDIR /app",
    `COPY --from=build ${venv} ${venv}`,
    "COPY . .",
    switchUser,
    ...startOf(folder),
  ]);
  return { kind, source, text, ignored };
}

async function installOf(folder: ProjectFolder): Promise<Install | undefined> {
  const { names } = folder;
  const hasProject = names.has("pyproject.toml");
  if (hasProject && names.has("uv.lock")) return withUv();
  if (hasProject && (names.has("poetry.lock") || /^\[tool\.poetry\]/m.test(await textOf(folder, "pyproject.toml"))))
    return withPoetry(names);
  if (names.has("requirements.txt"))
    return withPip("pip", "requirements.txt", [
      "COPY requirements.txt /tmp/",
      "RUN --mount=type=cache,target=/root/.cache/pip pip install --requirement /tmp/requirements.txt",
    ]);
  if (hasProject)
    return withPip("pyproject", "pyproject.toml", [
      "WORKDIR /src",
      "COPY . .",
      "RUN --mount=type=cache,target=/root/.cache/pip pip install .",
    ]);
  return undefined;
}

function withUv(): Install {
  const sync = "RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-dev";
  return {
    kind: "uv",
    source: "uv.lock",
    venv: "/opt/venv",
    lines: [
      `COPY --from=${renderOptions({}).uvImage} /uv /usr/local/bin/uv`,
      "ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/venv",
      "WORKDIR /src",
      "COPY pyproject.toml uv.lock ./",
      `${sync} --no-install-workspace`,
      "COPY . .",
      `${sync} --no-editable`,
    ],
  };
}

function withPoetry(names: ReadonlySet<string>): Install {
  const files = ["pyproject.toml", ...["poetry.lock"].filter((name) => names.has(name))];
  return {
    kind: "poetry",
    source: "pyproject.toml",
    venv: "/opt/venv",
    lines: [
      `RUN --mount=type=cache,target=/root/.cache/pip pip install poetry==${poetryVersion} && python -m venv /opt/venv`,
      // Poetry installs into the environment that is active.
      'ENV VIRTUAL_ENV=/opt/venv PATH="/opt/venv/bin:$PATH" POETRY_NO_INTERACTION=1',
      "WORKDIR /src",
      `COPY ${files.join(" ")} ./`,
      "RUN --mount=type=cache,target=/root/.cache/pypoetry poetry install --only main --no-root",
    ],
  };
}

function withPip(kind: Install["kind"], source: string, lines: readonly string[]): Install {
  return {
    kind,
    source,
    venv: "/opt/venv",
    lines: ["RUN python -m venv /opt/venv", 'ENV PATH="/opt/venv/bin:$PATH"', ...lines],
  };
}

function versionOf({ path, within }: ProjectFolder): string {
  try {
    return (pythonOfFolder(path, within)?.version ?? defaultPython).join(".");
  } catch (error) {
    if (!ImageBuilderError.is(error)) throw error;
    return defaultPython.join(".");
  }
}

function startOf({ names }: ProjectFolder): string[] {
  if (names.has("manage.py"))
    return ["EXPOSE 8000", `CMD ${execForm("python", "manage.py", "runserver", "0.0.0.0:8000")}`];
  const script = ["main.py", "app.py", "__main__.py"].find((name) => names.has(name));
  if (script !== undefined) return [`CMD ${execForm("python", script)}`];
  return ["# Replace this with the command that starts the program.", `CMD ${execForm("python")}`];
}
