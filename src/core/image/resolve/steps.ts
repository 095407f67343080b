import type { Layer, ProjectInstallMode } from "../definition/layers";
import type { PipOptions } from "../definition/pipOptions";
import type { RequirementFiles } from "../files/requirements";
import type { Secret } from "../definition/secret";

/** Step that changes a base image; steps run in order. Paths on this machine are absolute. */
export type Step =
  | Extract<Layer, { kind: "aptPackages" | "pipPackages" | "commands" | "envVars" | "workdir" | "labels" | "user" }>
  | { readonly kind: "requirements"; readonly files: RequirementFiles; readonly pip: PipOptions }
  | CopyFolderStep
  | CopyFilesStep
  | { readonly kind: "wheels"; readonly folder: string; readonly packageName: string; readonly pip: PipOptions }
  | UvProjectStep
  | PoetryProjectStep;

/** Copies the contents of a folder. */
interface CopyFolderStep {
  readonly kind: "copyFolder";
  readonly folder: string;
  /** Folder in the image for the contents. */
  readonly destination: string;
  /** Whether to exclude caches, environments, and build results, in addition to the ignore file's rules. */
  readonly ignoresClutter: boolean;
}

/** Copies files to paths below a folder in the image, in one layer. */
export interface CopyFilesStep {
  readonly kind: "copyFiles";
  readonly files: readonly { readonly file: string; readonly path: string }[];
  readonly destination: string;
  /** Folder that must contain the files, if the user didn't specify them; links that lead out of it are refused. */
  readonly within?: string;
}

/** Installs a project with uv. */
export interface UvProjectStep {
  readonly kind: "uvProject";
  readonly pyproject: string;
  readonly lock: string | undefined;
  /** Other folders and files on this machine that the project depends on, relative to the project. */
  readonly localSources: readonly string[];
  readonly pip: PipOptions;
  readonly mode: ProjectInstallMode;
}

/** Installs a project with Poetry. */
export interface PoetryProjectStep {
  readonly kind: "poetryProject";
  readonly pyproject: string;
  readonly lock: string;
  readonly extraArgs: string | undefined;
  readonly secrets: readonly Secret[];
  readonly mode: ProjectInstallMode;
}
