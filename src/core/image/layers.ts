import type { PipOptions } from "./pipOptions";
import type { Secret } from "./secret";

/** How much of a Python project is installed: what it depends on, or itself too. */
export type ProjectInstallMode = "dependencies_only" | "install_project";

/** Which files a code bundle takes: those that are imported, or all. */
export type CopyStyle = "loaded_modules" | "all";

/** One step of an image's definition. Paths are as they were given: absolute, or relative to the image's folder. */
export type Layer =
  | { readonly kind: "aptPackages"; readonly packages: readonly string[]; readonly secrets: readonly Secret[] }
  | { readonly kind: "pipPackages"; readonly packages: readonly string[]; readonly pip: PipOptions }
  | { readonly kind: "requirements"; readonly file: string; readonly pip: PipOptions }
  | { readonly kind: "envVars"; readonly variables: readonly (readonly [name: string, value: string])[] }
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
      readonly extraArgs?: string;
      readonly secrets: readonly Secret[];
      readonly projectInstallMode: ProjectInstallMode;
    }
  | { readonly kind: "uvScript"; readonly script: string; readonly pip: PipOptions }
  | { readonly kind: "pythonWheels"; readonly folder: string; readonly packageName: string; readonly pip: PipOptions }
  | { readonly kind: "labels"; readonly labels: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: "user"; readonly name: string };

/** A project that uv installs; without a lock file the one beside it is used, if there is one. */
export interface UvProjectLayer {
  readonly kind: "uvProject";
  readonly pyprojectFile: string;
  readonly uvlock?: string;
  readonly pip: PipOptions;
  readonly projectInstallMode: ProjectInstallMode;
}

/** The method that adds a layer, as messages name it. */
export function methodOf(layer: Layer): string {
  switch (layer.kind) {
    case "uvScript":
      return "fromUvScript";
    case "pythonWheels":
      return "withLocalV2";
    case "labels":
    case "user":
      return "fromDebianBase";
    default:
      return `with${layer.kind.charAt(0).toUpperCase()}${layer.kind.slice(1)}`;
  }
}
