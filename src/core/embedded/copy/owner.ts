import type { FileTree, Owner } from "../tree/fileTree";
import type { Leaf } from "../tree/node";
import { TreeError } from "../tree/treeError";

/** Reads a small file of a tree. */
export type ReadFile = (leaf: Leaf) => Promise<Buffer>;

/**
 * Finds whom `--chown` and USER mean: `user[:group]`, by number or by the names in the tree's own `/etc/passwd` and
 * `/etc/group`. Names that are not there are root's, as in BuildKit.
 *
 * @param tree undefined for a stage on nothing that has no files yet, in which BuildKit looks up no names
 * @throws TreeError
 */
export async function findOwner(text: string, tree: FileTree | undefined, read: ReadFile): Promise<Owner> {
  const colon = text.indexOf(":");
  const user = colon < 0 ? text : text.slice(0, colon);
  const group = colon < 0 ? undefined : text.slice(colon + 1);
  const owner = { uid: 0, gid: 0 };
  const uid = idOf(user);
  if (uid !== undefined) Object.assign(owner, { uid, gid: uid });
  else {
    const fields = await lookUp(user, "/etc/passwd", tree, read);
    if (fields) Object.assign(owner, { uid: numberOf(fields[2]), gid: numberOf(fields[3]) });
  }
  if (group === undefined) return owner;
  const gid = idOf(group);
  if (gid !== undefined) return { ...owner, gid };
  const fields = await lookUp(group, "/etc/group", tree, read);
  return fields ? { ...owner, gid: numberOf(fields[2]) } : owner;
}

/** Numbers of 32 bits are ids. A negative one is left to BuildKit. */
function idOf(text: string): number | undefined {
  if (text === "root") return 0;
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const id = Number(text);
  if (id > 0x7fffffff || id < -0x80000000) return undefined;
  if (id < 0) throw new TreeError(`"${text}" is not the id of a user`);
  return id;
}

async function lookUp(
  name: string,
  path: string,
  tree: FileTree | undefined,
  read: ReadFile,
): Promise<string[] | undefined> {
  if (!tree) throw new TreeError(`the user or group "${name}" of an image without files`);
  const leaf = leafAt(tree, path);
  if (!leaf) return undefined;
  for (const line of (await read(leaf)).toString("utf8").split("\n")) {
    const fields = line.trim().split(":");
    if (line.trim() !== "" && fields[0] === name) return fields;
  }
  return undefined;
}

function leafAt(tree: FileTree, path: string): Leaf | undefined {
  let node;
  try {
    node = tree.at(tree.resolve(path));
  } catch (error) {
    if (error instanceof TreeError) return undefined;
    throw error;
  }
  if (node?.kind === "directory") throw new TreeError(`"${path}" is a folder`);
  return node?.kind === "file" ? node : undefined;
}

/** Files with other words than numbers there count as root's. */
function numberOf(text = ""): number {
  return /^[+-]?\d+$/.test(text) ? Number(text) : 0;
}
