import assert from "node:assert/strict";
import { after, describe, it } from "mocha";
import type { Connection } from "../../../src/core/transport/endpoint";
import { removeTemporaryFolders } from "../../support/folder";
import { resolve, fails } from "./endpointSupport";

describe("resolveEndpoint", () => {
  after(removeTemporaryFolders);

  describe("an address", () => {
    const rows: [text: string, connection: Connection, address?: string][] = [
      ["unix:///run/d.sock", { kind: "socket", path: "/run/d.sock" }],
      ["unix:///with space/d.sock", { kind: "socket", path: "/with space/d.sock" }],
      ["unix://", { kind: "socket", path: "/var/run/docker.sock" }, "unix:///var/run/docker.sock"],
      ["tcp://10.0.0.1:2375", { kind: "tcp", host: "10.0.0.1", port: 2375 }],
      ["tcp://box", { kind: "tcp", host: "box", port: 2375 }, "tcp://box:2375"],
      ["tcp://box:99/", { kind: "tcp", host: "box", port: 99 }, "tcp://box:99"],
      ["TCP://box:99", { kind: "tcp", host: "box", port: 99 }, "tcp://box:99"],
      [" tcp://box:99 ", { kind: "tcp", host: "box", port: 99 }, "tcp://box:99"],
      ["tcp://:2376", { kind: "tcp", host: "127.0.0.1", port: 2376 }, "tcp://127.0.0.1:2376"],
      ["box:2375", { kind: "tcp", host: "box", port: 2375 }, "tcp://box:2375"],
      ["127.0.0.1:2375", { kind: "tcp", host: "127.0.0.1", port: 2375 }, "tcp://127.0.0.1:2375"],
      ["tcp://[::1]:2375", { kind: "tcp", host: "::1", port: 2375 }],
      ["[fe80::1]:2375", { kind: "tcp", host: "fe80::1", port: 2375 }, "tcp://[fe80::1]:2375"],
      ["tcp://my_box:1", { kind: "tcp", host: "my_box", port: 1 }],
      ["ssh://box", { kind: "ssh", host: "box" }],
      ["ssh://me@box:2222", { kind: "ssh", host: "box", port: 2222, user: "me" }],
      ["ssh://me@[::1]", { kind: "ssh", host: "::1", user: "me" }],
      ["ssh://Box/", { kind: "ssh", host: "Box" }, "ssh://Box"],
      ["ssh://DOM%5Cme@box", { kind: "ssh", host: "box", user: "DOM\\me" }],
      ["ssh://box/run/user/1000/docker.sock", { kind: "ssh", host: "box", path: "/run/user/1000/docker.sock" }],
    ];
    for (const [text, connection, address = text] of rows) {
      it(`"${text}" leads to ${address}`, async () => {
        assert.deepEqual(await resolve({ dockerHost: text }), {
          address,
          source: 'setting "imageBuilders.dockerHost"',
          connection,
        });
      });
    }

    it("is a named pipe on Windows, and only there", async () => {
      const pipe = "npipe:////./pipe/docker_engine";
      const expected = {
        address: pipe,
        source: "DOCKER_HOST",
        connection: { kind: "socket", path: "//./pipe/docker_engine" },
      };
      assert.deepEqual(await resolve({ env: { DOCKER_HOST: pipe }, platform: "win32" }), expected);
      assert.deepEqual(await resolve({ env: { DOCKER_HOST: "npipe://" }, platform: "win32" }), expected);
      await assert.rejects(resolve({ dockerHost: pipe }), fails("configurationInvalid", "only on Windows"));
      await assert.rejects(
        resolve({ dockerHost: "unix:///x", platform: "win32" }),
        fails("configurationInvalid", "npipe://"),
      );
    });

    const wrong: [text: string, reason: RegExp][] = [
      ["/var/run/docker.sock", /[Uu]se unix:\/\/\/var\/run\/docker\.sock/],
      ["unix://run/d.sock", /[Uu]se unix:\/\/\/run\/d\.sock/],
      ["unix:/run/d.sock", /two slashes/],
      ["tcp://", /specify a host/],
      ["tcp://box:99999", /specify a host/],
      ["tcp://box:port", /specify a host/],
      ["tcp://box:2375/prefix", /a path is not allowed\. Remove "\/prefix"/],
      ["tcp://me@box:2375", /can't contain a user name/],
      ["tcp://box:1?x=1", /specify a host/],
      ["tcp://b ox:1", /specify a host/],
      ["https://box:2376", /use tcp:\/\/box:2376 and enable TLS/],
      ["fd://", /the scheme "fd" is not supported/],
      ["box name", /specify a host/],
      ["ssh://", /specify a host/],
      ["ssh://-oProxyCommand=x", /is not a valid host name/],
      ["ssh://-l@box", /can't start with "-"/],
      ["ssh://me:pass@box", /a password is not allowed/],
      ["ssh://me%@box", /specify a host/],
      ["ssh://box/a;reboot", /characters that aren't allowed/],
      ["ssh://box/$(x)", /characters that aren't allowed/],
      ["ssh://-oProxyCommand=id@box", /can't start with "-"/],
      ["ssh://%2DoProxyCommand=id@box", /can't start with "-"/],
      ["ssh://%2doProxyCommand=id", /is not a valid host name/],
      ["ssh://box%20-oProxyCommand=id", /is not a valid host name/],
      ["ssh://me%20x@box", /letters, digits/],
      ["ssh://me%0a-o@box", /letters, digits/],
      ["ssh://me%00@box", /letters, digits/],
      ["ssh://me;id@box", /letters, digits/],
      ["ssh://$(id)@box", /letters, digits/],
      ["ssh://`id`@box", /letters, digits/],
      ["ssh://%24%7Bid%7D@box", /letters, digits/],
      ["ssh://me%27@box", /letters, digits/],
      ["ssh://a%5C@box", /letters, digits/],
      ["ssh://m%C3%A9@box", /letters, digits/],
      ["ssh://%ff@box", /not valid UTF-8/],
      ["ssh://box:0", /port 0 is not valid/],
      ["ssh://box:22 -oProxyCommand=id", /specify a host/],
      ["ssh://box:22x", /specify a host/],
      ["ssh://box:-22", /specify a host/],
      ["tcp://box:0", /port 0 is not valid/],
      ["tcp://-box:1", /is not a valid host name/],
      ["ssh://box\u202egpj.exe", /invisible characters/],
      ["unix:///run/a\0b", /invisible characters/],
      ["unix:///run/a\nb", /invisible characters/],
      ["ssh://b\tox", /invisible characters/],
      [`ssh://${"a".repeat(2000)}`, /more than 1024/],
      [`ssh://${"a".repeat(300)}`, /is not a valid host name/],
      ["ssh://box/../../etc;x", /characters that aren't allowed/],
      ["ssh://box/a%20b", /characters that aren't allowed/],
    ];
    for (const [text, reason] of wrong) {
      it(`"${text}" is refused: ${reason.source}`, async () => {
        await assert.rejects(
          resolve({ dockerHost: text }),
          fails("configurationInvalid", reason, 'setting "imageBuilders.dockerHost"'),
        );
        await assert.rejects(
          resolve({ env: { DOCKER_HOST: text } }),
          fails("configurationInvalid", reason, "from DOCKER_HOST"),
        );
      });
    }

    it("does not show a password it should not have", async () => {
      for (const text of [
        "ssh://me:hunter2@box",
        "ssh://me:a:hunter2@box",
        "ssh://me:a@hunter2@box",
        "ssh://me:hunter2/x@box",
        "tcp://me:a:hunter2@box:1",
      ]) {
        await assert.rejects(resolve({ dockerHost: text }), (error: Error) => !error.message.includes("hunter2"), text);
      }
    });
  });
});
