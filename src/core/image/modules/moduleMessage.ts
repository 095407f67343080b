import type { ErrorLocation } from "../../base/errors";
import type { ImageDefinition } from "../definition/definition";

/** Message of the process that runs a module. */
export type ModuleMessage = { readonly definition: ImageDefinition } | { readonly failure: ModuleFailure };

/** Reason why there is no image. */
export interface ModuleFailure extends ErrorLocation {
  readonly message: string;
}

/** File descriptor to which the process writes its answer, one line of JSON. */
export const answerDescriptor = 3;

/** Module specifier from which modules import `Image`. */
export const apiModule = "image-builders";

/** Global symbol under which the exports of that module are stored. */
export const apiKey = Symbol.for("image-builders.api");

/** Returns the message for a module that uses too much memory. */
export function tooMuchMemory(file: string, memoryMiB: number): string {
  return (
    `"${file}" used more than ${memoryMiB} MiB of memory before it exported an image. ` +
    "The module should only define an image."
  );
}

/** Maximum length of a failure's message, in characters. */
export const maxMessage = 4000;
