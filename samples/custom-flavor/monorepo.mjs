// @ts-check
import { basename, resolve } from "node:path";

/**
 * An image builder for monorepos: `COPY` cannot reach above the build context, so folders from outside, such as a
 * library that several services share, are added to it under their own names.
 *
 * @param {import("../../src/api/api").FlavorToolkit} toolkit
 * @returns {import("../../src/api/api").GivenFlavor<"image_builder", { shared: string[] }>}
 */
export default function monorepo({ z, BuildContext, LocalImageBuilder }) {
  return {
    name: "monorepo",
    displayName: "Monorepo",
    description: "Builds with the local daemon, with shared folders in every context",
    configSchema: z.strictObject({
      shared: z.array(z.string().min(1)).meta({ description: "Folders to add, relative to the folder that is built" }),
    }),
    async load(_component, { shared }, services) {
      class MonorepoContext extends BuildContext {
        /** @param {import("../../src/api/api").BuildContextOptions} options */
        constructor(options) {
          super(options);
          for (const folder of shared) this.addDirectory(resolve(options.root ?? ".", folder), basename(folder));
        }
      }
      class MonorepoBuilder extends LocalImageBuilder {
        /** @override */
        buildContextClass = MonorepoContext;
      }
      return new MonorepoBuilder(services);
    },
  };
}
