// Builds and pushes as the extension does, one build per line of JSON on stdin:
// node registryBuilder.cjs <docker host> <registry> <flavor> <cache folder>
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { buildAndPush } from "../../src/core/jobs/buildAndPush";
import { FlavorRegistry } from "../../src/core/flavors/flavorRegistry";
import { silentLog } from "../../src/core/base/log";
import { serve } from "./serve.mjs";

const [dockerHost, uri, flavor = "", cacheFolder] = process.argv.slice(2);
const services = {
  engine: createEngineAccess({ dockerHost }),
  credentials: { find: () => Promise.resolve(undefined) },
  cacheFolder,
};
const core = { flavors: new FlavorRegistry(), services };
const operation = { log: silentLog, signal: new AbortController().signal, report: () => undefined };
// A fallback would measure the daemon.
const configuration = flavor === "embedded" ? { fallback: "none" } : {};

void serve(async ({ root, imageName }) => {
  const builder = { name: "bench", type: "image_builder", flavor, configuration } as const;
  const registry = { name: "bench", type: "container_registry", flavor: "default", configuration: { uri } } as const;
  await buildAndPush({ root, imageName, builder, registry, options: {} }, core, operation);
});
