import { Image } from "../image";
import type { ImageSpec } from "../spec/readImageSpec";
import { readImageModule, type ModuleOptions } from "./readImageModule";

const nowhere = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/**
 * Runs a module and returns its image in the form of a spec, but without the positions of its layers.
 *
 * @throws ImageBuilderError like {@link readImageModule}, with a position in the module
 */
export async function readModuleSpec(file: string, options: ModuleOptions = {}): Promise<ImageSpec> {
  const image = Image.fromDefinition(await readImageModule(file, options));
  return {
    image,
    problems: [],
    layers: [],
    root: {
      kind: "scalar",
      value: undefined,
      source: "",
      quote: "",
      isFlow: false,
      range: nowhere,
      entries: new Map(),
      items: [],
    },
  };
}
