import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf } from "../base/errors";
import { readSmallFile } from "../border/readSmallFile";

const saltBytes = 24;

/**
 * Returns a random text that makes the hashes of a workspace's values differ from those of other workspaces. All
 * windows of the workspace get the same.
 *
 * @throws the file system's error; Error if the file is damaged
 */
export async function saltIn(folder: string): Promise<string> {
  const file = join(folder, "salt");
  await mkdir(folder, { recursive: true });
  try {
    const salt = randomBytes(saltBytes).toString("hex");
    await writeFile(file, salt, { mode: 0o600, flag: "wx" });
    return salt;
  } catch (error) {
    if (systemCodeOf(error) !== "EEXIST") throw error;
  }
  const salt = await readSmallFile(file, 1024);
  if (salt.length !== 2 * saltBytes) throw new Error(`${file} is damaged. Delete it`);
  return salt;
}
