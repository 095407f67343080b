import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { root } from "../../../scripts/setup/paths.mjs";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

/** The real npm, asked by the check, with a registry of ours. */
describe("the check for known vulnerabilities", () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());
  after(removeTemporaryFolders);

  /** A registry that answers the question with a status and a body, and knows each package in one version. */
  async function registry(status: number, body: unknown): Promise<string> {
    server = createServer(({ method, url = "" }, answer) => {
      const name = url.slice(1);
      const known = {
        name,
        "dist-tags": { latest: "1.0.0" },
        versions: { "1.0.0": { name, version: "1.0.0", dist: {} } },
      };
      answer
        .writeHead(method === "POST" ? status : 200, { "content-type": "application/json" })
        .end(JSON.stringify(method === "POST" ? body : known));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  function check(address: string): Promise<{ readonly code: number; readonly output: string }> {
    // npm keeps what it is told of an advisory, so each question has a cache of its own.
    const env = {
      ...process.env,
      npm_config_registry: address,
      npm_config_cache: temporaryFolder(),
      npm_config_update_notifier: "false",
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [join(root, "scripts/check/audit.mjs")], { env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      );
    });
  }

  const advisory = (severity: string) => ({
    zod: [
      {
        id: 1,
        url: "https://example.test/1",
        title: "a fault",
        severity,
        vulnerable_versions: "<999.0.0",
        cwe: [],
        cvss: { score: 9, vectorString: null },
      },
    ],
  });

  it("fails for a bundled package with one of severity high", async () => {
    const { code, output } = await check(await registry(200, advisory("high")));
    assert.equal(code, 1, output);
    assert.match(output, /^npm audit: zod .*severity high\. Run "npm audit" for details\.$/m);
  });

  it("passes where there is none, or a small one", async () => {
    assert.deepEqual(await check(await registry(200, {})), {
      code: 0,
      output: "npm audit: no known vulnerability of severity high or critical\n",
    });
    server?.close();
    assert.equal((await check(await registry(200, advisory("low")))).code, 0);
  });

  it("says in one line that the registry does not answer, and passes", async () => {
    const refused = await check(await registry(405, {}));
    assert.deepEqual([refused.code, refused.output.match(/\n/g)?.length], [0, 1], refused.output);
    assert.match(refused.output, /the registry did not answer \(405 Method Not Allowed/);
    const absent = await check("http://127.0.0.1:9/");
    assert.deepEqual([absent.code, absent.output.match(/\n/g)?.length], [0, 1], absent.output);
  });
});
