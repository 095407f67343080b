import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { EngineClient } from "../../src/core/engine/engineClient";
import { ContainerRegistry } from "../../src/core/contracts/containerRegistry";
import { authRegistry, build, coreOn, credentialsFor, engineAt, given, login, plainRegistry } from "./engine";
import { removeTemporaryFolders, temporaryFolder } from "./folder";
import { recordingOperation } from "./operation";
import type { RecordedAnswer } from "./recordedAnswers";
import { RegistryContent } from "./registryContent";

/*
 * Records what the real daemon and the real registries answer, as the data that fuzz tests change:
 * eval "$(node scripts/engines.mjs env)"; node --import ./scripts/tsx.mjs test/support/recordAnswers.ts
 */

const folder = "test/fixtures/answers";
const manifestTypes = [
  "vnd.oci.image.index.v1+json",
  "vnd.oci.image.manifest.v1+json",
  "vnd.docker.distribution.manifest.v2+json",
  "vnd.docker.distribution.manifest.list.v2+json",
];

const notKept = new Set(["date", "connection", "transfer-encoding", "content-length"]);

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(
  place: { readonly host: string; readonly port: string } | { readonly socketPath: string },
  path: string,
  { method = "GET", headers = {} }: Asked = {},
): Promise<RecordedAnswer> {
  return new Promise((resolve, reject) => {
    request({ ...place, path, method, headers }, (incoming) => {
      buffer(incoming).then((body) => {
        const kept = Object.entries(incoming.headers).filter(([name]) => !notKept.has(name));
        const headers = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
        resolve({ name: `${method} ${path}`, status: incoming.statusCode ?? 0, headers, body: body.toString("utf8") });
      }, reject);
    })
      .on("error", reject)
      .end();
  });
}

async function recordRegistry(): Promise<RecordedAnswer[]> {
  const content = new RegistryContent(plainRegistry());
  const repository = "team/recorded";
  const one = await content.image(repository, "1.0");
  const other = await content.image(repository, "arm", { architecture: "arm64", docker: true });
  const platform = { os: "linux", architecture: "amd64" };
  const index = await content.manifest(repository, "all", {
    mediaType: "application/vnd.oci.image.index.v1+json",
    schemaVersion: 2,
    manifests: [
      { ...one, platform },
      { ...other, platform: { os: "linux", architecture: "arm64", variant: "v8" } },
      {
        ...one,
        platform: { os: "unknown", architecture: "unknown" },
        annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": one.digest },
      },
    ],
  });
  const [host = "", port = ""] = plainRegistry().split(":");
  const [authHost = "", authPort = ""] = authRegistry().split(":");
  const at = { host, port };
  const accept = manifestTypes.map((type) => `application/${type}`).join(", ");
  const manifest = await ask(at, `/v2/${repository}/manifests/1.0`, { headers: { accept } });
  const { config } = JSON.parse(manifest.body) as { config: { digest: string } };
  const authorization = `Basic ${Buffer.from(`${login().username}:${login().password}`).toString("base64")}`;
  return [
    await ask(at, "/v2/"),
    await ask(at, "/v2/_catalog?n=100"),
    await ask(at, `/v2/${repository}/tags/list?n=2`),
    manifest,
    await ask(at, `/v2/${repository}/manifests/arm`, { headers: { accept } }),
    await ask(at, `/v2/${repository}/manifests/all`, { headers: { accept } }),
    await ask(at, `/v2/${repository}/manifests/${index.digest}`, { headers: { accept } }),
    await ask(at, `/v2/${repository}/manifests/1.0`, { method: "HEAD", headers: { accept } }),
    await ask(at, `/v2/${repository}/blobs/${config.digest}`),
    await ask(at, `/v2/${repository}/manifests/gone`, { headers: { accept } }),
    await ask(at, `/v2/${repository}/blobs/uploads/`, { method: "POST", headers: { "content-length": "0" } }),
    await ask({ host: authHost, port: authPort }, "/v2/"),
    await ask({ host: authHost, port: authPort }, "/v2/", { headers: { authorization } }),
    {
      name: "GET /token",
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        token: "eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2ln",
        access_token: "eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2ln",
        expires_in: 300,
        issued_at: "2026-01-02T03:04:05Z",
      }),
    },
  ];
}

