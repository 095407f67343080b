import assert from "node:assert/strict";
import { proposedPorts, publishedPorts } from "../../../src/core/text/publishedPorts";

describe("published ports", () => {
  const valid = ["80", "8080:80", "127.0.0.1:8080:80", "[::1]:8080:80", "53:53/udp", "0:80"];
  for (const port of valid) it(`may be ${port}`, () => assert.deepEqual(publishedPorts(port), [port]));

  it("are separated by commas, spaces, or both", () => {
    assert.deepEqual(publishedPorts(" 80,81 82,\n83 "), ["80", "81", "82", "83"]);
    assert.deepEqual(publishedPorts(" "), []);
  });

  for (const text of [
    "x",
    "80:",
    ":80",
    "0",
    "8080:0",
    "65536",
    "1:65536",
    "--privileged",
    "80/icmp",
    "a.b:1:2",
    "1:2:3",
  ])
    it(`are not ${text}`, () => assert.deepEqual(publishedPorts(`80, ${text}`), { invalid: text }));

  it("are proposed for this machine only if the daemon is on it, and are valid", () => {
    assert.equal(proposedPorts(["80/tcp", "53/udp"], true), "127.0.0.1:80:80, 127.0.0.1:53:53/udp");
    assert.equal(proposedPorts(["80/tcp", "53/udp"], false), "80:80, 53:53/udp");
    assert.ok(!("invalid" in publishedPorts(proposedPorts(["80/tcp", "53/udp"], true))));
  });
});
