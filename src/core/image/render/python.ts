import type { ContextLayout } from "../files/contextLayout";
import type { PipOptions } from "../definition/pipOptions";
import type { PythonVersion } from "../definition/pythonVersion";
import type { Step } from "../resolve/steps";
import { shellWord, shellWordWith } from "./quote";
import { uvVersion, type CompleteRenderOptions } from "./renderOptions";
import { run, type Mount } from "./run";

type Installer = CompleteRenderOptions["installer"];

/** Cache of uv's downloads. */
export const uvCache: Mount = { cache: "/root/.cache/uv", id: "uv" };
const pipCache: Mount = { cache: "/root/.cache/pip", id: "pip" };

/** Cache for wheels between builds. */
const wheelCache: Mount = { cache: "/root/.cache/wheel", id: "wheel" };

/** Renders the stage before the base image, from which uv is copied. */
export function uvStage({ installer, uvSource, uvImage }: CompleteRenderOptions): string[] {
  return installer === "uv" && uvSource === "image" ? [`FROM ${uvImage} AS uv`, ""] : [];
}

/**
 * Renders the first instructions of an image with Python packages: the installer, and a virtual environment unless the
 * base has one.
 */
export function pythonHead(
  python: PythonVersion | undefined,
  { installer, uvSource }: CompleteRenderOptions,
): string[] {
  const variables = ["ARG VIRTUALENV=/opt/venv", "ARG UV_PYTHON=$VIRTUALENV/bin/python"];
  if (installer === "pip") {
    return [
      ...variables,
      "ENV VIRTUALENV=$VIRTUALENV UV_PYTHON=$UV_PYTHON",
      run('test -f "$UV_PYTHON" || python3 -m venv --without-pip "$VIRTUALENV"'),
      'ENV PATH="$VIRTUALENV/bin:$PATH"',
    ];
  }
  const version = python ? ` --python=${python.join(".")}` : "";
  return [
    ...(uvSource === "image" ? ["COPY --from=uv /uv /usr/bin/uv"] : []),
    ...(uvSource === "pip" ? [run(`pip install uv==${uvVersion}`, { mounts: [pipCache] })] : []),
    ...variables,
    "ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy VIRTUALENV=$VIRTUALENV UV_PYTHON=$UV_PYTHON",
    run(
      `test -f "$UV_PYTHON" || { uv venv "$VIRTUALENV"${version} && ` +
        'uv run --python="$UV_PYTHON" python -m compileall "$VIRTUALENV"; }',
      { mounts: [uvCache] },
    ),
    'ENV PATH="$VIRTUALENV/bin:$PATH"',
    'ENV PATH="$PATH:/usr/local/nvidia/bin:/usr/local/cuda/bin" ' +
      'LD_LIBRARY_PATH="/usr/local/nvidia/lib64${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"',
  ];
}

/** Renders the installation of packages from an index. */
export function pipPackages({ packages, pip }: Extract<Step, { kind: "pipPackages" }>, installer: Installer): string {
  return install(installer, pip, packages.map(shellWord).join(" "));
}

/**
 * Renders the installation of a requirements file; it is mounted with the files that it includes, in the same relative
 * positions.
 */
export function requirements(
  { files, pip }: Extract<Step, { kind: "requirements" }>,
  installer: Installer,
  layout: ContextLayout,
): string {
  const [main, ...included] = files.paths;
  if (included.length === 0) {
    const context = layout.place({ kind: "file", file: `${files.folder}/${main}` });
    return install(installer, pip, "--requirement /tmp/requirements.txt", [
      { context, target: "/tmp/requirements.txt" },
    ]);
  }
  const context = layout.place({ kind: "requirements", ...files });
  return install(installer, pip, `--requirement ${shellWord(`/tmp/requirements/${main}`)}`, [
    { context, target: "/tmp/requirements" },
  ]);
}

/**
 * Renders the installation of a package from wheels: first its dependencies, then exactly this wheel, even if an index
 * has a newer version.
 */
export function wheels(
  { folder, packageName, pip }: Extract<Step, { kind: "wheels" }>,
  installer: Installer,
  layout: ContextLayout,
): string[] {
  const mounts: Mount[] = [
    wheelCache,
    { context: layout.place({ kind: "folder", folder, ignoresClutter: false }), target: "/dist" },
  ];
  const again = installer === "uv" ? "--reinstall" : "--force-reinstall";
  return [
    install(installer, pip, `--find-links /dist ${packageName}`, mounts),
    install(installer, pip, `--find-links /dist --no-deps --no-index ${again} ${packageName}`, mounts),
  ];
}

/** Renders a RUN that installs into the virtual environment. */
export function install(installer: Installer, pip: PipOptions, what: string, mounts: readonly Mount[] = []): string {
  const command = installer === "uv" ? 'uv pip install --python "$UV_PYTHON"' : 'pip --python "$UV_PYTHON" install';
  return run([command, ...pipWords(pip), what].join(" "), {
    mounts: [installer === "uv" ? uvCache : pipCache, ...mounts],
    secrets: pip.secrets,
  });
}

/** Returns the options of an installer, in Flyte's order. */
export function pipWords({ indexUrl, extraIndexUrls, pre, extraArgs, secrets }: PipOptions): string[] {
  const names = secrets.flatMap(({ asEnvVar }) => asEnvVar ?? []);
  return [
    ...(indexUrl === undefined ? [] : [`--index-url ${shellWordWith(indexUrl, names)}`]),
    ...extraIndexUrls.map((url) => `--extra-index-url ${shellWordWith(url, names)}`),
    ...(pre ? ["--pre"] : []),
    ...(extraArgs === undefined ? [] : [extraArgs]),
  ];
}
