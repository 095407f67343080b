import type { Layer, LayerOf, ProjectInstallMode } from "../definition/layers";
import type { PipOptions } from "../definition/pipOptions";
import type { LeftOut } from "../files/clutter";
import type { RequirementFiles } from "../files/requirements";
import type { Secret } from "../definition/secret";
import type { PlainDependencies } from "./plainDependencies";

/** Layers that are steps as they are. */
type PlainKind =
  | ("aptPackages" | "commands" | "envVars" | "workdir" | "labels" | "user")
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

/** Installs a project with uv. */
export interface UvProjectStep {
  readonly kind: "uvProject";
  readonly pyproject: string;
  /** What the project's file says, where it is none on disk. */
  readonly pyprojectText?: string;
  /** Which versions of Python it runs on. */
  readonly requiresPython: string | undefined;
  /** The folder whose lock file counts: the project's, or that of the root of its workspace. */
  readonly top: string;
  readonly lock: string | undefined;
  /** The name of a project that is a member of a workspace. */
  readonly member: string | undefined;
  /** The project files of the workspace, without which uv doesn't find its members. */
  readonly memberFiles: readonly string[];
  /** Other folders and files on this machine that the project depends on. */
  readonly localSources: readonly string[];
  /** A package that is fetched by git, if there is one. */
  readonly gitPackage: string | undefined;
  /** Whether only building the project tells what it depends on. */
  readonly isDynamic: boolean;
  /** Extras and dependency groups that are installed, too. */
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** Whether uv has to take the lock file as it is. */
  readonly keepsLock: boolean;
  /** What pip is told in uv's place. */
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
  /** Those of them that Poetry would install as links to folders that are gone afterwards. */
  readonly editableSources: readonly string[];
  readonly extras: readonly string[];
  /** Dependency groups that are installed besides the main one. */
  readonly groups: readonly string[];
  readonly extraArgs: string | undefined;
  readonly secrets: readonly Secret[];
  readonly mode: ProjectInstallMode;
}
