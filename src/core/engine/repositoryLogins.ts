import type { BuildOptions } from "../base/buildOptions";
import { wantedIds } from "../dockerfile/wantedIds";
import { isOlder, type EngineIdentity } from "./probe";

/** Docker 27.2's, whose BuildKit shows a login also when it asks for the default branch. */
const defaultBranchApiVersion = "1.47";

/** What decides whether a login can be given to BuildKit as a secret. */
export interface LoginQuestion {
  readonly options: BuildOptions;
  readonly engineInfo: Pick<EngineIdentity, "apiVersion">;
  readonly dockerfile: string;
}

/**
 * Takes the logins out of the addresses of repositories and gives them to BuildKit as secrets: it keeps addresses on
 * its disk, in its history and in the provenance of images, and secrets only in memory.
 *
 * @see https://docs.docker.com/build/building/secrets/#git-authentication-for-remote-contexts
 */
export class RepositoryLogins {
  /** By the ids under which BuildKit asks for them. */
  readonly secrets = new Map<string, string>();

  constructor(private readonly question: LoginQuestion) {}

  /** The address as BuildKit may keep it: with its login only where that would not get there otherwise. */
  withoutLogin(address: string): string {
    const [, scheme = "", login, host = "", path = ""] =
      /^(https?:\/\/)([^/?#]*)@([^/?#@]+)(\/[^?#]*\.git(?:#.*)?)$/.exec(address) ?? [];
    if (login === undefined) return address;
    const id = `GIT_AUTH_HEADER.${host}`;
    const [user = "", ...password] = login.split(":");
    const value = `Basic ${Buffer.from(`${decoded(user)}:${decoded(password.join(":"))}`).toString("base64")}`;
    if ((this.secrets.get(id) ?? value) !== value || !this.#canGive(id, path)) return address;
    this.secrets.set(id, value);
    return `${scheme}${host}${path}`;
  }

  /** No step of the build may ask for it, and no other repository. */
  #canGive(id: string, path: string): boolean {
    const { options, engineInfo, dockerfile } = this.question;
    if (!path.includes("#") && isOlder(engineInfo.apiVersion, defaultBranchApiVersion)) return false;
    if (Object.hasOwn(options.secrets ?? {}, id)) return false;
    return !wantedIds(dockerfile, options.buildArgs, { ...options, buildContexts: undefined }).secret(id);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
