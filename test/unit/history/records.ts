import { newBuildId } from "../../../src/core/history/buildId";
import type { BuildRecord } from "../../../src/core/history/buildRecord";
import { thisProcess } from "../../../src/core/history/owner";

/** A build that has ended, begun some minutes after a fixed time. */
export function record(minute = 0, changes: Partial<BuildRecord> = {}): BuildRecord {
  const startedAt = Date.UTC(2026, 0, 1) + minute * 60_000;
  return {
    id: newBuildId(new Date(startedAt)),
    kind: "build",
    state: "done",
    startedAt,
    endedAt: startedAt + 1500,
    imageNames: ["registry.example.com/web:1"],
    answers: {
      folder: "/work/web",
      dockerfile: "/work/web/Dockerfile",
      imageName: "web:1",
      builder: "local",
      options: { buildArgs: { GREETING: "hello" }, target: "base" },
    },
    result: { imageName: "registry.example.com/web:1", imageId: `sha256:${"a".repeat(64)}`, durationMs: 1500 },
    owner: thisProcess,
    ...changes,
  };
}
