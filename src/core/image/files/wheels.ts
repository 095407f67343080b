import { namesIn } from "./confinedFiles";
import type { Confinement } from "./confinement";
import { missing } from "./requirePath";

/**
 * Returns the names of the wheels in a folder, sorted.
 *
 * @throws ImageBuilderError `imageFileMissing` if there are none; like `namesIn`
 */
export function wheelsIn(folder: string, within: Confinement): string[] {
  const wheels = namesIn(folder, within)
    .filter((name) => name.endsWith(".whl"))
    .sort();
  if (wheels.length === 0)
    throw missing("withLocalV2", `there is no wheel in "${folder}". Build one first, for example with "uv build".`);
  return wheels;
}
