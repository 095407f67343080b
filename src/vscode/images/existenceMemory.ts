import type { Component } from "../../core/components/component";
import type { ExistenceMemory } from "../../core/image/existence/existenceMemory";
import type { Memory } from "../memory";

/** What is remembered of the images in a registry. */
export async function existenceMemory(memory: Memory, { name, configuration }: Component): Promise<ExistenceMemory> {
  const { ExistenceMemory: Remembered } = await import("../../core/image/existence/existenceMemory");
  return new Remembered({ get: () => memory.seenImages(), set: (images) => memory.keepSeenImages(images) }, `${name} ${String(configuration["uri"])}`);
}
