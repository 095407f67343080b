import type * as vscode from "vscode";
import { secretVerdict, type SecretVerdict } from "../../core/consent/secretBinding";
import type { CredentialQuestion, CredentialSource } from "../../core/credentials/credentialSource";
import type { SecretStore, SecretValues } from "../../core/credentials/secretStore";
import { ImageBuilderError } from "../../core/base/errors";

/** Login as stored in a secret, with the host that it was entered for. It is sent to no other host. */
export interface StoredLogin {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** Public part of a secret. */
export interface StoredSecret {
  readonly name: string;
  readonly keys: readonly string[];
}

type Index = Readonly<Record<string, readonly string[]>>;

/** Destinations of each value, by the name of the secret and its key, as `boundTo` returns them. */
type Places = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Selected values of one secret, by key. */
export interface SecretPart {
  readonly name: string;
  readonly keys: readonly string[];
}

/** Key of the index of names and keys, without values: VS Code before 1.105 can't list stored secrets. */
const indexKey = "secrets";

/** Key of the destinations. They are in the secret storage, where workspaces and settings can't change them. */
const placesKey = "secretPlaces";

/**
 * Secrets in VS Code's secret storage, each a map from keys to texts. The password of a registry, which
 * `authenticationSecret` names, has the keys `host`, `username`, and `password`; a build secret has the key `value`.
 */
export class Secrets implements CredentialSource, SecretStore {
  #writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly storage: vscode.SecretStorage) {}

  /** Calls back when a secret was stored or deleted in any window. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.storage.onDidChange(({ key }) => key === indexKey && listener());
  }

  /** Returns names and keys, sorted by name, without reading values. */
  async list(): Promise<StoredSecret[]> {
    return Object.entries(await this.#index())
      .map(([name, keys]) => ({ name, keys }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  async readSecret(name: string): Promise<SecretValues | undefined> {
    const text = await this.storage.get(keyOf(name));
    return text === undefined ? undefined : (parse<SecretValues>(text) ?? {});
  }

  /** Stores a secret, replacing the one with the same name. Values that change lose their destinations. */
  async save(name: string, values: SecretValues | StoredLogin): Promise<void> {
    const before = (await this.readSecret(name)) ?? {};
    const kept = Object.entries(values)
      .filter(([key, value]) => before[key] === value)
      .map(([key]) => key);
    await this.#changePlaces((places) => ({
      ...places,
      [name]: only(ownValue(places, name), (key) => kept.includes(key)),
    }));
    await this.storage.store(keyOf(name), JSON.stringify(values));
    await this.#changeIndex((index) => ({ ...index, [name]: Object.keys(values) }));
  }

  async delete(name: string): Promise<void> {
    await this.storage.delete(keyOf(name));
    await this.#changeIndex((index) => without(index, name));
    await this.#changePlaces((places) => without(places, name));
  }

  /**
   * Returns the destinations of some values: the host for the login of a registry, otherwise the places that each is
   * bound to. Returns undefined if there is no such secret.
   */
  async placesOf({ name, keys }: SecretPart): Promise<readonly (readonly string[])[] | undefined> {
    const values = await this.readSecret(name);
    if (!values) return undefined;
    if (isLogin(values)) return [[values.host]];
    const places = ownValue(await this.#places(), name) ?? {};
    return keys.map((key) => ownValue(places, key) ?? []);
  }

  /**
   * Binds values of a secret to a destination, unless one of them is bound to another.
   *
   * @returns the decision, made one after another with all other changes
   */
  async bind(part: SecretPart, place: string): Promise<SecretVerdict> {
    return this.#inTurn(async () => {
      const bound = (await this.placesOf(part)) ?? [];
      const verdict = secretVerdict(bound, place, true);
      if (verdict !== "bind") return verdict;
      const added = Object.fromEntries(part.keys.map((key, i) => [key, [...new Set([...(bound[i] ?? []), place])]]));
      const places = await this.#places();
      await this.storage.store(
        placesKey,
        JSON.stringify({ ...places, [part.name]: { ...ownValue(places, part.name), ...added } }),
      );
      return "allowed";
    });
  }

