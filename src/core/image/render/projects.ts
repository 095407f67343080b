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

/** Where projects are seen while they are installed; nothing of them stays there. */
const projectsFolder = "/root/.flyte";
const virtualEnv = "VIRTUAL_ENV=${VIRTUAL_ENV-/opt/venv}";
const poetryCache: Mount = { cache: "/tmp/poetry_cache", id: "poetry" };

/** Installs a project, or what it depends on, by uv. */
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

/** Installs a project, or what it depends on, by Poetry, which is installed first. */
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

/** What pip makes of a uv project: it knows no lock file, but keeps to the versions that one has. */
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

/** The mounts of a project: the whole folder, or its two files, and what it depends on, as they lie to one another. */
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
