import type { ErrorLocation } from "../../base/errors";
import type { ImageDefinition } from "../definition/definition";

/** What the process that runs a module tells. */
export type ModuleMessage = { readonly definition: ImageDefinition } | { readonly failure: ModuleFailure };

/** Why there is no image. */
export interface ModuleFailure extends ErrorLocation {
  readonly message: string;
}

/** The file descriptor on which that process writes its answer, one line of JSON. */
export const answerDescriptor = 3;

/** The name by which modules import `Image`. */
export const apiModule = "image-builders";

/** Where modules find what they import by that name. */
export const apiKey = Symbol.for("image-builders.api");

/** Why a module that takes too much memory has no image. */
export function tooMuchMemory(file: string, memoryMiB: number): string {
  return (
    `"${file}" used more than ${memoryMiB} MiB of memory before it exported an image. ` +
    "The module should only define an image."
  );
}

/** Longest message of a module's failure. */
export const maxMessage = 4000;
