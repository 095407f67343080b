import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { Registry } from "../../scripts/engines/registry.mjs";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import type { Credentials } from "../../src/core/credentials/credentialSource";
import { RegistryClient } from "../../src/core/distribution/registryClient";
import type { RegistryPlace } from "../../src/core/distribution/registryConnection";
import { Authority } from "../support/certificates";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { NamedHosts } from "../support/namedHosts";
import { RegistryContent, writeTags, type Descriptor } from "../support/registryContent";
import { TokenServer } from "../support/tokenServer";
import { place } from "./registryPlaces";

/** Registries of each kind, and what stands beside them. */
export type RegistriesWorld = Awaited<ReturnType<typeof startRegistries>>;

/** Starts an open registry with images, one with a password, and one with a token service. */
export async function startRegistries() {
  await ensurePackages({ openssl: "openssl", "docker-registry": "docker-registry" }, "The registry test");
  const authority = new Authority(temporaryFolder(), "authority");
  const tokens = await TokenServer.start(authority);
  const hosts = await NamedHosts.start(authority);
  const plain = new Registry(temporaryFolder());
  const protectedByPassword = new Registry(temporaryFolder(), { needsPassword: true });
  const protectedByToken = new Registry(temporaryFolder(), { tokenService: tokens.service });
  for (const registry of [plain, protectedByPassword, protectedByToken]) await registry.start();
  hosts.serve("registry.example.test", plain.address);
  const image = await fill(plain);
  const servers: Server[] = [];

  return {
    authority,
    tokens,
    hosts,
    plain,
    protectedByPassword,
    protectedByToken,
    image,
    /** Starts a server that ends with the world; returns its host. */
    async listening(server: Server): Promise<string> {
      servers.push(server.listen(0, "127.0.0.1"));
      await once(server, "listening");
      return `127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    client: (host = plain.address, credentials?: Credentials, more?: Partial<RegistryPlace>) =>
      new RegistryClient(place(host, credentials, more)),
    /** Forgets what a test has asked of the token service. */
    reset(): void {
      tokens.requests.length = 0;
      tokens.refusal = undefined;
      tokens.lifetimeSeconds = 300;
    },
    async stop(): Promise<void> {
      for (const server of servers) server.close();
      for (const registry of [plain, protectedByPassword, protectedByToken]) await registry.remove();
      for (const each of [tokens, hosts]) await each.stop();
      removeTemporaryFolders();
    },
  };
}

/** Fills a registry with images of every kind; returns the plain one. */
async function fill({ address, folder }: Registry): Promise<Descriptor> {
  const content = new RegistryContent(address);
  const image = await content.image("team/app", "1.0");
  await content.image("team/app", "docker", { docker: true });
  const arm = await content.image("team/app", "", { architecture: "arm64" });
  const attestation = {
    ...(await content.image("team/app", "", { layers: ["provenance"] })),
    platform: { os: "unknown", architecture: "unknown" },
    annotations: { "vnd.docker.reference.type": "attestation-manifest" },
  };
  const manifests = [
    { ...image, platform: { os: "linux", architecture: "amd64" } },
    { ...arm, platform: { os: "linux", architecture: "arm64", variant: "v8" } },
    attestation,
  ];
  await content.manifest("team/app", "multi", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests,
  });
  const empty = await content.blob("charts/web", "{}", "application/vnd.oci.empty.v1+json");
  const chart = await content.blob("charts/web", "a chart", "application/vnd.cncf.helm.chart.content.v1.tar+gzip");
  await content.manifest("charts/web", "0.1", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    artifactType: "application/vnd.cncf.helm.chart",
    config: empty,
    layers: [chart],
    annotations: { "org.opencontainers.image.title": "web" },
  });
  for (let i = 0; i < 7; i++) await content.image(`many/repository-${i}`, "latest", { layers: ["same"] });
  writeTags(
    folder,
    "team/big",
    (await content.image("team/big", "latest", { layers: ["same"] })).digest,
    Array.from({ length: 5000 }, (_, i) => `v1.${i}`),
  );
  return image;
}
