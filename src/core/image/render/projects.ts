import { basename, dirname, posix } from "node:path";
import type { ContextLayout } from "../files/contextLayout";
import { relativePath } from "../files/localSources";
import { wordsOf } from "../resolve/argumentWords";
import type { PlainConstraint } from "../resolve/plainDependencies";
import { takesMainOnly } from "../resolve/poetryProject";
import { levelsAbove, projectParts, topOf, type ProjectPart } from "../resolve/projectParts";
import type { PoetryProjectStep, UvProjectStep } from "../resolve/steps";
import { install, installCommand, installerMounts, pipWords, venvCommand, venvPython } from "./python";
import { shellWord } from "./quote";
import type { CompleteRenderOptions } from "../definition/renderOptions";
import { run, type Mount } from "./run";
import { sshIn } from "./ssh";

/** Folder where projects are mounted during their installation; nothing remains there. */
const projectsFolder = "/root/.flyte";
const poetryCache: Mount = { cache: "/root/.cache/pypoetry", id: "poetry" };

/** Folder of Poetry itself while it runs, which is removed with the step. */
const poetryFolder = "/opt/poetry";

/** A project as a step sees it. */
interface Mounted {
  readonly mounts: readonly Mount[];
  /** The place of a path on this machine. */
  readonly at: (path: string) => string;
}

/** Installs a project, or what it depends on, by uv: first what it depends on, which changes less often. */
export function uvProject(step: UvProjectStep, options: CompleteRenderOptions, layout: ContextLayout): string[] {
  if (options.installer === "pip") return plainProject(step, layout, options);
  const dependencies: UvProjectStep = { ...step, mode: "dependencies_only" };
  const isInTwo = step.mode === "install_project" && step.lock !== undefined && !step.isDynamic;
  // The whole folder first, so that its files have their places in it.
  mountProject(step, layout);
  return [...(isInTwo ? [dependencies] : []), step].map((each) => sync(each, options, layout));
}

function sync(step: UvProjectStep, options: CompleteRenderOptions, layout: ContextLayout): string {
  const { mounts, at } = mountProject(step, layout);
  const given = wordsOf(step.pip.extraArgs);
  const flag = (name: string, ...others: readonly string[]): string[] =>
    [name, ...others].some((each) => given.has(each)) ? [] : [name];
  const command = [
    "uv sync --active --inexact",
    // Code that is installed as a link to a mount would be gone.
    ...flag("--no-editable"),
    ...(step.keepsLock ? ["--locked"] : []),
    ...flag("--no-default-groups", "--dev", "--no-dev", "--only-dev", "--all-groups"),
    ...step.extras.map((name) => `--extra ${name}`),
    ...step.groups.map((name) => `--group ${name}`),
    ...pipWords(step.pip),
    ...(step.mode === "install_project" ? [] : flag("--no-install-project")),
    // Otherwise uv would replace an environment whose Python doesn't suit the project.
    `--python ${venvPython}`,
    ...(step.member === undefined ? [] : flag(`--package ${step.member}`, "--package", "--all-packages")),
    `--project ${at(step.top)}`,
  ];
  return run(command.join(" "), {
    mounts: [...installerMounts(options), ...mounts],
    secrets: step.pip.secrets,
    ssh: sshIn(layout, step.pip.ssh),
  });
}

/**
 * Installs a project, or what it depends on, by Poetry, which is only there meanwhile. What Poetry would install as a
 * link to a mount is installed for good afterwards.
 */
export function poetryProject(
  step: PoetryProjectStep,
  options: CompleteRenderOptions,
  layout: ContextLayout,
): string[] {
  const { mounts, at } = mountProject(step, layout);
  const dependencies = poetryDependencies({ ...step, mode: "dependencies_only" }, options, layout);
  if (step.mode === "dependencies_only") return [dependencies];
  const project = run(`${installCommand(options, venvPython)} --no-deps ${at(topOf(step))}`, {
    mounts: [...installerMounts(options), ...mounts],
    secrets: step.secrets,
  });
  return [dependencies, project];
}

