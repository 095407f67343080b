import type { Component } from "../../../core/base/component";
import type { ExistenceMemory } from "../../../core/jobs/existenceMemory";
import type { Memory } from "../../platform/memory";

/** Returns the memory of which images exist in a registry. */
export async function existenceMemory(memory: Memory, { name, configuration }: Component): Promise<ExistenceMemory> {
  const { ExistenceMemory: Remembered } = await import("../../../core/jobs/existenceMemory");
  return new Remembered(
    { get: () => memory.seenImages(), set: (images) => memory.keepSeenImages(images) },
    `${name} ${String(configuration["uri"])}`,
  );
}
