import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { after, before, describe, it } from "mocha";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { resolveEndpoint, type Connection, type EndpointQuestion } from "../../../src/core/transport/endpoint";
import { firstExisting, usualSockets } from "../../../src/core/transport/usualSockets";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { socketPlace } from "../../support/socketPlace";

/** Resolves on a made-up machine: nothing of this one's environment or home counts. */
function resolve(question: EndpointQuestion) {
  return resolveEndpoint({ env: {}, homeDir: "/nonexistent", platform: "linux", ...question });
}

function fails(code: ErrorCode, ...words: (string | RegExp)[]) {
  return (error: unknown) => {
    assert.ok(ImageBuilderError.is(error, code), String(error));
    for (const word of words)
      assert.ok(
        typeof word === "string" ? error.message.includes(word) : word.test(error.message),
        `${word} in: ${error.message}`,
      );
    return true;
  };
}

/** The files that `docker context create` writes. */
function contextFiles(name: string, meta: object, tls: Readonly<Record<string, string>> = {}): Record<string, string> {
  const id = createHash("sha256").update(name).digest("hex");
  const tlsFiles = Object.entries(tls).map(([file, text]) => [`contexts/tls/${id}/docker/${file}`, text]);
  return { [`contexts/meta/${id}/meta.json`]: JSON.stringify(meta), ...Object.fromEntries(tlsFiles) };
}

