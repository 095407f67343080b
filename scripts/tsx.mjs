// TypeScript as it is, for `node --import`: tsx leaves threads alone, and builds have one.
import "tsx";
import { isMainThread } from "node:worker_threads";

// Tests that run side by side have a folder each for temporary files; what tsx keeps there is in the common one.
if (process.env.IMAGE_BUILDERS_TEST_TMPDIR) process.env.TMPDIR = process.env.IMAGE_BUILDERS_TEST_TMPDIR;

if (!isMainThread) {
  const { register: registerImports } = await import("tsx/esm/api");
  const { register: registerRequires } = await import("tsx/cjs/api");
  registerImports();
  registerRequires();
}
