import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

const extensionId = "image-builders.image-builders";

/** The plain channel that builds write to, as the file VS Code keeps of it is named. */
const buildChannel = /\/output_logging_[^/]+\/\d+-Image Builders Build\.log$/;

/** The channel with levels and times, which has a folder named by the extension. */
const logChannel = new RegExp(`/${extensionId}/[^/]+\\.log$`);

/**
 * The files behind the channel that builds write to, oldest window first. They hold what the channel was given, while
 * the panel's page holds only the lines on the screen.
 *
 * @param {string} userData VS Code's user data folder
 */
export function buildLogFiles(userData) {
  return filesLike(buildChannel, userData);
}

/**
 * Everything that the extension's output channels hold.
 *
 * @param {string} userData VS Code's user data folder
 */
export async function readChannels(userData) {
  const files = [...(await filesLike(buildChannel, userData)), ...(await filesLike(logChannel, userData))];
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("");
}

/**
 * @param {RegExp} pattern
 * @param {string} userData
 */
async function filesLike(pattern, userData) {
  const logs = path.join(userData, "logs");
  const files = await readdir(logs, { recursive: true }).catch(() => []); // before the first window there are none
  return files
    .filter((file) => pattern.test(file))
    .sort()
    .map((file) => path.join(logs, file));
}
