import { longestWord } from "./expandWord";
import { parseDockerfile } from "./parseDockerfile";

/**
 * The images a Dockerfile stands on, as it names them: not `scratch`, not its own stages. An image whose name
 * holds a variable that neither a build argument nor an `ARG` gives a value is left out, and so are those of a Dockerfile that is too long.
 */
export function baseImages(text: string, buildArgs: Readonly<Record<string, string>> = {}): string[] {
  const dockerfile = parseDockerfile(text);
  if (!dockerfile) return [];
  const values = new Map<string, string>();
  for (const arg of dockerfile.getInitialARGs()) {
    const property = arg.getProperty();
    const value = property && (buildArgs[property.getName()] ?? property.getValue());
    if (property && value !== undefined && value !== null) values.set(property.getName(), value);
  }
  const stages = new Set<string>(["scratch"]);
  const images = new Set<string>();
  for (const from of dockerfile.getFROMs()) {
    const image = substitute(from.getImage() ?? "", values);
    if (image && !stages.has(image.toLowerCase())) images.add(image);
    const stage = from.getBuildStage();
    if (stage) stages.add(stage.toLowerCase());
  }
  return [...images];
}

function substitute(image: string, values: ReadonlyMap<string, string>): string | undefined {
  let length = 0;
  const done = image.replace(/\$(?:\{(\w+)(?::-([^{}]*))?\}|(\w+))/g, (whole, braced?: string, fallback?: string, bare?: string) => {
    const value = values.get(braced ?? bare ?? "") || fallback;
    length += value?.length ?? 0;
    // No image has so long a name, and values may be long and many.
    return length > longestWord ? whole : (value ?? whole);
  });
  return done.includes("$") ? undefined : done;
}