function poetryDependencies(step: PoetryProjectStep, options: CompleteRenderOptions, layout: ContextLayout): string {
  const { mounts, at } = mountProject(step, layout);
  const { extraArgs } = step;
  const again = options.installer === "uv" ? "--reinstall" : "--force-reinstall";
  const poetry = [
    `cd ${at(topOf(step))} && ${poetryFolder}/bin/poetry install --no-interaction`,
    ...(takesMainOnly(extraArgs) ? [`--only ${["main", ...step.groups].join(",")}`] : []),
    ...step.extras.map((name) => `--extras ${name}`),
    ...(extraArgs === undefined ? [] : [extraArgs]),
    ...(wordsOf(extraArgs).has("--no-root") ? [] : ["--no-root"]),
  ];
  const commands = [
    venvCommand(options, poetryFolder),
    `${installCommand(options, `${poetryFolder}/bin/python`)} poetry==${step.poetry}`,
    poetry.join(" "),
    ...(step.editableSources.length > 0
      ? [`${installCommand(options, venvPython)} --no-deps ${again} ${step.editableSources.map(at).join(" ")}`]
      : []),
  ];
  return run(commands.join(" && "), {
    mounts: [...installerMounts(options), poetryCache, { memory: poetryFolder }, ...mounts],
    secrets: step.secrets,
    ssh: sshIn(layout, step.ssh),
  });
}

/** Renders the installation of a uv project with pip. */
function plainProject(step: UvProjectStep, layout: ContextLayout, options: CompleteRenderOptions): string[] {
  if (step.mode === "dependencies_only")
    return plainInstall(step, step.plain?.dependencies.map(shellWord) ?? [], options, layout);
  const { at } = mountProject(step, layout);
  const dependencies = plainProject({ ...step, mode: "dependencies_only" }, layout, options);
  const extras = step.extras.length > 0 ? `[${step.extras.join(",")}]` : "";
  const project = plainInstall(step, [shellWord(`${at(dirname(step.pyproject))}${extras}`)], options, layout);
  // Building the project doesn't install its groups.
  return [...(step.lock === undefined && step.groups.length === 0 ? [] : dependencies), ...project];
}

function plainInstall(
  step: UvProjectStep,
  what: readonly string[],
  options: CompleteRenderOptions,
  layout: ContextLayout,
): string[] {
  const { constraints = [], indexUrl } = step.plain ?? {};
  if (what.length === 0) return [];
  const isMounted = step.mode === "install_project" || constraints.some(({ path }) => path !== undefined);
  const { mounts, at } = isMounted ? mountProject(step, layout) : { mounts: [], at: (path: string) => path };
  const lines = constraints.map((constraint) => constraintLine(constraint, at)).join("");
  const pins = lines === "" ? [] : [contentMount("constraints.txt", lines, layout)];
  const words = [...(pins.length > 0 ? ["--constraint /tmp/constraints.txt"] : []), ...what];
  const pip = { ...step.pip, indexUrl: step.pip.indexUrl ?? indexUrl };
  return [install({ options, layout }, pip, words.join(" "), [...mounts, ...pins])];
}

function contentMount(name: string, content: string, layout: ContextLayout): Mount {
  return { context: layout.place({ kind: "content", name, content }), target: `/tmp/${name}` };
}

function constraintLine({ name, version, url, path, marker }: PlainConstraint, at: Mounted["at"]): string {
  const what = version === undefined ? ` @ ${url ?? `file://${at(path ?? "")}`}` : `==${version}`;
  return `${name}${what}${marker === undefined ? "" : ` ; ${marker}`}\n`;
}

/** Returns the mounts of a project, its parts as they lie to one another. */
function mountProject(step: UvProjectStep | PoetryProjectStep, layout: ContextLayout): Mounted {
  const parts = projectParts(step);
  const top = topOf(step);
  const name = /^[\w.+-]*\w$/.test(basename(top)) ? basename(top) : "project";
  const target = posix.join(projectsFolder, "/up".repeat(levelsAbove(parts)), name);
  const place = (path: string): string => posix.join(target, path);
  const files = step.kind === "uvProject" && step.memberFiles.length > 0 ? parts.flatMap(fileInTop) : [];
  const others = parts.filter(({ path }) => !files.some((each) => each.path === path));
  return {
    mounts: [
      // This also removes other files of uv, Poetry, and the mounts.
      { memory: projectsFolder },
      ...(files.length > 0
        ? [{ context: layout.place({ kind: "files", files }), target, writable: true } satisfies Mount]
        : []),
      ...others.map((part) => mountOf(part, place(part.path), layout)),
    ],
    at: (path) => place(relativePath(top, path)),
  };
}

/** The many project files of a workspace are mounted as one folder. */
function fileInTop({ path, content }: ProjectPart): { readonly path: string; readonly file: string }[] {
  return content.kind === "file" && !path.startsWith("../") ? [{ path, file: content.file }] : [];
}

function mountOf({ path, content }: ProjectPart, target: string, layout: ContextLayout): Mount {
  // Uv and Poetry may want to write into what they build, and beside a lock file.
  return { context: layout.place(content), target, writable: content.kind === "folder" || path.endsWith(".lock") };
}
