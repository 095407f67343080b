import type * as vscode from "vscode";
import type { CredentialSource } from "../core/credentials/credentialSource";
import type { SecretStore } from "../core/credentials/secretStore";
import { ImageBuilderError } from "../core/errors";

/** A stored login, with the host that it was given for: no other host is ever shown it. */
export interface StoredLogin {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** What VS Code's secret storage keeps: registry passwords, by the name that a registry's `authenticationSecret` has, and build secrets. */
export class Secrets implements CredentialSource, SecretStore {
  constructor(private readonly storage: vscode.SecretStorage) {}

  /** @throws ImageBuilderError `credentialsFailed` when the named secret is not here, or is another host's */
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

  /** @throws ImageBuilderError `credentialsFailed` when what is stored cannot be read */
  async load(secretName: string): Promise<StoredLogin | undefined> {
    const text = await this.storage.get(keyOf(secretName));
    if (text === undefined) return undefined;
    try {
      const { host, username, password } = JSON.parse(text) as Partial<StoredLogin>;
      if (host !== undefined && username !== undefined && password !== undefined) return { host, username, password };
    } catch {
      // JSON's own message quotes the text, which is a secret.
    }
    throw new ImageBuilderError("credentialsFailed", `The stored password "${secretName}" is broken: give it again with "Set Registry Password...".`);
  }

  async save(secretName: string, login: StoredLogin): Promise<void> {
    await this.storage.store(keyOf(secretName), JSON.stringify(login));
  }

  async delete(secretName: string): Promise<void> {
    await this.storage.delete(keyOf(secretName));
  }

  /** The value of a build secret. */
  async readSecret(name: string): Promise<string | undefined> {
    return this.storage.get(`build/${name}`);
  }

  async saveSecret(name: string, value: string): Promise<void> {
    await this.storage.store(`build/${name}`, value);
  }

  async forgetSecret(name: string): Promise<void> {
    await this.storage.delete(`build/${name}`);
  }
}

function keyOf(secretName: string): string {
  return `registry/${secretName}`;
}
