import type { Layer, LayerOf, ProjectInstallMode } from "../definition/layers";
import type { PipOptions } from "../definition/pipOptions";
import type { LeftOut } from "../files/clutter";
import type { RequirementFiles } from "../files/requirements";
import type { Secret } from "../definition/secret";
import type { SshMount } from "../definition/sshMount";
import type { PlainDependencies } from "./plainDependencies";

/** Layers that are steps as they are. */
type PlainKind =
  | ("aptPackages" | "systemPackages" | "commands" | "envVars" | "workdir" | "labels" | "user")
  | ("runUser" | "entrypoint" | "cmd" | "expose" | "buildArgs");

/** Step that changes a base image; steps run in order. Paths on this machine are absolute. */
export type Step =
  | Extract<Layer, { kind: PlainKind }>
  | (LayerOf<"pipPackages"> & { readonly constraints?: readonly RequirementFiles[] })
  | {
      readonly kind: "requirements";
      readonly files: RequirementFiles;
      readonly constraints: readonly RequirementFiles[];
      readonly pip: PipOptions;
    }
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
  readonly leavesOut: LeftOut;
}

/** Copies files to paths below a folder in the image, in one layer. */
export interface CopyFilesStep {
  readonly kind: "copyFiles";
  readonly files: readonly { readonly file: string; readonly path: string }[];
  readonly destination: string;
  /** Folder that must contain the files, if the user didn't specify them; links that lead out of it are refused. */
  readonly within?: string;
}

/** A package that is fetched by git. */
export interface GitPackage {
  readonly name: string;
  readonly url: string;
}

/** Installs a project with uv. */
export interface UvProjectStep {
  readonly kind: "uvProject";
  readonly pyproject: string;
  /** Content of the project's file, if it is not on disk. */
  readonly pyprojectText?: string;
  /** Which versions of Python it runs on. */
  readonly requiresPython: string | undefined;
  /** Folder whose lock file applies: the project's, or that of its workspace's root. */
  readonly top: string;
  readonly lock: string | undefined;
  /** The name of a project that is a member of a workspace. */
  readonly member: string | undefined;
  /** The project files of the workspace, without which uv doesn't find its members. */
  readonly memberFiles: readonly string[];
  /** Other folders and files on this machine that the project depends on. */
  readonly localSources: readonly string[];
  /** Packages that are fetched by git. */
  readonly gitPackages: readonly GitPackage[];
  /** Whether its dependencies are known only after building the project. */
  readonly isDynamic: boolean;
  /** Extras and dependency groups that are installed, too. */
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** Whether uv must not change the lock file. */
  readonly keepsLock: boolean;
  /** Arguments for pip instead of uv. */
  readonly plain: PlainDependencies | undefined;
  readonly pip: PipOptions;
  readonly mode: ProjectInstallMode;
}

/** Installs a project with Poetry. */
export interface PoetryProjectStep {
  readonly kind: "poetryProject";
  readonly pyproject: string;
  /** Which versions of Python it runs on. */
  readonly requiresPython: string | undefined;
  readonly lock: string;
  /** The version that wrote the lock file, which reads it best. */
  readonly poetry: string;
  /** Other folders and files on this machine that the project depends on. */
  readonly localSources: readonly string[];
  /** Local sources that Poetry would install as links to folders that no longer exist after the step. */
  readonly editableSources: readonly string[];
  readonly extras: readonly string[];
  /** Dependency groups that are installed besides the main one. */
  readonly groups: readonly string[];
  readonly extraArgs: string | undefined;
  /** Packages that are fetched by git. */
  readonly gitPackages: readonly GitPackage[];
  readonly secrets: readonly Secret[];
  readonly ssh?: SshMount;
  readonly mode: ProjectInstallMode;
}
