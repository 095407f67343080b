import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { connectionFailure, isNotTls, proxyFailure } from "../../../src/core/http/connectionFailure";
import { HttpClient } from "../../../src/core/http/httpClient";

/** A fatal alert of TLS 1.2, by its number in RFC 8446. */
const alert = (number: number) => Buffer.from([21, 3, 3, 0, 2, 2, number]);

describe("a server that can't be spoken to", () => {
  let server: Server;
  let answer: (socket: Socket) => void;
  before(async () => {
    server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", () => answer(socket));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  after(async () => void (await once(server.close(), "close")));

  /** What is told of it, when it answers to the beginning of a TLS handshake. */
  async function failureOf(how: (socket: Socket) => void): Promise<unknown> {
    answer = how;
    const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/v2/`);
    return new HttpClient({ env: {}, certificateFolders: [] }).send({ url, unverified: true }).then(
      () => assert.fail("it can"),
      (error: unknown) => error,
    );
  }

  const answers: readonly (readonly [what: string, how: (socket: Socket) => void, code: string, reason: RegExp])[] = [
    ["an old version of TLS", (to) => to.end(alert(70)), "registryTls", /supports no current version of TLS\. Enable/],
    [
      "no common cipher",
      (to) => to.end(alert(40)),
      "registryTls",
      /refuses the TLS handshake: .*no current cipher, or/,
    ],
    ["other names alone", (to) => to.end(alert(112)), "registryTls", /no certificate for that name/],
    ["no certificate that it takes", (to) => to.end(alert(42)), "registryTls", /requires a client certificate/],
    ["another authority", (to) => to.end(alert(48)), "registryTls", /requires a client certificate or rejects yours/],
    ["an error of its own", (to) => to.end(alert(80)), "registryTls", /^the TLS handshake failed\. Check/],
    ["no TLS", (to) => to.end("HTTP/1.1 400 Bad Request\r\n\r\n"), "registryTls", /does not use TLS\. To allow plain/],
    ["another protocol", (to) => to.end("SSH-2.0-OpenSSH_9.2\r\n"), "registryTls", /does not use TLS/],
    ["nothing to say", (to) => to.end(), "registryUnreachable", /the connection was closed/],
    ["no patience", (to) => to.resetAndDestroy(), "registryUnreachable", /the connection was closed/],
  ];
  for (const [what, how, code, reason] of answers) {
    it(`since it has ${what}, is told so, in no library's words`, async () => {
      const error = await failureOf(how);
      const told = connectionFailure(error);
      assert.equal(told.code, code);
      assert.match(told.reason, reason);
      assert.ok(!/EPROTO|SSL routines|error:|ERR_/.test(told.reason), told.reason);
      assert.equal(isNotTls(error), /does not use TLS/.test(told.reason));
    });
  }

  const errors: readonly (readonly [code: string, reason: RegExp])[] = [
    ["CERT_REVOKED", /has been revoked \(x509\)\. Replace it/],
    ["INVALID_PURPOSE", /not meant for a server \(x509\)/],
    ["PATH_LENGTH_EXCEEDED", /can't be accepted \(x509\)/],
    ["CA_MD_TOO_WEAK", /too weak or damaged/],
    ["ENOTFOUND", /^host not found\. Check that the address/],
    ["EAI_AGAIN", /name can't be looked up at the moment\. Check this machine's network and DNS/],
    ["EHOSTUNREACH", /no route to it/],
    ["EHOSTDOWN", /no route to it/],
    ["EACCES", /this machine doesn't allow the connection\. Check its firewall/],
    ["HPE_HEADER_OVERFLOW", /headers of its response are too long/],
    ["HPE_INVALID_CONSTANT", /not HTTP/],
    ["EUNKNOWN", /^the connection failed \(EUNKNOWN\)/],
  ];
  for (const [code, reason] of errors) {
    it(`by the error ${code} is told so, in no library's words`, () => {
      const told = connectionFailure(Object.assign(new Error("raw words of a library"), { code }));
      assert.match(told.reason, reason);
      assert.ok(!told.reason.includes("raw words"));
      assert.equal(told.code === "registryTls", /x509|too weak/.test(told.reason));
    });
  }

  it("as a proxy in between is told with the settings of proxies", () => {
    const { reason } = proxyFailure(Object.assign(new Error("raw"), { code: "ECONNREFUSED" }));
    assert.equal(reason, "connection refused. Check HTTPS_PROXY and HTTP_PROXY, and that the proxy is working");
  });
});
