import type { BuilderChoice } from "../../src/core/base/buildOptions";
import { build, uniqueName } from "./engine";
import { recordingOperation } from "./operation";

// Builds the folder that is named and prints what was logged and the image's id, for tests that want a process of its
// own: tsx buildInProcess.ts <folder> [builder] [image name]
const [root = "", builder = "buildkit", imageName = `${uniqueName()}:1`] = process.argv.slice(2);
const operation = recordingOperation();

void build({ root, imageName, options: { builder: builder as BuilderChoice, noCache: true }, operation }).then(
  ({ imageId }) => {
    for (const line of operation.logged) console.log(line);
    console.log(imageId);
    process.exit(0);
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
