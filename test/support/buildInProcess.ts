import { build, uniqueName } from "./engine";

// Builds the folder that is named and prints the image's id, for tests that want a process of its own.
void build({ root: process.argv[2] ?? "", imageName: `${uniqueName()}:1`, options: { builder: "buildkit" } }).then(
  ({ imageId }) => {
    console.log(imageId);
    process.exit(0);
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
