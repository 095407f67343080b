import assert from "node:assert/strict";
import type { SecretStorage } from "vscode";
import { ImageBuilderError } from "../../../src/core/errors";
import { Secrets } from "../../../src/vscode/secrets";

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
    const answer = await secrets.find("localhost:5000", "mine");
    assert.deepEqual(answer?.credentials, { username: "me", password: "geheim" });
    assert.equal(answer?.source, 'the stored password "mine"');
  });

  it("answer for no registry that names none", async () => {
    const secrets = new Secrets(memoryStorage());
    await secrets.save("mine", login);
    assert.equal(await secrets.find("localhost:5000"), undefined);
  });

  const refusals: readonly { readonly truth: string; readonly stored: Readonly<Record<string, string>>; readonly host: string; readonly words: RegExp }[] = [
    { truth: "are never given to another host", stored: { "registry/mine": JSON.stringify(login) }, host: "evil.example", words: /was stored for localhost:5000 and is not sent to evil\.example/ },
    { truth: "that are not there are asked for", stored: {}, host: "localhost:5000", words: /not stored on this machine: give it with "Set Registry Password\.\.\."/ },
    { truth: "that are broken are told without their text", stored: { "registry/mine": "geheim{" }, host: "localhost:5000", words: /is broken/ },
    { truth: "that lack a part are told without their text", stored: { "registry/mine": JSON.stringify({ password: "geheim" }) }, host: "localhost:5000", words: /is broken/ },
  ];
  for (const { truth, stored, host, words } of refusals) {
    it(truth, async () => {
      await assert.rejects(new Secrets(memoryStorage(stored)).find(host, "mine"), (error) => {
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
