import assert from "node:assert/strict";
import type { SecretStorage } from "vscode";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { Secrets } from "../../../src/vscode/platform/secrets";

/** Secret storage as VS Code's, in memory. */
function memoryStorage(entries: Readonly<Record<string, string>> = {}): SecretStorage {
  const values = new Map(Object.entries(entries));
  return {
    get: async (key) => values.get(key),
    store: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
    onDidChange: () => ({ dispose() {} }),
  };
}

const login = { host: "localhost:5000", username: "me", password: "geheim" };

describe("stored registry passwords", () => {
  it("answer for the host they were stored for, and say where they are from without their value", async () => {
    const secrets = new Secrets(memoryStorage());
    await secrets.save("mine", login);
    const answer = await secrets.find("localhost:5000", { secretName: "mine" });
    assert.deepEqual(answer?.credentials, { username: "me", password: "geheim" });
    assert.equal(answer?.source, 'the stored password "mine"');
  });

  it("answer for no registry that names none", async () => {
    const secrets = new Secrets(memoryStorage());
    await secrets.save("mine", login);
    assert.equal(await secrets.find("localhost:5000"), undefined);
  });

  const refusals: readonly {
    readonly truth: string;
    readonly stored: Readonly<Record<string, string>>;
    readonly host: string;
    readonly words: RegExp;
  }[] = [
    {
      truth: "are never given to another host",
      stored: { "secret/mine": JSON.stringify(login) },
      host: "evil.example",
      words: /was stored for localhost:5000 and is not sent to evil\.example/,
    },
    {
      truth: "that are not there are asked for",
      stored: {},
      host: "localhost:5000",
      words: /not stored on this machine\. Enter it with "Sign In\.\.\."/,
    },
    {
      truth: "that are broken are told without their text",
      stored: { "secret/mine": "geheim{" },
      host: "localhost:5000",
      words: /has no host and no username and no password/,
    },
    {
      truth: "that lack a part are told without their text [Z121]",
      stored: { "secret/mine": JSON.stringify({ password: "geheim" }) },
      host: "localhost:5000",
      words: /has no host and no username\. Enter the password with/,
    },
  ];
  for (const { truth, stored, host, words } of refusals) {
    it(truth, async () => {
      await assert.rejects(new Secrets(memoryStorage(stored)).find(host, { secretName: "mine" }), (error) => {
        assert.ok(ImageBuilderError.is(error, "credentialsFailed"));
        assert.match(error.message, words);
        assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /geheim/);
        return true;
      });
    });
  }

  it("are gone once deleted", async () => {
    const secrets = new Secrets(memoryStorage());
    await secrets.save("mine", login);
    await secrets.delete("mine");
    assert.equal(await secrets.load("mine"), undefined);
  });
});

describe("stored secrets", () => {
  it("are listed by name with their keys, registry passwords and build secrets among them", async () => {
    const secrets = new Secrets(memoryStorage());
    await Promise.all([
      secrets.save("npm", { value: "one" }),
      secrets.save("mine", login),
      secrets.save("cloud", { id: "two", key: "three" }),
    ]);
    assert.deepEqual(await secrets.list(), [
      { name: "cloud", keys: ["id", "key"] },
      { name: "mine", keys: ["host", "username", "password"] },
      { name: "npm", keys: ["value"] },
    ]);
    await secrets.delete("npm");
    assert.deepEqual(
      (await secrets.list()).map(({ name }) => name),
      ["cloud", "mine"],
    );
    assert.equal(await secrets.readSecret("npm"), undefined);
  });

  it("keep their names and keys apart from their values", async () => {
    const entries = new Map<string, string>();
    const secrets = new Secrets({ ...memoryStorage(), store: async (key, value) => void entries.set(key, value) });
    await secrets.save("mine", login);
    assert.deepEqual(
      [...entries].filter(([, text]) => text.includes("geheim")).map(([key]) => key),
      ["secret/mine"],
    );
  });
});
