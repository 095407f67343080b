// TypeScript as it is, for `node --import`: tsx leaves threads alone, and builds have one.
import "tsx";
import { isMainThread } from "node:worker_threads";

if (!isMainThread) {
  const { register: registerImports } = await import("tsx/esm/api");
  const { register: registerRequires } = await import("tsx/cjs/api");
  registerImports();
  registerRequires();
}
