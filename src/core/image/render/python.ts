import type { ContextLayout } from "../files/contextLayout";
import type { PipOptions } from "../definition/pipOptions";
import type { RequirementFiles } from "../files/requirements";
import type { Step } from "../resolve/steps";
import { shellWord, shellWordWith } from "./quote";
import type { CompleteRenderOptions } from "../definition/renderOptions";
import { run, type Mount } from "./run";
import { sshIn } from "./ssh";

/** The virtual environment that packages are installed into, unless the base has one there already. */
const venv = "/opt/venv";

/** The interpreter of {@link venv}. */
export const venvPython = `${venv}/bin/python`;

const uvCache: Mount = { cache: "/root/.cache/uv", id: "uv" };
const pipCache: Mount = { cache: "/root/.cache/pip", id: "pip" };

/** Cache for wheels between builds. */
const wheelCache: Mount = { cache: "/root/.cache/wheel", id: "wheel" };

/** Path of uv in the stage `uv` if pip installs it there. */
const installedUv = "/opt/uv";

/** Renders the stage before the base image that uv is mounted from, so it isn't part of the image. */
export function uvStage(
  { installer, uvSource, uvImage, uvVersion }: CompleteRenderOptions,
  baseImage: string,
): string[] {
  if (installer === "pip" || uvSource === "base") return [];
  if (uvSource === "image") return [`FROM ${uvImage} AS uv`, ""];
  const install = run(`pip install --target ${installedUv} uv==${uvVersion}`, { mounts: [pipCache] });
  return [`FROM ${baseImage} AS uv`, "USER root", install, ""];
}

/** Uv itself, for a step that runs it. */
export function uvProgram({ installer, uvSource }: CompleteRenderOptions): Mount[] {
  if (installer === "pip" || uvSource === "base") return [];
  return [{ stage: "uv", source: uvSource === "image" ? "/uv" : `${installedUv}/bin/uv`, target: "/usr/local/bin/uv" }];
}

/** Returns the installer's own mounts of a step that installs packages. */
export function installerMounts(options: CompleteRenderOptions): Mount[] {
  return options.installer === "uv" ? [uvCache, ...uvProgram(options)] : [pipCache];
}

/**
 * What every image with Python packages begins with: a virtual environment unless the base has one, and variables that
 * only the build sees.
 *
 * @param python what uv looks for: a version, or a range of versions; nothing takes the base's own
 */
export function pythonHead(python: string | undefined, options: CompleteRenderOptions): string[] {
  const systemFlag = options.systemSitePackages ? " --system-site-packages" : "";
  if (options.installer === "pip") {
    return [
      "ARG PIP_DISABLE_PIP_VERSION_CHECK=1",
      "ARG PIP_ROOT_USER_ACTION=ignore",
      run(`test -x ${venvPython} || python3 -m venv --without-pip${systemFlag} ${venv}`),
      `ENV VIRTUAL_ENV=${venv}`,
      `ENV PATH="${venv}/bin:$PATH"`,
    ];
  }
  const request = python === undefined ? "" : ` --python ${shellWord(python)}`;
  return [
    "ARG UV_COMPILE_BYTECODE=1",
    "ARG UV_LINK_MODE=copy",
    // Below root's home, where uv would put it, no other user could run it.
    "ARG UV_PYTHON_INSTALL_DIR=/opt/python",
    run(`test -x ${venvPython} || uv venv${systemFlag}${request} ${venv}`, { mounts: installerMounts(options) }),
    `ENV VIRTUAL_ENV=${venv}`,
    `ENV PATH="${venv}/bin:$PATH:/usr/local/nvidia/bin:/usr/local/cuda/bin"`,
    // Declared, it is no undefined variable where the base doesn't set it.
    "ARG LD_LIBRARY_PATH",
    'ENV LD_LIBRARY_PATH="/usr/local/nvidia/lib64${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"',
  ];
}

/** Renders the installation of packages from an index. */
export function pipPackages(
  { packages, pip, constraints = [] }: Extract<Step, { kind: "pipPackages" }>,
  options: CompleteRenderOptions,
  layout: ContextLayout,
): string {
  const limits = constraintsFor(constraints, layout);
  const words = packages.map((each) => shellWordWith(each, variablesOf(pip)));
  return install({ options, layout }, pip, [...limits.words, ...words].join(" "), limits.mounts);
}

