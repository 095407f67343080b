import { Image } from "../image";
import type { ImageSpec } from "../spec/readImageSpec";
import { readImageModule, type ModuleOptions } from "./readImageModule";

const nowhere = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/**
 * Runs a module and says what it exports as a spec file would say it, but that its layers have no places.
 *
 * @throws ImageBuilderError as {@link readImageModule}, with a place in the module
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
