import { basename, dirname, posix } from "node:path";
import type { ContextLayout } from "../files/contextLayout";
import { plainDependencies } from "../files/plainDependencies";
import { levelsAbove, projectParts, type ProjectPart } from "../resolve/projectParts";
import type { PoetryProjectStep, UvProjectStep } from "../resolve/steps";
import { install, pipWords, uvCache } from "./python";
import { shellWord } from "./quote";
import type { CompleteRenderOptions } from "./renderOptions";
import { run, type Mount } from "./run";

type Installer = CompleteRenderOptions["installer"];

/** Folder where projects are mounted during their installation; nothing remains there. */
const projectsFolder = "/root/.flyte";
const virtualEnv = "VIRTUAL_ENV=${VIRTUAL_ENV-/opt/venv}";
const poetryCache: Mount = { cache: "/tmp/poetry_cache", id: "poetry" };

/** Renders the installation of a project, or only of its dependencies, with uv. */
export function uvProject(step: UvProjectStep, installer: Installer, layout: ContextLayout): string {
  if (installer === "pip") return plainProject(step, layout);
  const { target, mounts } = mountProject(step, "uv.lock", layout);
  const flags =
    step.mode === "install_project"
      ? ["--no-editable"]
      : step.pip.extraArgs?.split(/\s+/).includes("--no-install-project")
        ? []
        : ["--no-install-project"];
  const command = [virtualEnv, "uv sync --active --inexact", ...pipWords(step.pip), ...flags, "--project", target];
  return run(command.join(" "), { mounts: [uvCache, ...mounts], secrets: step.pip.secrets });
}

/** Renders the installation of a project, or only of its dependencies, with Poetry, which is installed first. */
export function poetryProject(step: PoetryProjectStep, installer: Installer, layout: ContextLayout): string[] {
  const { target, mounts } = mountProject(step, "poetry.lock", layout);
  const extraArgs = step.extraArgs === undefined ? [] : [step.extraArgs];
  const noRoot =
    step.mode === "install_project" || step.extraArgs?.split(/\s+/).includes("--no-root") ? [] : ["--no-root"];
  return [
    install(installer, { extraIndexUrls: [], pre: false, secrets: [] }, "poetry"),
    "ENV POETRY_CACHE_DIR=/tmp/poetry_cache POETRY_VIRTUALENVS_IN_PROJECT=true",
    run([virtualEnv, "poetry install", ...extraArgs, ...noRoot, "-C", target].join(" "), {
      mounts: [poetryCache, ...mounts],
      secrets: step.secrets,
    }),
  ];
}

/**
 * Renders the installation of a uv project with pip, which supports no lock file, but gets the locked versions as
 * constraints.
 */
function plainProject(step: UvProjectStep, layout: ContextLayout): string {
  const { dependencies, constraints } = plainDependencies(step.pyproject, step.lock);
  const { target, mounts } =
    step.mode === "install_project" ? mountProject(step, "uv.lock", layout) : { target: "", mounts: [] };
  const pins: Mount[] =
    constraints === undefined
      ? []
      : [
          {
            context: layout.place({ kind: "content", name: "constraints.txt", content: constraints }),
            target: "/tmp/constraints.txt",
          },
        ];
  const what = step.mode === "install_project" ? [target] : dependencies.map(shellWord);
  const options = pins.length > 0 ? ["--constraint /tmp/constraints.txt"] : [];
  return install("pip", step.pip, [...options, ...what].join(" "), [...mounts, ...pins]);
}

/**
 * Returns the mounts of a project: its whole folder or its two files, and its local dependencies, in the same relative
 * positions.
 */
function mountProject(
  step: UvProjectStep | PoetryProjectStep,
  lockName: string,
  layout: ContextLayout,
): { target: string; mounts: Mount[] } {
  const parts = projectParts(step);
  const name = /^[\w.+-]*\w$/.test(basename(dirname(step.pyproject))) ? basename(dirname(step.pyproject)) : "project";
  const target = posix.join(projectsFolder, "/up".repeat(levelsAbove(parts)), name);
  const at = (path: string): string => posix.join(target, path);
  const whole = parts.map((part): Mount => ({
    context: placePart(part, layout),
    target: at(part.path),
    writable: true,
  }));
  const isThere = (file: string, as: string): boolean =>
    step.mode === "install_project" && dirname(file) === dirname(step.pyproject) && basename(file) === as;
  const files: [file: string | undefined, as: string, writable: boolean][] = [
    [step.lock, lockName, true],
    [step.pyproject, "pyproject.toml", false],
  ];
  const single = files.flatMap(([file, as, writable]): Mount[] =>
    file === undefined || isThere(file, as)
      ? []
      : [{ context: layout.place({ kind: "file", file }), target: at(as), writable }],
  );
  return { target, mounts: [...whole, ...single] };
}

function placePart({ content }: ProjectPart, layout: ContextLayout): string {
  return layout.place(content);
}
