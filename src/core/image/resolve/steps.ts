import type { Layer, ProjectInstallMode } from "../definition/layers";
import type { PipOptions } from "../definition/pipOptions";
import type { RequirementFiles } from "../files/requirements";
import type { Secret } from "../definition/secret";

/** What is done to a base image, one thing after the other. Paths on this machine are absolute. */
export type Step =
  | Extract<Layer, { kind: "aptPackages" | "pipPackages" | "commands" | "envVars" | "workdir" | "labels" | "user" }>
  | { readonly kind: "requirements"; readonly files: RequirementFiles; readonly pip: PipOptions }
  | CopyFolderStep
  | CopyFilesStep
  | { readonly kind: "wheels"; readonly folder: string; readonly packageName: string; readonly pip: PipOptions }
  | UvProjectStep
  | PoetryProjectStep;

/** Copies what is in a folder. */
interface CopyFolderStep {
  readonly kind: "copyFolder";
  readonly folder: string;
  /** The folder in the image that the content goes to. */
  readonly destination: string;
  /** Whether caches, environments and build results are left out besides what the ignore file says. */
  readonly ignoresClutter: boolean;
}

/** Copies files to paths below a folder in the image, in one layer. */
export interface CopyFilesStep {
  readonly kind: "copyFiles";
  readonly files: readonly { readonly file: string; readonly path: string }[];
  readonly destination: string;
  /** The folder whose files they must be, where nobody named them; links that lead out of it are refused. */
  readonly within?: string;
}

/** Installs a project by uv. */
export interface UvProjectStep {
  readonly kind: "uvProject";
  readonly pyproject: string;
  readonly lock: string | undefined;
  /** Other folders and files on this machine that the project depends on, relative to it. */
  readonly localSources: readonly string[];
  readonly pip: PipOptions;
  readonly mode: ProjectInstallMode;
}

/** Installs a project by Poetry. */
export interface PoetryProjectStep {
  readonly kind: "poetryProject";
  readonly pyproject: string;
  readonly lock: string;
  readonly extraArgs: string | undefined;
  readonly secrets: readonly Secret[];
  readonly mode: ProjectInstallMode;
}
