import { createHash, randomUUID } from "node:crypto";
import { encodeMessage } from "../transport/message";
import { Op, type Definition } from "../transport/proto/ops.pb";
import { isOlder } from "./probe";

/** Docker 27.2's, whose BuildKit shows a login also when it asks for the default branch. */
const defaultBranchApiVersion = "1.47";

/**
 * Takes the logins out of the addresses of repositories and gives them to BuildKit as secrets: it keeps addresses on
 * its disk, in its history and in the provenance of images, and secrets only in memory.
 *
 * A frontend requests secrets of fixed names for an address, which a step, also one of a base image, could request
 * too. So BuildKit gets the source itself, with a secret's name that no one else knows.
 *
 * @see https://github.com/moby/buildkit/blob/master/client/llb/source.go
 */
export class RepositoryLogins {
  /** By the ids under which BuildKit asks for them. */
  readonly secrets = new Map<string, string>();
  /** Sources by the names that the frontend knows them by. */
  readonly inputs = new Map<string, Definition>();

  constructor(private readonly apiVersion: string) {}

  /** The address for the frontend: unchanged if it contains no login, or must keep it. */
  contextOf(address: string): string {
    const [, scheme = "", login, place = "", fragment = ""] =
      /^(https?:\/\/)([^/?#]*)@([^/?#@]+\/[^?#]*\.git)(#.*)?$/.exec(address) ?? [];
    if (login === undefined || (fragment === "" && isOlder(this.apiVersion, defaultBranchApiVersion))) return address;
    const [user = "", ...password] = login.split(":");
    const id = `repository-login-${randomUUID()}`;
    const packed = Buffer.from(`${decoded(user)}:${decoded(password.join(":"))}`).toString("base64");
    this.secrets.set(id, `Basic ${packed}`);
    const name = `repository-${this.inputs.size}`;
    this.inputs.set(name, sourceOf(`git://${place}${fragment}`, `${scheme}${place}`, id));
    return `input:${name}`;
  }
}

/**
 * Returns the operation that fetches a repository, and the one that ends a definition. BuildKit wants metadata of some.
 */
function sourceOf(identifier: string, url: string, secret: string): Definition {
  const source = encodeMessage(Op, {
    inputs: [],
    source: { identifier, attrs: { "git.fullurl": url, "git.authheadersecret": secret } },
  });
  const digest = `sha256:${createHash("sha256").update(source).digest("hex")}`;
  const end = encodeMessage(Op, { inputs: [{ digest, index: 0n }], source: undefined });
  return { def: [source, end], metadata: { [digest]: { description: {} } } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