function dockerContext(
  name: string,
  host: string,
  tls: Readonly<Record<string, string>> = {},
  more: object = {},
): Record<string, string> {
  return contextFiles(
    name,
    { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false, ...more } } },
    tls,
  );
}

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

  describe("which daemon is used [Z115]", () => {
    let home: string;
    before(() => {
      const contexts = ["current", "named", "set"].map((name) => dockerContext(name, `tcp://${name}:1`));
      const files = { "config.json": JSON.stringify({ currentContext: "current" }), ...Object.assign({}, ...contexts) };
      home = temporaryFolder(
        Object.fromEntries(Object.entries<string>(files).map(([path, text]) => [`.docker/${path}`, text])),
      );
    });
    const all = {
      dockerHost: "tcp://setting:1",
      dockerContext: "set",
      env: { DOCKER_HOST: "tcp://variable:1", DOCKER_CONTEXT: "named" },
    };
    const rows: [what: string, question: EndpointQuestion, address: string, source: string][] = [
      ["the setting's host beats all", all, "tcp://setting:1", 'setting "imageBuilders.dockerHost"'],
      [
        "the setting's context is next",
        { ...all, dockerHost: "" },
        "tcp://set:1",
        'Docker context "set" (setting "imageBuilders.dockerContext")',
      ],
      ["DOCKER_HOST is next", { env: all.env }, "tcp://variable:1", "DOCKER_HOST"],
      [
        "DOCKER_CONTEXT is next",
        { env: { DOCKER_CONTEXT: "named" } },
        "tcp://named:1",
        'Docker context "named" (DOCKER_CONTEXT)',
      ],
      [
        "an empty DOCKER_HOST is none",
        { env: { DOCKER_HOST: "", DOCKER_CONTEXT: "named" } },
        "tcp://named:1",
        'Docker context "named" (DOCKER_CONTEXT)',
      ],
      ["the current context is next", {}, "tcp://current:1", 'Docker context "current"'],
      [
        "the context default means DOCKER_HOST",
        { ...all, dockerHost: "", dockerContext: "default" },
        "tcp://variable:1",
        "DOCKER_HOST",
      ],
    ];
    for (const [what, question, address, source] of rows) {
      it(what, async () => {
        const endpoint = await resolve({ ...question, homeDir: home });
        assert.deepEqual([endpoint.address, endpoint.source], [address, source]);
      });
    }

    it("DOCKER_CONFIG moves the folder of the configuration", async () => {
      const folder = temporaryFolder({
        "config.json": '{"currentContext":"moved"}',
        ...dockerContext("moved", "tcp://moved:1"),
      });
      assert.equal((await resolve({ env: { DOCKER_CONFIG: folder }, homeDir: home })).address, "tcp://moved:1");
    });

    it("names of Docker's files count in any case", async () => {
      const meta = { NAME: "moved", endpoints: { docker: { HOST: "tcp://moved:1", skiptlsverify: true } } };
      const folder = temporaryFolder({ "config.json": '{"CURRENTCONTEXT":"moved"}', ...contextFiles("moved", meta) });
      const { address, connection } = await resolve({ env: { DOCKER_CONFIG: folder }, homeDir: home });
      assert.equal(address, "tcp://moved:1");
      assert.equal(connection.kind === "tcp" && connection.tls?.rejectUnauthorized, false);
    });

    it("the context default, from any place, means the usual sockets", async () => {
      const runtime = temporaryFolder({ "docker.sock": "" });
      const usual = await firstExisting(usualSockets({ XDG_RUNTIME_DIR: runtime }, home, "linux"));
      for (const env of [
        { DOCKER_CONTEXT: "default" },
        { DOCKER_CONFIG: temporaryFolder({ "config.json": '{"currentContext":"default"}' }) },
      ]) {
        const endpoint = await resolve({ env: { XDG_RUNTIME_DIR: runtime, ...env }, homeDir: home });
        assert.deepEqual([endpoint.source, endpoint.address], [usual?.source, `unix://${usual?.path}`]);
      }
    });

    it("of the usual sockets the first that exists is taken, rootless before the home's, Podman last", async () => {
      const base = temporaryFolder();
      const paths = usualSockets({ XDG_RUNTIME_DIR: join(base, "run") }, join(base, "home"), "linux").filter(
        ({ path }) => path.startsWith(base),
      );
      assert.equal(await firstExisting(paths), undefined);
      for (const socket of [...paths].reverse()) {
        writeFiles(base, { [relative(base, socket.path)]: "" });
        assert.equal(await firstExisting(paths), socket);
      }
      assert.equal(paths[0]?.source, "rootless Docker's socket");
      assert.equal(paths.at(-1)?.source, "Podman's socket");
    });

    it("one that listens is found, also a named pipe of Windows", async () => {
      const [absent, present] = [
        { source: "one", path: socketPlace() },
        { source: "another", path: socketPlace() },
      ];
      const server = createServer((socket) => socket.destroy()).listen(present.path);
      await once(server, "listening");
      assert.equal(await firstExisting([absent, present]), present);
      server.close();
    });

    it("on Windows without a pipe the default pipe is named", async () => {
      assert.equal((await resolve({ platform: "win32" })).address, "npipe:////./pipe/docker_engine");
    });
  });

  describe("a Docker context [Z115]", () => {
    it("that does not exist is an error that names those which do, never another daemon", async () => {
      const folder = temporaryFolder({
        ...dockerContext("one", "tcp://one:1"),
        ...dockerContext("two", "tcp://two:1"),
      });
      const expected = fails("dockerContextInvalid", '"nope"', '"default", "one", "two"', "docker context create");
      await assert.rejects(resolve({ dockerContext: "nope", env: { DOCKER_CONFIG: folder } }), expected);
      await assert.rejects(resolve({ env: { DOCKER_CONFIG: folder, DOCKER_CONTEXT: "nope" } }), expected);
      writeFiles(folder, { "config.json": '{"currentContext":"nope"}' });
      await assert.rejects(resolve({ env: { DOCKER_CONFIG: folder } }), expected);
    });

    const broken: [what: string, files: Record<string, string>, words: string][] = [
      [
        "without a Docker endpoint",
        contextFiles("box", { Name: "box", Endpoints: { kubernetes: {} } }),
        "Endpoints.docker",
      ],
      ["with an empty host", dockerContext("box", ""), "Endpoints.docker.Host"],
      ["with a wrong address", dockerContext("box", "gopher://x"), '"gopher" is not supported'],
      ["with a certificate and no key", dockerContext("box", "tcp://box:1", { "cert.pem": "CERT" }), "key.pem"],
      ["with a key and no certificate", dockerContext("box", "tcp://box:1", { "key.pem": "KEY" }), "cert.pem"],
      [
        "that is no JSON",
        Object.fromEntries(Object.keys(dockerContext("box", "tcp://box:1")).map((path) => [path, "{"])),
        "meta.json",
      ],
    ];
    for (const [what, files, words] of broken) {
      it(`${what} is an error that names it`, async () => {
        await assert.rejects(
          resolve({ dockerContext: "box", env: { DOCKER_CONFIG: temporaryFolder(files) } }),
          fails("dockerContextInvalid", '"box"', words),
        );
      });
    }

    it("brings its TLS files, and 2376 as the port", async () => {
      const folder = temporaryFolder(
        dockerContext("box", "tcp://box", { "ca.pem": "CA", "cert.pem": "CERT", "key.pem": "KEY" }),
      );
      const { connection } = await resolve({ dockerContext: "box", env: { DOCKER_CONFIG: folder } });
      assert.deepEqual(connection, {
        kind: "tcp",
        host: "box",
        port: 2376,
        tls: { ca: "CA", cert: "CERT", key: "KEY", rejectUnauthorized: true },
      });
    });

    it("may say that the daemon's certificate is not checked", async () => {
      const folder = temporaryFolder(dockerContext("box", "tcp://box:2376", {}, { SkipTLSVerify: true }));
      const { connection } = await resolve({ dockerContext: "box", env: { DOCKER_CONFIG: folder } });
      assert.ok(connection.kind === "tcp" && connection.tls?.rejectUnauthorized === false);
    });

    it("is not touched by DOCKER_TLS_VERIFY", async () => {
      const env = { DOCKER_CONFIG: temporaryFolder(dockerContext("box", "tcp://box:2375")), DOCKER_TLS_VERIFY: "1" };
      assert.deepEqual((await resolve({ dockerContext: "box", env })).connection, {
        kind: "tcp",
        host: "box",
        port: 2375,
      });
    });

    it("cannot be chosen by a config.json that is broken, and no part of that file is shown", async () => {
      for (const text of ['{"auths":{"x":{"auth":"c2VjcmV0"', '{"currentContext": 7}', "[]"]) {
        const env = { DOCKER_CONFIG: temporaryFolder({ "config.json": text }) };
        await assert.rejects(resolve({ env }), (error: Error) => {
          assert.ok(!String(error.stack).includes("c2VjcmV0") && error.cause === undefined);
          return fails("dockerContextInvalid", env.DOCKER_CONFIG)(error);
        });
      }
      const folder = temporaryFolder();
      mkdirSync(join(folder, "config.json"));
      await assert.rejects(resolve({ env: { DOCKER_CONFIG: folder } }), fails("dockerContextInvalid", "Can't read"));
    });
  });

  describe("DOCKER_TLS_VERIFY", () => {
    const files = { "ca.pem": "CA", "cert.pem": "CERT", "key.pem": "KEY" };
    const tls = { ca: "CA", cert: "CERT", key: "KEY", rejectUnauthorized: true };

    for (const value of ["1", "true", "0", "no"]) {
      it(`"${value}" means TLS, as any text does`, async () => {
        const env = { DOCKER_HOST: "tcp://box", DOCKER_TLS_VERIFY: value, DOCKER_CERT_PATH: temporaryFolder(files) };
        assert.deepEqual((await resolve({ env })).connection, { kind: "tcp", host: "box", port: 2376, tls });
      });
    }

    it("empty or absent means no TLS, whatever DOCKER_CERT_PATH says", async () => {
      for (const env of [{ DOCKER_TLS_VERIFY: "" }, {}]) {
        const all = { ...env, DOCKER_HOST: "tcp://box:2376", DOCKER_CERT_PATH: "/nonexistent" };
        assert.deepEqual((await resolve({ env: all })).connection, { kind: "tcp", host: "box", port: 2376 });
      }
    });

    it("without DOCKER_CERT_PATH takes the files of Docker's folder", async () => {
      const homeDir = temporaryFolder(
        Object.fromEntries(Object.entries(files).map(([name, text]) => [`.docker/${name}`, text])),
      );
      const { connection } = await resolve({ dockerHost: "box:1", env: { DOCKER_TLS_VERIFY: "1" }, homeDir });
      assert.ok(connection.kind === "tcp");
      assert.deepEqual(connection.tls, tls);
    });

    it("means nothing for a socket and for ssh", async () => {
      for (const dockerHost of ["unix:///x.sock", "ssh://box"]) {
        const { connection } = await resolve({
          dockerHost,
          env: { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/nonexistent" },
        });
        assert.ok(!("tls" in connection));
      }
    });

    for (const name of Object.keys(files)) {
      it(`without ${name} is an error that names the file`, async () => {
        const folder = temporaryFolder(files);
        rmSync(join(folder, name));
        const env = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder };
        await assert.rejects(resolve({ dockerHost: "tcp://box", env }), fails("daemonTls", join(folder, name)));
      });
    }

    it("does without a client's certificate when there is neither it nor its key", async () => {
      const env = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: temporaryFolder({ "ca.pem": "CA" }) };
      const { connection } = await resolve({ dockerHost: "tcp://box", env });
      assert.ok(connection.kind === "tcp" && connection.tls?.ca === "CA" && connection.tls.cert === undefined);
    });

    it("with a file that cannot be read is an error that names it", async () => {
      const folder = temporaryFolder({ "cert.pem": "CERT", "key.pem": "KEY" });
      mkdirSync(join(folder, "ca.pem"));
      await assert.rejects(
        resolve({ dockerHost: "tcp://box", env: { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder } }),
        fails("daemonTls", join(folder, "ca.pem")),
      );
    });
  });
});
