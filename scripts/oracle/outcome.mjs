import { Readable } from "node:stream";
import { extract } from "tar-stream";

/**
 * Outcome of a case: the paths of files and links that arrive, and of directories without arriving contents with a
 * trailing slash; or the error.
 *
 * @typedef {{ included: string[], emptied: string[], error?: string }} Outcome
 * @typedef {{ name: string, type: string, size: number, content: Buffer }} Member
 */

/** @param {string} error @returns {Outcome} */
export function failed(error) {
  return { included: [], emptied: [], error };
}

/**
 * @param {Buffer} tar
 * @returns {Promise<Member[]>}
 */
export async function membersOf(tar) {
  /** @type {Member[]} */
  const members = [];
  for await (const member of Readable.from([tar]).pipe(extract())) {
    const chunks = [];
    for await (const chunk of member) chunks.push(/** @type {Buffer} */ (chunk));
    const { name, type, size } = member.header;
    members.push({
      name: name.replace(/^\.\//, "").replace(/\/$/, ""),
      type: type ?? "file",
      size: size ?? 0,
      content: Buffer.concat(chunks),
    });
  }
  return members;
}

/**
 * @param {readonly Member[]} members
 * @param {string} [folder] path with a slash at the end; only its contents are used
 * @returns {Outcome}
 */
export function outcomeOf(members, folder = "") {
  const inside = members
    .filter(({ name }) => name !== "" && name.startsWith(folder))
    .map((member) => ({ ...member, name: member.name.slice(folder.length) }));
  const parents = new Set(inside.flatMap(({ name }) => parentsOf(name)));
  const isLeaf = (/** @type {Member} */ { name, type }) => type !== "directory" || !parents.has(name);
  return {
    included: inside
      .filter(isLeaf)
      .map(({ name, type }) => (type === "directory" ? `${name}/` : name))
      .sort(),
    emptied: inside
      .filter(({ type, size }) => type === "file" && size === 0)
      .map(({ name }) => name)
      .sort(),
  };
}

/** @param {string} name */
function parentsOf(name) {
  const parts = name.split("/");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"));
}
