import assert from "node:assert/strict";
import { SecretMask } from "../../../src/core/credentials/secretMask";
import {
  addressSecrets,
  readUserEnvironment,
  warnOfDeclaredProxies,
  withEnvironment,
} from "../../../src/core/engine/buildEnvironment";
import { resolveEndpoint } from "../../../src/core/transport/endpoint";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";

const secret = "S3CRET-c4n4ry";
const proxy = `http://user:${secret}@127.0.0.1:1`;

/** What a configuration gives to the builds of a daemon, and what was logged of it. */
async function environmentOf(
  config: object | string,
  { dockerHost = "unix:///run/d.sock", env = {}, isForeign = false } = {},
) {
  const folder = temporaryFolder({ "config.json": typeof config === "string" ? config : JSON.stringify(config) });
  const endpoint = await resolveEndpoint({ dockerHost, env: {} });
  const { log, logged } = recordingOperation();
  const found = await readUserEnvironment({ endpoint, env: { DOCKER_CONFIG: folder, ...env }, isForeign }, log);
  return { ...found, logged };
}

describe("the user's environment of a build", () => {
  after(removeTemporaryFolders);

  it("has all proxies of the key default", async () => {
    const { proxies } = await environmentOf({
      proxies: { default: { httpProxy: "a", httpsProxy: "b", noProxy: "c", ftpProxy: "d", allProxy: "e" } },
    });
    assert.deepEqual(proxies, { HTTP_PROXY: "a", HTTPS_PROXY: "b", NO_PROXY: "c", FTP_PROXY: "d", ALL_PROXY: "e" });
  });

  it("reads fields in any case", async () => {
    const { proxies, headers } = await environmentOf(
      '{"PROXIES":{"default":{"HTTPPROXY":"a"}},"httpheaders":{"X-A":"1"}}',
    );
    assert.deepEqual([proxies, headers], [{ HTTP_PROXY: "a" }, { "X-A": "1" }]);
  });

  const hosts: readonly (readonly [dockerHost: string, key: string])[] = [
    ["unix:///run/d.sock", "unix:///run/d.sock"],
    ["tcp://box", "tcp://box:2375"],
    ["box:77", "tcp://box:77"],
    ["ssh://me@box", "http://docker.example.com"],
  ];
  for (const [dockerHost, key] of hosts) {
    it(`takes the proxies of ${key} for the daemon at ${dockerHost}, and nothing of default then`, async () => {
      const config = { proxies: { default: { httpProxy: "d", httpsProxy: "d" }, [key]: { httpProxy: "h" } } };
      assert.deepEqual((await environmentOf(config, { dockerHost })).proxies, { HTTP_PROXY: "h" });
    });
  }

  it("looks up only the daemon's whole address", async () => {
    const config = { proxies: { "tcp://box": { httpProxy: "h" }, default: { httpProxy: "d" } } };
    assert.deepEqual((await environmentOf(config, { dockerHost: "tcp://box" })).proxies, { HTTP_PROXY: "d" });
  });

  it("gives a daemon that a workspace chose neither headers nor the default proxies", async () => {
    const config = { HttpHeaders: { "X-A": "1" }, proxies: { default: { httpProxy: proxy } } };
    const { headers, proxies } = await environmentOf(config, { isForeign: true });
    assert.deepEqual([headers, proxies], [{}, {}]);
    const named = { proxies: { "unix:///run/d.sock": { httpProxy: "h" } } };
    assert.deepEqual((await environmentOf(named, { isForeign: true })).proxies, { HTTP_PROXY: "h" });
  });

  it("sends headers but those that are the connection's own", async () => {
    const { headers, logged } = await environmentOf({
      HttpHeaders: { "X-Meta": "é", "User-Agent": "x", host: "evil", Connection: "close", "content-LENGTH": "1" },
    });
    assert.deepEqual(headers, { "X-Meta": "\u00c3\u00a9" });
    assert.deepEqual(logged, []);
  });

  it("names a header that cannot be sent, and never its value", async () => {
    const { headers, logged } = await environmentOf({
      HttpHeaders: { "X A": secret, "X-B": `${secret}\r\nX-C: 1`, "X-D": "1" },
    });
    assert.deepEqual(headers, { "X-D": "1" });
    assert.match(logged.join(), /^warn: Can't send "X A", "X-B" of "HttpHeaders" in ".*config\.json" to the daemon\./);
    assert.ok(!logged.join().includes(secret));
  });

  for (const [what, config] of [
    ["is no JSON", `{"proxies": "${secret}"`],
    ["has wrong proxies", { proxies: { default: { httpProxy: [secret] } } }],
    ["has wrong headers", { HttpHeaders: [secret] }],
  ] as const) {
    it(`is empty where the configuration ${what}, with a warning and without its text`, async () => {
      const { headers, proxies, logged } = await environmentOf(config);
      assert.deepEqual([headers, proxies, logged.length], [{}, {}, 1]);
      assert.match(logged.join(), /^warn: The Docker config file ".*config\.json" is not valid.* are not used\.$/);
      assert.ok(!logged.join().includes(secret));
    });
  }

  it("has SOURCE_DATE_EPOCH of the environment unless that is empty", async () => {
    const env = { SOURCE_DATE_EPOCH: "12" };
    assert.equal((await environmentOf({}, { env })).sourceDateEpoch, "12");
    assert.equal((await environmentOf({}, { env: { SOURCE_DATE_EPOCH: "" } })).sourceDateEpoch, undefined);
  });
});

describe("build arguments with the user's environment", () => {
  const environment = { proxies: { HTTP_PROXY: "p" }, sourceDateEpoch: "12" };

  it("are proxies in both spellings", () => {
    assert.deepEqual(withEnvironment({}, environment, "buildkit").buildArgs, {
      HTTP_PROXY: "p",
      http_proxy: "p",
      SOURCE_DATE_EPOCH: "12",
    });
    assert.deepEqual(withEnvironment({}, environment, "classic").buildArgs, { HTTP_PROXY: "p", http_proxy: "p" });
  });

  it("are those that were given first, an empty one too", () => {
    const buildArgs = { http_proxy: "", SOURCE_DATE_EPOCH: "1", A: "b" };
    assert.deepEqual(withEnvironment({ buildArgs }, environment, "buildkit").buildArgs, buildArgs);
    assert.deepEqual(withEnvironment({ buildArgs }, environment, "classic").buildArgs, {
      ...buildArgs,
      HTTP_PROXY: "p",
    });
  });

  it("are left alone where there is nothing to add", () => {
    const options = { buildArgs: { A: "b" } };
    assert.equal(withEnvironment(options, { proxies: {} }, "buildkit"), options);
  });
});

describe("a proxy's secrets", () => {
  for (const [value, texts] of [
    [proxy, [proxy, `Basic ${Buffer.from(`user:${secret}`).toString("base64")}`, secret]],
    [`user:${secret}@proxy:1`, [`user:${secret}@proxy:1`, secret]],
    [`socks5://${secret}@proxy/`, [secret]],
    ["http://u:p%40ss%2Fw0rd@proxy", ["p@ss/w0rd", "p%40ss%2Fw0rd"]],
    ["http://u:pw@proxy", ["http://u:pw@proxy"]],
  ] as const) {
    it(`are hidden of ${value}`, () => {
      const mask = new SecretMask(addressSecrets({ buildArgs: { https_proxy: value } }));
      for (const text of texts) assert.ok(!mask.hide(`see ${text} there`).includes(text), text);
    });
  }

  it("are the parameters of a server, but not those of a repository", () => {
    const address = "https://host/x.tar?private_token=S3CRET%2Bone&sig=S3CRET=two&ref=main&subdir=a#part";
    const found = addressSecrets({ buildContexts: { app: address } });
    assert.deepEqual(found, ["S3CRET%2Bone", "S3CRET+one", "S3CRET=two"]);
  });

  it("are none without a login", () => {
    const buildArgs = { HTTP_PROXY: "http://proxy:3128/a@b", no_proxy: "localhost,.example.com", OTHER: proxy };
    assert.deepEqual(addressSecrets({ buildArgs }), []);
  });

  it("are warned of where the Dockerfile writes them into the history", () => {
    const { log, logged } = recordingOperation();
    const text = "FROM a\nARG http_proxy\nARG NO_PROXY\nARG OTHER\n";
    const dockerfile = { name: "Dockerfile", file: "/Dockerfile", text, bytes: Buffer.from(text), isExtraFile: false };
    const environment = { proxies: { HTTP_PROXY: proxy, NO_PROXY: "localhost" } };
    warnOfDeclaredProxies(dockerfile, environment, {}, log);
    assert.match(logged.join("\n"), /^warn: Dockerfile declares ARG http_proxy, so the image's history .*$/);
    warnOfDeclaredProxies(dockerfile, environment, { buildArgs: { http_proxy: "x" } }, log);
    assert.equal(logged.length, 1);
    assert.ok(!logged.join().includes(secret));
  });
});
