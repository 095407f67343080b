// Builds as the extension does, one build per line of JSON on stdin: node ours.cjs <docker host> <builder>
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { buildAndPush } from "../../src/core/jobs/buildAndPush";
import type { BuilderChoice } from "../../src/core/base/buildOptions";
import { FlavorRegistry } from "../../src/core/flavors/flavorRegistry";
import { silentLog } from "../../src/core/base/log";
import { serve } from "./serve.mjs";

const [dockerHost, builder] = process.argv.slice(2);
const services = {
  engine: createEngineAccess({ dockerHost }),
  credentials: { find: () => Promise.resolve(undefined) },
};
const core = { flavors: new FlavorRegistry(), services };
const operation = { log: silentLog, signal: new AbortController().signal, report: () => undefined };

void serve(async ({ root, imageName, noCache, dest }) => {
  const component = { name: "local", type: "image_builder", flavor: "local", configuration: {} } as const;
  await buildAndPush(
    {
      root,
      imageName,
      builder: component,
      options: {
        builder: builder as BuilderChoice,
        noCache,
        ...(dest !== undefined && { output: { type: "local", dest } }),
      },
    },
    core,
    operation,
  );
});
