import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./folder";

/**
 * Bundles the program that runs image modules.
 *
 * @returns its path; a copy of what `IMAGE_BUILDERS_TEST_PROGRAMS` has, where esbuild does not run itself
 */
export async function imageModuleRunner(): Promise<string> {
  const folder = temporaryFolder();
  const bundled = process.env["IMAGE_BUILDERS_TEST_PROGRAMS"];
  if (bundled !== undefined) {
    for (const name of ["imageModule.js", "imageModuleHooks.mjs"])
      copyFileSync(join(bundled, name), join(folder, name));
    return join(folder, "imageModule.js");
  }
  const { build } = await import("esbuild");
  const shared = { bundle: true, platform: "node", target: "node20", logLevel: "silent" } as const;
  const modules = "src/core/image/modules";
  await build({ ...shared, entryPoints: [`${modules}/moduleRunner.ts`], outfile: join(folder, "imageModule.js") });
  await build({
    ...shared,
    format: "esm",
    entryPoints: [`${modules}/moduleHooks.ts`],
    outfile: join(folder, "imageModuleHooks.mjs"),
  });
  return join(folder, "imageModule.js");
}