/** Keeps what the daemon streams while a real build, push and pull run. */
async function recordDaemon(): Promise<RecordedAnswer[]> {
  const streams: { readonly name: string; readonly body: Promise<string> }[] = [];
  for (const method of ["build", "push", "pull"] as const) {
    const original = EngineClient.prototype[method] as (...args: unknown[]) => Promise<Readable>;
    Object.assign(EngineClient.prototype, {
      async [method](this: EngineClient, ...args: unknown[]): Promise<Readable> {
        const stream = await original.apply(this, args);
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        streams.push({
          name: `${method} ${streams.length}`,
          body: new Promise((resolve) => stream.once("close", () => resolve(Buffer.concat(chunks).toString("utf8")))),
        });
        return stream;
      },
    });
  }
  const dockerfile =
    "FROM busybox:1.35\nRUN echo recorded && echo more >&2\nCOPY Dockerfile /a/\n" +
    "RUN i=0; while [ $i -lt 20 ]; do echo line $i; i=$((i+1)); done\n";
  const root = temporaryFolder({ Dockerfile: dockerfile });
  const broken = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nRUN false\n" });
  const imageName = `${plainRegistry()}/team/streams:1`;
  const pushed = await build({
    root,
    imageName,
    registry: plainRegistry(),
    options: { builder: "buildkit", noCache: true },
  });
  await build({ root, imageName, options: { builder: "classic", noCache: true } });
  for (const builder of ["buildkit", "classic"] as const)
    await build({ root: broken, imageName, options: { builder } }).catch(() => undefined);
  const registry = new ContainerRegistry(
    "mine",
    { uri: plainRegistry() },
    { engine: engineAt(given("DOCKER_HOST")), credentials: credentialsFor({}) },
  );
  const socketPath = given("DOCKER_HOST").replace("unix://", "");
  await ask({ socketPath }, `/images/${imageName}?force=true`, { method: "DELETE" });
  await registry.pullImage(imageName, recordingOperation());
  await registry.pullImage(`${plainRegistry()}/team/gone:1`, recordingOperation()).catch(() => undefined);
  await build({ root, imageName: `${authRegistry()}/team/x:1`, registry: authRegistry(), core: coreOn() }).catch(
    () => undefined,
  );
  const asked = [
    "/_ping",
    "/version",
    "/info",
    `/images/${imageName}/json`,
    `/distribution/${imageName}/json`,
    "/images/gone/json",
  ];
  const answers = await Promise.all(asked.map((path) => ask({ socketPath }, path)));
  const read = await Promise.all(
    streams.map(async ({ name, body }): Promise<RecordedAnswer> => ({
      name,
      status: 200,
      headers: { "content-type": "application/json" },
      body: await body,
    })),
  );
  console.log(pushed.repoDigest);
  return [...answers, ...read];
}

/** Puts names in the place of what tells of this machine. */
function impersonal(answers: readonly RecordedAnswer[]): string {
  const text = JSON.stringify(answers, undefined, 1);
  const { Name: name } = JSON.parse(answers.find((each) => each.name === "GET /info")?.body ?? "{}") as {
    Name?: string;
  };
  return text
    .replaceAll(plainRegistry(), "127.0.0.1:5000")
    .replaceAll(authRegistry(), "127.0.0.1:5001")
    .replace(/\/tmp\/[^"\\ ]+/g, "/var/lib/docker")
    .replaceAll(process.cwd(), "/var/lib")
    .replace(/(KernelVersion\\":\\")[^"\\]*/g, "$16.1.0")
    .replaceAll(name || "\0", "host");
}

async function main(): Promise<void> {
  writeFileSync(join(folder, "registry.json"), impersonal(await recordRegistry()));
  writeFileSync(join(folder, "daemon.json"), impersonal(await recordDaemon()));
  for (const name of ["registry.json", "daemon.json"]) console.log(name, readFileSync(join(folder, name)).length);
  removeTemporaryFolders();
}

void main().then(() => process.exit());
