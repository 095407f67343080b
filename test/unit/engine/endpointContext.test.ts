import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { listDockerContexts } from "../../../src/core/transport/dockerContext";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { resolve, fails, contextFiles, dockerContext } from "./endpointSupport";

describe("resolveEndpoint", () => {
  after(removeTemporaryFolders);

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

    it("is listed by its name, with its address if that can be read", async () => {
      const folder = temporaryFolder({
        ...dockerContext("two", "ssh://me@two"),
        ...dockerContext("one", "tcp://one:1"),
        ...contextFiles("broken", { Name: "broken", Endpoints: {} }),
        "contexts/meta/odd/meta.json": "{",
        "contexts/meta/a-file": "",
      });
      assert.deepEqual(await listDockerContexts(folder), [
        { name: "broken", host: undefined },
        { name: "one", host: "tcp://one:1" },
        { name: "two", host: "ssh://me@two" },
      ]);
      assert.deepEqual(await listDockerContexts(join(folder, "none")), []);
    });

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
