import path from "node:path";
import { vsixFile } from "./setup/bundle.mjs";
import { writePackage } from "./setup/package.mjs";
import { root } from "./setup/paths.mjs";
import { runMain } from "./setup/setUpError.mjs";

await runMain(async () => {
  await writePackage(vsixFile);
  console.log(`Packaged ${path.relative(root, vsixFile)}.`);
});
