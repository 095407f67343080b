// Pushes as the extension does, one image per line of JSON on stdin: node pusher.cjs <docker host> <registry>
import { createComponent } from "../../src/core/flavors/createComponent";
import { FlavorRegistry } from "../../src/core/flavors/flavorRegistry";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { silentLog } from "../../src/core/base/log";
import { serve } from "./serve.mjs";

const [dockerHost, uri] = process.argv.slice(2);
const services = {
  engine: createEngineAccess({ dockerHost }),
  credentials: { find: () => Promise.resolve(undefined) },
};
const operation = { log: silentLog, signal: new AbortController().signal, report: () => undefined };

void serve(async ({ imageName }) => {
  const component = { name: "bench", type: "container_registry", flavor: "default", configuration: { uri } } as const;
  const registry = await createComponent("container_registry", component, new FlavorRegistry(), services);
  await registry.pushImage(imageName, operation);
});
