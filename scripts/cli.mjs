import { pathToFileURL } from "node:url";
import { bundleCli, cliFile } from "./setup/cliBundle.mjs";
import { runMain } from "./setup/setUpError.mjs";

// npm starts scripts in the package's folder; what is named on the command line counts from where npm was called.
if (process.env.npm_lifecycle_event === "cli" && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

await runMain(async () => {
  await bundleCli();
  await import(pathToFileURL(cliFile).href);
});
