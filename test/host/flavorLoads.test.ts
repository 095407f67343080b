import assert from "node:assert/strict";
import { FlavorRegistry } from "../../src/core/flavors/flavorRegistry";
import { CustomFlavors } from "../../src/vscode/flavorSources/customFlavors";
import { SourceFlavors } from "../../src/vscode/flavorSources/sourceFlavors";
import { Memory } from "../../src/vscode/platform/memory";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { memoryMemento } from "../support/memento";
import { recordingLog } from "../unit/context/support";

describe("flavors of modules with the same path", () => {
  after(removeTemporaryFolders);

  it("are loaded from each folder, and for each type", async () => {
    const source = "./flavor.mjs";
    const moduleOf = (name: string): string =>
      `export default ({ registryConfigSchema: configSchema, LocalImageBuilder }) => ({
        name: "${name}", configSchema, load: async (component, config, services) => new LocalImageBuilder(services),
      });`;
    const [one, other] = ["first", "second"].map((name) => temporaryFolder({ "flavor.mjs": moduleOf(name) }));
    const records = [
      { name: "first", type: "image_builder", root: one },
      { name: "second", type: "image_builder", root: other },
      { name: "first", type: "container_registry", root: one },
    ] as const;
    const memory = new Memory(memoryMemento());
    await memory.keepFlavorSources(records.map((record) => ({ ...record, source })));
    const flavors = new FlavorRegistry();
    const custom = new CustomFlavors(new SourceFlavors(memory, recordingLog()), async () => flavors);
    await custom.load(flavors, "all");
    assert.deepEqual(
      records.filter(({ type, name }) => !flavors.has(type, name)),
      [],
    );
  });
});
