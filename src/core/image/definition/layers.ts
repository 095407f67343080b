import type { PipOptions } from "./pipOptions";
import type { Secret } from "./secret";

/** Installed part of a Python project: only its dependencies, or the project, too. */
export type ProjectInstallMode = "dependencies_only" | "install_project";

/** Files in a code bundle: the imported modules, or all files. */
export type CopyStyle = "loaded_modules" | "all";

/** A variable, whose value is literal unless it is to be expanded. */
export type EnvVariable = readonly [name: string, value: string, mode?: "expand"];

/** Step of an image's definition. Paths are as given: absolute, or relative to the image's folder. */
export type Layer =
  | { readonly kind: "aptPackages"; readonly packages: readonly string[]; readonly secrets: readonly Secret[] }
  | { readonly kind: "pipPackages"; readonly packages: readonly string[]; readonly pip: PipOptions }
  | { readonly kind: "requirements"; readonly file: string; readonly pip: PipOptions }
  | { readonly kind: "envVars"; readonly variables: readonly EnvVariable[] }
  | { readonly kind: "workdir"; readonly path: string }
  | { readonly kind: "commands"; readonly commands: readonly string[]; readonly secrets: readonly Secret[] }
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

const methods: Readonly<Record<Layer["kind"], string>> = {
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
export function methodOf({ kind }: Layer): string {
  return methods[kind];
}

/** Whether a value has the kind of a layer. */
export function isLayer(value: unknown): value is Layer {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    typeof value.kind === "string" &&
    Object.hasOwn(methods, value.kind)
  );
}
