import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpClient } from "../../../src/core/http/httpClient";
import { isInner, outerOnly } from "../../../src/core/http/innerAddress";

describe("an address", () => {
  const inside = [
    ...[
      "127.0.0.1",
      "127.255.255.254",
      "0.0.0.0",
      "0.1.2.3",
      "169.254.169.254",
      "169.254.0.1",
      "224.0.0.1",
      "255.255.255.255",
      "100.100.100.200",
      "168.63.129.16",
    ],
    ...[
      "::",
      "::1",
      "fe80::1",
      "febf::1",
      "ff02::1",
      "fd00:ec2::254",
      "fd20:ce::254",
      "::ffff:127.0.0.1",
      "::ffff:a9fe:a9fe",
      "::127.0.0.1",
      "64:ff9b::169.254.169.254",
      "64:ff9b:1::127.0.0.1",
      "64:ff9b:1:1:2:3:a9fe:a9fe",
      "::ffff:0:127.0.0.1",
      "2002:7f00:1::",
      "2002:a9fe:a9fe:1::1",
      "0:0:0:0:0:ffff:7f00:1",
    ],
  ];
  const outside = [
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "1.1.1.1",
    "100.64.0.1",
    "128.0.0.1",
    "169.253.0.1",
    "2606:4700::1111",
    "fd12:3456::1",
    "::ffff:10.0.0.1",
    "64:ff9b::808:808",
    "64:ff9b:1::808:808",
    "2002:808:808::1",
  ];

  for (const address of inside)
    it(`${address} is one that nobody elsewhere sends us to`, () => assert.equal(isInner(address), true));
  for (const address of outside)
    it(`${address} may be somebody's service`, () => assert.equal(isInner(address), false));
});

describe("a service that sends us on", () => {
  let server: Server;
  let other: Server;
  let asked = 0;
  const portOf = (each: Server): number => (each.address() as AddressInfo).port;

  before(async () => {
    other = createServer((_request, answer) => void (asked++, answer.end("secret"))).listen(0, "127.0.0.1");
    server = createServer(
      (request, answer) => void answer.writeHead(302, { location: request.url?.slice(1) }).end(),
    ).listen(0, "127.0.0.1");
    await Promise.all([once(server, "listening"), once(other, "listening")]);
  });
  after(() => {
    server.close();
    other.close();
  });

  const http = new HttpClient({ env: {}, certificateFolders: [] });
  const refusal = (host: string, address: string): Error => new Error(`not ${host} at ${address}`);

  for (const name of ["127.0.0.1", "localhost", "127.1", "0x7f000001"]) {
    it(`from elsewhere does not reach this machine as ${name}`, async () => {
      asked = 0;
      await assert.rejects(
        http.send({
          url: new URL(`http://${name}:${portOf(other)}/`),
          checkAddress: outerOnly("registry.example", refusal),
        }),
        /^Error: not /,
      );
      assert.equal(asked, 0);
    });
  }

  it("is reached through a proxy on this machine, which alone the check is not about", async () => {
    const env = { HTTP_PROXY: `http://localhost:${portOf(other)}` };
    const { body } = await new HttpClient({ env, certificateFolders: [] }).send({
      url: new URL("http://storage.example/"),
      checkAddress: outerOnly("registry.example", refusal),
    });
    assert.equal(body.toString(), "secret");
  });

  it("from this machine does", async () => {
    const checkAddress = outerOnly("127.0.0.1", refusal);
    assert.equal(
      (
        await http.send({
          url: new URL(`http://127.0.0.1:${portOf(server)}/http://127.0.0.1:${portOf(other)}/`),
          checkAddress,
        })
      ).body.toString(),
      "secret",
    );
  });

  it("from this machine does not lead to a cloud's metadata, nor one whose name changes to this machine", async () => {
    const url = new URL(`http://127.0.0.1:${portOf(server)}/http://169.254.169.254/latest`);
    await assert.rejects(http.send({ url, checkAddress: outerOnly("127.0.0.1", refusal) }), /not 169\.254\.169\.254/);
    const check = outerOnly("registry.example", refusal);
    check("registry.example", "203.0.113.1");
    check("registry.example", "127.0.0.1");
    assert.throws(() => check("tokens.example", "127.0.0.1"), /not tokens/);
  });

  it("is followed to its own origin only where that is asked for", async () => {
    asked = 0;
    const url = new URL(`http://127.0.0.1:${portOf(server)}/http://127.0.0.1:${portOf(other)}/`);
    await assert.rejects(http.send({ url, sameOrigin: true }), /credentials aren't sent to another host/);
    assert.equal(asked, 0);
  });
});
