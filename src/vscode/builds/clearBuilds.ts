import type { WithBuilds } from "./builds";

/** Deletes the builds that have ended, with their logs. */
export async function clearBuilds({ builds }: WithBuilds): Promise<void> {
  await builds.remove(await builds.load());
}
