import type { PipOptions } from "./pipOptions";
import type { Secret } from "./secret";
import type { SshMount } from "./sshMount";

/** Installed part of a Python project: only its dependencies, or the project, too. */
export type ProjectInstallMode = "dependencies_only" | "install_project";

/** Files in a code bundle: the imported modules, or all files. */
export type CopyStyle = "loaded_modules" | "all";

/** A variable, whose value is literal unless it is to be expanded. */
export type EnvVariable = readonly [name: string, value: string, mode?: "expand"];

/** Package managers of bases that have no apt. */
export type PackageManager = "apk" | "dnf" | "microdnf";

/** Step of an image's definition. Paths are as given: absolute, or relative to the image's folder. */
export type Layer =
  | { readonly kind: "aptPackages"; readonly packages: readonly string[]; readonly secrets: readonly Secret[] }
  | {
      readonly kind: "systemPackages";
      readonly manager: PackageManager;
      readonly packages: readonly string[];
      readonly secrets: readonly Secret[];
    }
  | { readonly kind: "pipPackages"; readonly packages: readonly string[]; readonly pip: PipOptions }
  | { readonly kind: "requirements"; readonly file: string; readonly pip: PipOptions }
  | { readonly kind: "envVars"; readonly variables: readonly EnvVariable[] }
  | { readonly kind: "workdir"; readonly path: string }
  | {
      readonly kind: "commands";
      readonly commands: readonly string[];
      readonly secrets: readonly Secret[];
      readonly ssh?: SshMount;
    }
  | { readonly kind: "sourceFolder"; readonly src: string; readonly dst: string; readonly copyContentsOnly: boolean }
  | { readonly kind: "sourceFile"; readonly src: readonly string[]; readonly dst: string }
  | { readonly kind: "codeBundle"; readonly copyStyle: CopyStyle; readonly dst: string }
  | { readonly kind: "dockerignore"; readonly path: string }
  | UvProjectLayer
  | {
      readonly kind: "poetryProject";
      readonly pyprojectFile: string;
      readonly poetryLock?: string;
      readonly extras?: readonly string[];
      readonly groups?: readonly string[];
      readonly poetryVersion?: string;
      readonly extraArgs?: string;
      readonly secrets: readonly Secret[];
      readonly ssh?: SshMount;
      readonly projectInstallMode: ProjectInstallMode;
    }
  | { readonly kind: "uvScript"; readonly script: string; readonly pip: PipOptions }
  | { readonly kind: "pythonWheels"; readonly folder: string; readonly packageName: string; readonly pip: PipOptions }
  | { readonly kind: "labels"; readonly labels: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: "user"; readonly name: string }
  | { readonly kind: "runUser"; readonly user: string }
  | { readonly kind: "entrypoint"; readonly command: readonly string[] }
  | { readonly kind: "cmd"; readonly command: readonly string[] }
  | { readonly kind: "expose"; readonly ports: readonly string[] }
  | { readonly kind: "buildArgs"; readonly args: readonly (readonly [name: string, value: string])[] };

/** Layers of certain kinds. */
export type LayerOf<Kind extends Layer["kind"]> = Extract<Layer, { kind: Kind }>;

/** Project that uv installs; default of the lock file is the one next to the project's file, if it exists. */
export interface UvProjectLayer {
  readonly kind: "uvProject";
  readonly pyprojectFile: string;
  readonly uvlock?: string;
  readonly extras?: readonly string[];
  readonly groups?: readonly string[];
  readonly pip: PipOptions;
  readonly projectInstallMode: ProjectInstallMode;
}

/** Names of the methods that install packages with a package manager. */
export const packageManagerMethods = {
  apk: "withApkPackages",
  dnf: "withDnfPackages",
  microdnf: "withMicrodnfPackages",
} as const satisfies Readonly<Record<PackageManager, string>>;

const methods: Readonly<Record<Exclude<Layer["kind"], "systemPackages">, string>> = {
  aptPackages: "withAptPackages",
  pipPackages: "withPipPackages",
  requirements: "withRequirements",
  envVars: "withEnvVars",
  workdir: "withWorkdir",
  commands: "withCommands",
  sourceFolder: "withSourceFolder",
  sourceFile: "withSourceFile",
  codeBundle: "withCodeBundle",
  dockerignore: "withDockerignore",
  uvProject: "withUvProject",
  poetryProject: "withPoetryProject",
  uvScript: "fromUvScript",
  pythonWheels: "withLocalV2",
  labels: "withLabels",
  user: "fromDebianBase",
  runUser: "withUser",
  entrypoint: "withEntrypoint",
  cmd: "withCmd",
  expose: "withExpose",
  buildArgs: "withBuildArgs",
};

/** Returns the name of the method that adds a layer, for messages. */
export function methodOf(layer: Layer): string {
  return layer.kind === "systemPackages" ? packageManagerMethods[layer.manager] : methods[layer.kind];
}

/** Whether a value has the kind of a layer. */
export function isLayer(value: unknown): value is Layer {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    typeof value.kind === "string" &&
    (value.kind === "systemPackages" || Object.hasOwn(methods, value.kind))
  );
}

/** Layer of a list of parts, which may be empty. */
export type ListLayer = LayerOf<
  | ("aptPackages" | "systemPackages" | "pipPackages" | "commands")
  | ("envVars" | "sourceFile" | "expose" | "labels" | "buildArgs")
>;

/** Returns the parts of a layer of a list. */
export function partsOf(layer: ListLayer): readonly unknown[] {
  switch (layer.kind) {
    case "aptPackages":
    case "systemPackages":
    case "pipPackages":
      return layer.packages;
    case "commands":
      return layer.commands;
    case "envVars":
      return layer.variables;
    case "sourceFile":
      return layer.src;
    case "expose":
      return layer.ports;
    case "labels":
      return layer.labels;
    case "buildArgs":
      return layer.args;
  }
}

/** Returns the SSH mount of a layer or step; undefined if it has none. */
export function sshOf({
  pip,
  ssh,
}: {
  readonly kind: string;
  readonly pip?: PipOptions;
  readonly ssh?: SshMount;
}): SshMount | undefined {
  return pip ? pip.ssh : ssh;
}