/** Mounts constraints files, each with those that it includes. */
function constraintsFor(
  files: readonly RequirementFiles[],
  layout: ContextLayout,
): { readonly mounts: Mount[]; readonly words: string[] } {
  const mounts = files.map(({ folder, paths }, at): Mount => {
    const [main, ...included] = paths;
    return included.length === 0
      ? { context: layout.place({ kind: "file", file: `${folder}/${main}` }), target: `/tmp/constraints-${at + 1}.txt` }
      : { context: layout.place({ kind: "requirements", folder, paths }), target: `/tmp/constraints-${at + 1}` };
  });
  const words = files.map(({ paths: [main, ...included] }, at) =>
    shellWord(`/tmp/constraints-${at + 1}${included.length === 0 ? ".txt" : `/${main}`}`),
  );
  return { mounts, words: words.map((path) => `--constraint ${path}`) };
}

/**
 * Renders the installation of a requirements file; it is mounted with the files that it includes, in the same relative
 * positions.
 */
export function requirements(
  { files, pip, constraints }: Extract<Step, { kind: "requirements" }>,
  options: CompleteRenderOptions,
  layout: ContextLayout,
): string {
  const [main, ...included] = files.paths;
  const limits = constraintsFor(constraints, layout);
  const target = `/tmp/requirements${included.length === 0 ? ".txt" : ""}`;
  const context =
    included.length === 0
      ? layout.place({ kind: "file", file: `${files.folder}/${main}` })
      : layout.place({ kind: "requirements", ...files });
  const words = [...limits.words, `--requirement ${included.length === 0 ? target : shellWord(`${target}/${main}`)}`];
  return install({ options, layout }, pip, words.join(" "), [...limits.mounts, { context, target }]);
}

/**
 * Renders the installation of a package from wheels: first its dependencies, then exactly this wheel, even if an index
 * has a newer version.
 */
export function wheels(
  { folder, packageName, pip }: Extract<Step, { kind: "wheels" }>,
  options: CompleteRenderOptions,
  layout: ContextLayout,
): string[] {
  const mounts: Mount[] = [
    wheelCache,
    { context: layout.place({ kind: "folder", folder, leavesOut: "nothing" }), target: "/dist" },
  ];
  const again = options.installer === "uv" ? "--reinstall" : "--force-reinstall";
  return [
    install({ options, layout }, pip, `--find-links /dist ${packageName}`, mounts),
    install({ options, layout }, pip, `--find-links /dist --no-deps --no-index ${again} ${packageName}`, mounts),
  ];
}

/** Renders a RUN that installs into the virtual environment. */
export function install(
  { options, layout }: { readonly options: CompleteRenderOptions; readonly layout: ContextLayout },
  pip: PipOptions,
  what: string,
  mounts: readonly Mount[] = [],
): string {
  return run([installCommand(options, venvPython), ...pipWords(pip), what].join(" "), {
    mounts: [...installerMounts(options), ...mounts],
    secrets: pip.secrets,
    ssh: sshIn(layout, pip.ssh),
  });
}

/** Returns the words that install packages for an interpreter. */
export function installCommand({ installer }: CompleteRenderOptions, python: string): string {
  return installer === "uv" ? `uv pip install --python ${python}` : `pip --python ${python} install`;
}

/** Returns the words that make a virtual environment. */
export function venvCommand({ installer }: CompleteRenderOptions, folder: string): string {
  return installer === "uv"
    ? `uv venv --python ${venvPython} ${folder}`
    : `${venvPython} -m venv --without-pip ${folder}`;
}

/** Returns the options of an installer, in Flyte's order. */
export function pipWords(pip: PipOptions): string[] {
  const { indexUrl, extraIndexUrls, pre, extraArgs } = pip;
  const names = variablesOf(pip);
  return [
    ...(indexUrl === undefined ? [] : [`--index-url ${shellWordWith(indexUrl, names)}`]),
    ...extraIndexUrls.map((url) => `--extra-index-url ${shellWordWith(url, names)}`),
    ...(pre ? ["--pre"] : []),
    ...(extraArgs === undefined ? [] : [extraArgs]),
  ];
}

/** Returns the variables in which a step has secrets. */
function variablesOf({ secrets }: PipOptions): string[] {
  return secrets.flatMap(({ asEnvVar }) => asEnvVar ?? []);
}
