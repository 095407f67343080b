import { join } from "node:path";

const largestQuietBytes = 50 * 1024 * 1024;

/** Returns ZenML's warning, in its words, for a context of more than 50 MiB; undefined for a smaller one. */
export function sizeWarning(sizeBytes: number, root: string): string | undefined {
  if (sizeBytes <= largestQuietBytes) return undefined;
  return (
    `Build context size for docker image: \`${readableSize(sizeBytes)}\`. ` +
    "If you believe this is unreasonably large, make sure to include a `.dockerignore` file at the root of " +
    `your build context \`${join(root, ".dockerignore")}\` or specify a custom file in the Docker configuration ` +
    "when defining your pipeline."
  );
}

function readableSize(sizeBytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let size = sizeBytes;
  while (size >= 1024 && units.length > 1) {
    size /= 1024;
    units.shift();
  }
  return `${size.toFixed(2)} ${units[0]}`;
}
