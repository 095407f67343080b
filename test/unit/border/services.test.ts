import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { awsCredentials } from "../../../src/core/clouds/amazon/awsCredentials";
import { askService } from "../../../src/core/clouds/askService";
import { googleToken } from "../../../src/core/clouds/google/googleToken";
import { azureToken } from "../../../src/core/clouds/microsoft/azureToken";
import { connectorServices } from "../../support/connectors";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { assertPlain, hostileBodies, measured } from "../../support/hostileAnswers";
import { HostileServer, type HostileAnswer } from "../../support/hostileServer";
import { pathWith, writeProgram } from "../../support/program";
import type { ConnectorServices } from "../../../src/core/clouds/connectorType";

const secret = "s3cr3t-s3cr3t-s3cr3t";

/** Puts programs of these names into a folder, each of which writes an answer. */
function programs(scripts: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, script] of Object.entries(scripts)) {
    writeFiles(folder, { [name]: `#!/bin/sh\n${script}\n` });
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/** What a command-line tool may write instead of its answer. */
const hostileOutputs: Readonly<Record<string, string>> = {
  "nothing, and fails": "exit 3",
  "a line without an end": "cat /dev/zero | tr '\\0' x",
  "errors without an end": "cat /dev/zero | tr '\\0' x >&2",
  "bytes that are no text": "head -c 1000 /dev/urandom; printf 'a b\\033[31m'",
  "several lines": `printf 'a\\r\\nb: ${secret}\\n'`,
  "a page": `echo '<html>${secret}</html> x'`,
  "half of an object": `printf '{"Username":"${secret}'`,
  "wrong types": `echo '{"AccessKeyId":7,"SecretAccessKey":["${secret}"],"Username":{},"Secret":5}'`,
  "a deep answer": "head -c 900000 /dev/zero | tr '\\0' '['",
};

describe("a cloud's service that answers wrongly", function () {
  this.timeout(60_000);
  let given: HostileAnswer;
  let server: HostileServer;
  before(async () => (server = await HostileServer.start(() => given)));
  after(async () => {
    await server.stop();
    removeTemporaryFolders();
  });

  const asked: Readonly<Record<string, () => Promise<unknown>>> = {
    "any service": () =>
      askService(
        { url: new URL(`http://${server.address}/`) },
        "get a token",
        z.looseObject({ token: z.string() }),
        connectorServices(),
      ),
    "Google's machine": () =>
      googleToken({ kind: "implicit" }, connectorServices({ GCE_METADATA_HOST: server.address })),
    "Amazon's container": () =>
      awsCredentials(
        { kind: "implicit" },
        "us-east-1",
        connectorServices({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://${server.address}/` }),
      ),
    "Amazon's machine": () =>
      awsCredentials(
        { kind: "implicit" },
        "us-east-1",
        connectorServices({ AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://${server.address}` }),
      ),
    "Azure's host": () =>
      azureToken(connectorServices({ IDENTITY_ENDPOINT: `http://${server.address}/`, IDENTITY_HEADER: "x" })),
    "Azure's machine": () =>
      azureToken(connectorServices({ AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://${server.address}` })),
  };
  for (const [who, ask] of Object.entries(asked)) {
    it(`is named in plain words when it is ${who}`, async () => {
      for (const [name, answer] of Object.entries(hostileBodies)) {
        given = answer;
        const { failure, ms, peakMiB } = await measured(ask);
        assertPlain(failure, name);
        assert.ok(ms < 5_000 && peakMiB < 96, `${name}: ${Math.round(ms)} ms, ${Math.round(peakMiB)} MiB`);
      }
    });
  }

  const wrong: readonly (readonly [who: string, body: object, message: RegExp])[] = [
    ["Google's machine", { access_token: 7 }, /did not return a valid response \("access_token" is invalid\)/],
    ["Google's machine", { access_token: `${secret}\r\nX: y`, expires_in: 1 }, /\("access_token" is invalid\)/],
    ["Google's machine", { access_token: secret, expires_in: -1 }, /\("expires_in" is invalid\)/],
    ["Amazon's container", { AccessKeyId: "a", SecretAccessKey: 7 }, /\("SecretAccessKey" is invalid\)/],
    ["Amazon's container", { AccessKeyId: "a", SecretAccessKey: secret, Token: {} }, /\("Token" is invalid\)/],
    ["Azure's host", { access_token: "" }, /\("access_token" is invalid\)/],
    ["Azure's host", { access_token: `${secret} ${secret}` }, /\("access_token" is invalid\)/],
  ];
  for (const [who, body, message] of wrong) {
    it(`is named for ${JSON.stringify(body)} from ${who}`, async () => {
      given = { kind: "whole", body: JSON.stringify(body) };
      const { failure } = await measured(async () => asked[who]?.());
      assertPlain(failure, who);
      assert.match(failure.message, message);
      assert.ok(!failure.message.includes(secret));
    });
  }

  it("is read where it writes numbers as texts, as Azure's and others do", async () => {
    given = { kind: "whole", body: '{"access_token":"good","expires_in":"3600","more":{"fields":[null]}}' };
    const { token, expiresAtMs = 0 } = (await asked["Google's machine"]?.()) as { token: string; expiresAtMs?: number };
    assert.equal(token, "good");
    assert.ok(Math.abs(expiresAtMs - Date.now() - 3_600_000) < 10_000);
  });
});

describe("a command-line tool that answers wrongly", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  const tools: Readonly<Record<string, (services: ConnectorServices) => Promise<unknown>>> = {
    gcloud: (services) => googleToken({ kind: "implicit" }, services),
    aws: (services) => awsCredentials({ kind: "implicit" }, "us-east-1", services),
    az: (services) => azureToken(services),
  };
  for (const [tool, ask] of Object.entries(tools)) {
    it(`is named, or passed over as not signed in: ${tool}`, async () => {
      for (const [what, script] of Object.entries(hostileOutputs)) {
        const nowhere = "http://127.0.0.1:1";
        const env = {
          PATH: `${programs({ [tool]: script })}:/usr/bin:/bin`,
          GCE_METADATA_HOST: "127.0.0.1:1",
          AWS_EC2_METADATA_SERVICE_ENDPOINT: nowhere,
          AZURE_POD_IDENTITY_AUTHORITY_HOST: nowhere,
        };
        const { failure, ms, peakMiB } = await measured(() => ask(connectorServices(env)));
        assertPlain(failure, `${tool}: ${what}`);
        assert.ok(!failure.message.includes(secret), what);
        assert.ok(ms < 5_000 && peakMiB < 32, `${what}: ${Math.round(ms)} ms, ${Math.round(peakMiB)} MiB`);
      }
    });
  }

  it("says who it was", async () => {
    const folder = temporaryFolder();
    writeProgram(folder, "gcloud", 'console.log("two words");');
    const env = { ...process.env, PATH: pathWith(folder), GCE_METADATA_HOST: "127.0.0.1:1" };
    await assert.rejects(
      googleToken({ kind: "implicit" }, connectorServices(env)),
      /"gcloud" did not return a valid token/,
    );
  });
});
