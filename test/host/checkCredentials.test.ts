import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { CredentialCheck } from "../../src/core/distribution/checkCredentials";
import { authRegistry, login, plainRegistry } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { extension, set } from "./extension";

interface Case {
  readonly truth: string;
  readonly uri: () => string;
  /** Docker's configuration. */
  readonly docker: () => object;
  readonly expected: { readonly outcome: CredentialCheck["outcome"]; readonly code?: string };
  readonly words?: RegExp;
}

const auth = (password: string): object => ({
  auths: { [authRegistry()]: { auth: Buffer.from(`${login().username}:${password}`).toString("base64") } },
});

const cases: readonly Case[] = [
  { truth: "are not asked for", uri: plainRegistry, docker: () => ({}), expected: { outcome: "notWanted" } },
  { truth: "are accepted", uri: authRegistry, docker: () => auth(login().password), expected: { outcome: "accepted" } },
  {
    truth: "are wrong",
    uri: authRegistry,
    docker: () => auth("not-the-password"),
    expected: { outcome: "failed", code: "registryUnauthorized" },
    words: /rejected the credentials from Docker config/,
  },
  {
    truth: "are missing",
    uri: authRegistry,
    docker: () => ({}),
    expected: { outcome: "failed", code: "registryUnauthorized" },
    words: /none were found.*Log in, or set a password or a connector for the registry/,
  },
  {
    truth: "are with a helper that is missing",
    uri: authRegistry,
    docker: () => ({ credsStore: "nowhere-to-be-found" }),
    expected: { outcome: "failed", code: "credentialsFailed" },
    words: /docker-credential-nowhere-to-be-found.* is not in PATH: install it/,
  },
  {
    truth: "cannot be tried, since nobody answers",
    uri: () => "127.0.0.1:1",
    docker: () => ({}),
    expected: { outcome: "failed", code: "registryUnreachable" },
    words: /connection refused\. Check that it is running/,
  },
];

describe("a registry's credentials are checked by command, and it is told that they", () => {
  const configured = process.env["DOCKER_CONFIG"];

  before(() => extension().activate());
  after(async () => {
    if (configured === undefined) delete process.env["DOCKER_CONFIG"];
    else process.env["DOCKER_CONFIG"] = configured;
    await set("registries", undefined);
    removeTemporaryFolders();
  });

  for (const { truth, uri, docker, expected, words } of cases) {
    it(truth, async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "config.json"), JSON.stringify(docker()));
      process.env["DOCKER_CONFIG"] = folder;
      const component = { name: "mine", type: "container_registry", flavor: "default", configuration: { uri: uri() } };
      await set("registries", [
        { name: component.name, flavor: component.flavor, configuration: component.configuration },
      ]);
      const check = await vscode.commands.executeCommand<CredentialCheck>("imageBuilders.checkCredentials", {
        kind: "component",
        component,
      });
      assert.equal(check.outcome, expected.outcome);
      if (check.outcome !== "failed") return;
      assert.equal(check.code, expected.code);
      assert.match(check.message, words ?? /^$/);
      assert.ok(!JSON.stringify(check).includes("not-the-password"), "no secret is told");
    });
  }
});
