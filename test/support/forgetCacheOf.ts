import assert from "node:assert/strict";
import { askDaemon } from "./engine";

/** Takes one step's result out of the daemon's build cache. */
export async function forgetCacheOf(sign: string): Promise<void> {
  const { BuildCache } = (await askDaemon("/system/df")) as { BuildCache: { ID: string; Description: string }[] };
  const ids = BuildCache.filter(({ Description }) => Description.includes(sign)).map(({ ID }) => ID);
  assert.equal(ids.length, 1);
  const { CachesDeleted } = (await askDaemon(
    `/build/prune?all=1&filters=${encodeURIComponent(JSON.stringify({ id: ids }))}`,
    "POST",
  )) as { CachesDeleted: string[] };
  assert.deepEqual(CachesDeleted, ids);
}
