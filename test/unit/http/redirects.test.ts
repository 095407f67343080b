import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpClient } from "../../../src/core/http/httpClient";

const secrets = {
  authorization: "Bearer s",
  cookie: "s",
  "x-amz-security-token": "s",
  "x-aws-ec2-metadata-token": "s",
  "x-identity-header": "s",
  "private-token": "s",
};

describe("a redirect", () => {
  const seen: IncomingHttpHeaders[] = [];
  let server: Server;
  let other: Server;
  const originOf = (each: Server): string => `http://127.0.0.1:${(each.address() as AddressInfo).port}`;

  before(async () => {
    other = createServer(({ headers }, answer) => void (seen.push(headers), answer.end("there"))).listen(
      0,
      "127.0.0.1",
    );
    server = createServer(({ url = "", headers }, answer) => {
      if (url === "/here") return void (seen.push(headers), answer.end("here"));
      answer.writeHead(307, { location: url === "/own" ? "/here" : `${originOf(other)}/` }).end();
    }).listen(0, "127.0.0.1");
    await Promise.all([once(server, "listening"), once(other, "listening")]);
  });
  beforeEach(() => void (seen.length = 0));
  after(() => [server, other].forEach((each) => each.close()));

  const http = new HttpClient({ env: {}, certificateFolders: [] });
  const ask = (path: string) =>
    http.send({ url: new URL(path, originOf(server)), headers: { ...secrets, accept: "text/plain" } });

  it("to another place takes no header along that may be a secret", async () => {
    assert.equal((await ask("/other")).body.toString(), "there");
    for (const name of Object.keys(secrets)) assert.equal(seen[0]?.[name], undefined, name);
    assert.equal(seen[0]?.accept, "text/plain");
  });

  it("to the same place takes all of them along", async () => {
    assert.equal((await ask("/own")).body.toString(), "here");
    for (const [name, value] of Object.entries(secrets)) assert.equal(seen[0]?.[name], value, name);
  });
});
