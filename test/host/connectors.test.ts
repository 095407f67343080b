import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ConnectorRegistration } from "../../src/api/api";
import { authRegistry, login } from "../support/engine";
import { extension, set } from "./extension";

const run = <Result>(command: string, args: object) =>
  vscode.commands.executeCommand<Result>(`imageBuilders.${command}`, args);
const register = (more: Partial<ConnectorRegistration>) =>
  run("registerConnector", {
    name: "team",
    type: "docker",
    authMethod: "password",
    configuration: { username: login().username, password: "{{none.password}}", registry: authRegistry() },
    ...more,
  });

describe("a connector by command", () => {
  before(() => extension().activate());
  afterEach(() => set("connectors", undefined));

  const refused: readonly (readonly [what: string, more: Partial<ConnectorRegistration>, words: RegExp])[] = [
    [
      "its secret is not stored [Z23]",
      {},
      /"password" of the connector "team" refers to the secret "none", which is not stored/,
    ],
    [
      "its secret is written in plain text [Z19]",
      { configuration: { username: "me", password: "pl4in" } },
      /password: a plain-text secret is not allowed in settings: store it as a secret and use \{\{name\.key\}\}/,
    ],
    ["there is no such kind", { type: "ibm" }, /has the unknown type "ibm"\. Use one of: docker, gcp, azure, aws/],
    [
      "there is no such way to sign in",
      { authMethod: "token" },
      /has the unknown authentication method "token"\. The type docker supports: password/,
    ],
    ["it has a field that is none", { configuration: { user: "me" } }, /unknown field "user"/],
    ["its end is no time", { expiresAt: "soon" }, /has the invalid expiration time "soon"/],
  ];
  for (const [what, more, words] of refused) {
    it(`is not stored where ${what}`, async () => {
      await assert.rejects(
        async () => register(more),
        (error) => {
          assert.ok(error instanceof Error);
          assert.match(error.message, words);
          assert.doesNotMatch(error.message, /pl4in/);
          return true;
        },
      );
      assert.deepEqual(vscode.workspace.getConfiguration("imageBuilders").get("connectors"), []);
    });
  }

  it("that uses what the machine is signed in as is refused until that is allowed [Z139]", async () => {
    const request = {
      name: "cloud",
      type: "aws",
      authMethod: "implicit",
      configuration: { region: "us-east-1" },
      resourceId: "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    };
    await assert.rejects(
      async () => register(request),
      /uses this machine's default credentials, which are not allowed/,
    );
  });

  it("is deleted by its name, and an unknown one is told", async () => {
    await set("connectors", [
      {
        name: "mine",
        type: "docker",
        authMethod: "password",
        configuration: { username: "me", password: "{{none.password}}" },
      },
    ]);
    await run("deleteConnector", { connector: "mine" });
    assert.deepEqual(vscode.workspace.getConfiguration("imageBuilders").get("connectors"), []);
    await assert.rejects(
      async () => run("verifyConnector", { connector: "mine" }),
      /There is no connector named "mine"/,
    );
  });
});
