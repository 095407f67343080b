// Builds with dockerode's own packing of a folder, one build per line of JSON on stdin: node dockerode.cjs <docker
// host>
import { readdirSync } from "node:fs";
import Docker from "dockerode";
import { serve } from "./serve.mjs";

const docker = new Docker({ socketPath: process.argv[2]?.replace("unix://", "") });

void serve(async ({ root, imageName }) => {
  const stream = await docker.buildImage({ context: root, src: readdirSync(root) }, { t: imageName });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error, events: readonly { readonly error?: string }[]) => {
      const failure = error?.message ?? events.find((event) => event.error)?.error;
      if (failure) reject(new Error(failure));
      else resolve();
    });
  });
});