  /** Returns the values that are bound, except the logins of registries, which contain their host. */
  async boundSecrets(): Promise<readonly (SecretPart & { readonly places: readonly string[] })[]> {
    const all = Object.entries(await this.#places()).flatMap(([name, keys]) =>
      Object.entries(keys).map(([key, places]) => ({ name, keys: [key], places })),
    );
    return all.filter(({ places }) => places.length > 0);
  }

  /** Removes the destinations of values; the next use from the person's own settings binds them again. */
  async unbind({ name, keys }: SecretPart): Promise<void> {
    await this.#changePlaces((places) => ({
      ...places,
      [name]: only(ownValue(places, name), (key) => !keys.includes(key)),
    }));
  }

  /**
   * Returns the login for a host from the named secret; undefined if no secret is named.
   *
   * @throws ImageBuilderError `credentialsFailed` if the secret is not stored here, is not a login, or was stored for
   * another host
   */
  async find(host: string, { secretName }: CredentialQuestion = {}): ReturnType<CredentialSource["find"]> {
    if (!secretName) return undefined;
    const login = await this.load(secretName);
    if (!login) {
      throw new ImageBuilderError(
        "credentialsFailed",
        `The password "${secretName}" for ${host} is not stored on this machine. ` + 'Enter it with "Sign In...".',
      );
    }
    if (login.host !== host) {
      throw new ImageBuilderError(
        "credentialsFailed",
        `The password "${secretName}" was stored for ${login.host} and is not sent to ${host}. ` +
          `Enter the password for ${host} with "Sign In...".`,
      );
    }
    return {
      credentials: { username: login.username, password: login.password },
      source: `the stored password "${secretName}"`,
    };
  }

  /**
   * Returns a stored login; undefined if there is no such secret.
   *
   * @throws ImageBuilderError `credentialsFailed` if the secret is not a login
   */
  async load(secretName: string): Promise<StoredLogin | undefined> {
    const values = await this.readSecret(secretName);
    if (!values) return undefined;
    if (isLogin(values)) return values;
    const missing = ["host", "username", "password"].filter((key) => typeof values[key] !== "string");
    throw new ImageBuilderError(
      "credentialsFailed",
      `The secret "${secretName}" is not a registry password because it has no ${missing.join(" and no ")}. ` +
        'Enter the password with "Sign In...".',
    );
  }

  async #index(): Promise<Index> {
    return parse<Index>((await this.storage.get(indexKey)) ?? "") ?? {};
  }

  async #places(): Promise<Places> {
    return parse<Places>((await this.storage.get(placesKey)) ?? "") ?? {};
  }

  async #changeIndex(change: (index: Index) => Index): Promise<void> {
    await this.#inTurn(async () => this.storage.store(indexKey, JSON.stringify(change(await this.#index()))));
  }

  async #changePlaces(change: (places: Places) => Places): Promise<void> {
    await this.#inTurn(async () => {
      const places = await this.#places();
      const changed = change(places);
      if (JSON.stringify(changed) !== JSON.stringify(places))
        await this.storage.store(placesKey, JSON.stringify(changed));
    });
  }

  /** Runs changes one after another, because each writes the whole value. */
  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const work = this.#writing.then(change);
    this.#writing = work.catch(() => undefined); // the caller gets the error
    return work;
  }
}

function isLogin(values: SecretValues): values is SecretValues & StoredLogin {
  return ["host", "username", "password"].every((key) => typeof values[key] === "string");
}

function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function only<Value>(
  record: Readonly<Record<string, Value>> = {},
  isKept: (key: string) => boolean,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => isKept(key)));
}

function without<Value>(record: Readonly<Record<string, Value>>, name: string): Record<string, Value> {
  return only(record, (each) => each !== name);
}

function keyOf(name: string): string {
  return `secret/${name}`;
}

/** Parses JSON; returns undefined for invalid text, because the parser's error would quote it. */
function parse<Value extends object>(text: string): Value | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Value) : undefined;
  } catch {
    return undefined;
  }
}

/** Gives access to the extension's `Secrets`. */
export interface WithSecrets {
  readonly secrets: Secrets;
}
