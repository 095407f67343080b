import type { ErrorLocation } from "../base/errors";
import type { BuildOptions } from "../base/buildOptions";
import type { DockerfileRecipes } from "../dockerfile/stepRecipes";
import type { OfferedFolder } from "./offeredFiles";

/** Time in which a step ran, in milliseconds since 1970 by the clock of the builder; without an end, it still runs. */
export interface TracedSpan {
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** Facts about a step, for the report of a build. A later one about the same step replaces those that it contains. */
export interface StepTrace {
  readonly kind: "step";
  /** Number of the step, as in `BuildStep`. */
  readonly number: number;
  /** BuildKit's digest of the step, which contains all that the step depends on. */
  readonly digest?: string;
  /** Digests of the steps whose results it uses. */
  readonly inputs?: readonly string[];
  readonly spans?: readonly TracedSpan[];
  /** Instruction in the Dockerfile. */
  readonly place?: ErrorLocation;
  /** Index of the instruction in the recipes of the build. */
  readonly recipe?: number;
}

/** Layer of the built image, by the instruction that has made it. */
export interface TracedLayer {
  /** In the words of the builder; not checked. */
  readonly createdBy: string;
  readonly sizeBytes: number;
}

/** Files of build contexts whose content was sent; BuildKit requests only those that have changed. */
export interface SentFiles {
  readonly files: number;
  readonly bytes: number;
}

/** What a build depends on apart from files. The values may be secret: only hashes of them are stored. */
export interface RecipeTrace {
  readonly kind: "recipes";
  readonly recipes: DockerfileRecipes;
  readonly options: BuildOptions;
}

/** Images of the daemon on which the build is based, before the build. */
export interface BaseTrace {
  readonly kind: "bases";
  readonly images: readonly { readonly name: string; readonly id: string }[];
}

/** Facts about a build that its log doesn't contain. */
export type BuildTrace =
  | StepTrace
  | RecipeTrace
  | BaseTrace
  | { readonly kind: "offered"; readonly folders: readonly OfferedFolder[] }
  | { readonly kind: "layers"; readonly layers: readonly TracedLayer[] }
  | ({ readonly kind: "sent" } & SentFiles);
