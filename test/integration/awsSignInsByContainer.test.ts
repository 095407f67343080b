import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import { Authority } from "../support/certificates";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { NamedHosts } from "../support/namedHosts";
import { fails, inHours, nowhere, signIn } from "./awsSignInsSupport";

describe("AWS's provider chain of a container", function () {
  this.timeout(120_000);
  let hosts: NamedHosts;
  before(async () => {
    await ensurePackages({ openssl: "openssl" }, "The test of AWS's sign-ins");
    hosts = await NamedHosts.start(new Authority(temporaryFolder(), "clouds"));
  });
  after(async () => {
    await hosts.stop();
    removeTemporaryFolders();
  });

  const keys = { AccessKeyId: "ASIAPOD", SecretAccessKey: "pod-s3cr3t", Token: "pod-token", Expiration: inHours(1) };
  let seen: IncomingHttpHeaders[];
  let status: number;
  let address: string;
  let server: ReturnType<typeof createServer>;
  before(async () => {
    server = createServer(({ headers }, answer) => {
      seen.push(headers);
      answer.writeHead(status).end(JSON.stringify(status === 200 ? keys : { Message: "Invalid token" }));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/credentials`;
  });
  beforeEach(() => ([seen, status] = [[], 200]));
  after(() => void server.close());

  it("shows the token of a file as it is now, each time it asks (EKS Pod Identity)", async () => {
    const folder = temporaryFolder({ token: "first" });
    const env = {
      ...nowhere,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: address,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, "token"),
    };
    const { expiresAtMs, ...found } = await signIn(env);
    assert.deepEqual(found, { accessKeyId: "ASIAPOD", secretAccessKey: "pod-s3cr3t", sessionToken: "pod-token" });
    assert.equal(expiresAtMs, Date.parse(keys.Expiration));
    writeFiles(folder, { token: "second\n" });
    await signIn(env);
    assert.deepEqual(
      seen.map(({ authorization }) => authorization),
      ["first", "second"],
    );
  });

  it("is told of with its own words when it refuses", async () => {
    status = 401;
    await assert.rejects(
      signIn({ ...nowhere, AWS_CONTAINER_CREDENTIALS_FULL_URI: address }),
      fails(/^127\.0\.0\.1:\d+ refused the request to get the container's credentials \(HTTP 401\)/),
    );
  });

  it("is not followed to another host, such as the one that tells a machine its secrets", async () => {
    let reached = 0;
    const other = createServer((_request, answer) => {
      reached++;
      answer.end(JSON.stringify({ ...keys, AccessKeyId: "ASIAOTHER" }));
    }).listen(0, "127.0.0.1");
    await once(other, "listening");
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    const leading = createServer(
      (_request, answer) => void answer.writeHead(302, { location: elsewhere }).end(),
    ).listen(0, "127.0.0.1");
    await once(leading, "listening");
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(leading.address() as AddressInfo).port}/`,
    };
    try {
      await assert.rejects(signIn({ ...nowhere, ...env }), /redirects to 127\.0\.0\.1:\d+, but credentials/);
      assert.equal(reached, 0);
    } finally {
      leading.close();
      other.close();
    }
  });

  it("is not asked where its address is another machine's and has no TLS", async () => {
    await assert.rejects(
      signIn({ ...nowhere, AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://credentials.example/" }),
      fails(/must use HTTPS or an address of this machine, but points to credentials\.example/),
    );
  });

  it("is asked over TLS, by the proxy and with the authority of the environment", async () => {
    hosts.serve("credentials.example", () => ({ status: 200, body: keys }));
    const env = { ...nowhere, AWS_CONTAINER_CREDENTIALS_FULL_URI: "https://credentials.example/own" };
    assert.equal((await signIn({ ...hosts.env, ...env })).accessKeyId, "ASIAPOD");
    await assert.rejects(
      signIn({ HTTPS_PROXY: hosts.env["HTTPS_PROXY"], ...env }),
      fails(/^Can't reach credentials\.example .* untrusted authority/),
    );
  });

  it("whose token cannot be read is named with the file", async () => {
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: address, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/no/token" };
    await assert.rejects(
      signIn({ ...nowhere, ...env }),
      fails(/^Can't read the file "\/no\/token" named by AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE/),
    );
    assert.deepEqual(seen, []);
  });

  it("is left alone for a profile that is named and not there", async () => {
    const env = { ...nowhere, AWS_CONTAINER_CREDENTIALS_FULL_URI: address };
    await assert.rejects(signIn(env, "other"), fails(/has no profile "other"/));
    assert.deepEqual(seen, []);
  });
});
