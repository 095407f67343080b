import type * as vscode from "vscode";
import type { CredentialSource } from "../../core/credentials/credentialSource";
import type { SecretStore, SecretValues } from "../../core/credentials/secretStore";
import { ImageBuilderError } from "../../core/errors";

/** A login as a secret holds it, with the host that it was given for: no other host is ever shown it. */
export interface StoredLogin {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** What may be shown of a secret. */
export interface StoredSecret {
  readonly name: string;
  readonly keys: readonly string[];
}

type Index = Readonly<Record<string, readonly string[]>>;

/** Beside the secrets, since VS Code before 1.105 cannot list what it keeps; it has names and keys only. */
const indexKey = "secrets";

/**
 * What VS Code's secret storage keeps, by name: texts by key. A registry's password, which its `authenticationSecret` names, is one
 * with the keys `host`, `username` and `password`; a build secret is one with the key `value`.
 */
export class Secrets implements CredentialSource, SecretStore {
  #writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly storage: vscode.SecretStorage) {}

  /** Calls back when a secret was stored or deleted, in any window. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.storage.onDidChange(({ key }) => key === indexKey && listener());
  }

  /** The secrets by name; nothing of their values is read. */
  async list(): Promise<StoredSecret[]> {
    return Object.entries(await this.#index()).map(([name, keys]) => ({ name, keys })).sort((a, b) => a.name.localeCompare(b.name));
  }

  async readSecret(name: string): Promise<SecretValues | undefined> {
    const text = await this.storage.get(keyOf(name));
    return text === undefined ? undefined : (parse<SecretValues>(text) ?? {});
  }

  /** Stores a secret in place of the one of that name. */
  async save(name: string, values: SecretValues | StoredLogin): Promise<void> {
    await this.storage.store(keyOf(name), JSON.stringify(values));
    await this.#changeIndex((index) => ({ ...index, [name]: Object.keys(values) }));
  }

  async delete(name: string): Promise<void> {
    await this.storage.delete(keyOf(name));
    await this.#changeIndex((index) => Object.fromEntries(Object.entries(index).filter(([each]) => each !== name)));
  }

  /** @throws ImageBuilderError `credentialsFailed` when the named secret is not here, is no login, or is another host's */
  async find(host: string, secretName?: string): ReturnType<CredentialSource["find"]> {
    if (!secretName) return undefined;
    const login = await this.load(secretName);
    if (!login) {
      throw new ImageBuilderError("credentialsFailed", `The password "${secretName}" for ${host} is not stored on this machine: give it with "Set Registry Password...".`);
    }
    if (login.host !== host) {
      throw new ImageBuilderError("credentialsFailed", `The password "${secretName}" was stored for ${login.host} and is not sent to ${host}: give the one for ${host} with "Set Registry Password...".`);
    }
    return { credentials: { username: login.username, password: login.password }, source: `the stored password "${secretName}"` };
  }

  /** @throws ImageBuilderError `credentialsFailed` when what is stored is no login */
  async load(secretName: string): Promise<StoredLogin | undefined> {
    const values = await this.readSecret(secretName);
    if (!values) return undefined;
    const missing = ["host", "username", "password"].filter((key) => typeof values[key] !== "string");
    if (missing.length === 0) return values as SecretValues & StoredLogin;
    throw new ImageBuilderError("credentialsFailed", `The secret "${secretName}" is no registry's password, since it has no ${missing.join(" and no ")}: give it with "Set Registry Password...".`);
  }

  async #index(): Promise<Index> {
    return parse<Index>((await this.storage.get(indexKey)) ?? "") ?? {};
  }

  /** One change after the other, since each writes the whole. */
  async #changeIndex(change: (index: Index) => Index): Promise<void> {
    const work = this.#writing.then(async () => this.storage.store(indexKey, JSON.stringify(change(await this.#index()))));
    this.#writing = work.catch(() => undefined); // whoever asked for it is told
    await work;
  }
}

function keyOf(name: string): string {
  return `secret/${name}`;
}

/** Nothing for a text that is broken: the parser's error would quote it. */
function parse<Value extends object>(text: string): Value | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Value) : undefined;
  } catch {
    return undefined;
  }
}
