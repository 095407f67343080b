import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A blob or manifest, as a manifest refers to it. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Puts content into a registry by its plain API, past all of our own code. */
export class RegistryContent {
  /** @param address host and port of a registry that speaks plain HTTP */
  constructor(
    private readonly address: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  async blob(repository: string, content: string | Buffer, mediaType: string): Promise<Descriptor> {
    const bytes = Buffer.from(content);
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    const started = await fetch(`http://${this.address}/v2/${repository}/blobs/uploads/`, {
      method: "POST",
      headers: this.headers,
    });
    const location = new URL(started.headers.get("location") ?? "", `http://${this.address}`);
    location.searchParams.set("digest", digest);
    const put = await fetch(location, {
      method: "PUT",
      headers: { ...this.headers, "content-type": "application/octet-stream" },
      body: bytes,
    });
    assert.equal(put.status, 201, await put.text());
    return { mediaType, digest, size: bytes.length };
  }

  async manifest(
    repository: string,
    reference: string,
    content: { readonly mediaType: string } & Readonly<Record<string, unknown>>,
  ): Promise<Descriptor> {
    const body = JSON.stringify(content);
    const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
    const put = await fetch(`http://${this.address}/v2/${repository}/manifests/${reference || digest}`, {
      method: "PUT",
      headers: { ...this.headers, "content-type": content.mediaType },
      body,
    });
    assert.equal(put.status, 201, await put.text());
    return { mediaType: content.mediaType, digest, size: body.length };
  }

  /** Puts content beside an image that refers to it, such as a signature; returns its entry in a list of them. */
  async attachment(
    repository: string,
    { mediaType, digest, size }: Descriptor,
    artifactType: string,
    annotations: Readonly<Record<string, string>> = {},
  ) {
    const config = await this.blob(repository, "{}", "application/vnd.oci.empty.v1+json");
    const layer = await this.blob(repository, artifactType, "application/octet-stream");
    const descriptor = await this.manifest(repository, "", {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType,
      config,
      layers: [layer],
      subject: { mediaType, digest, size },
      annotations,
    });
    return { ...descriptor, artifactType, annotations };
  }

  /** Lists what refers to an image under the tag that clients keep for it, where a registry has no such list. */
  async listAttachments(repository: string, { digest }: Descriptor, manifests: readonly unknown[]): Promise<void> {
    const mediaType = "application/vnd.oci.image.index.v1+json";
    await this.manifest(repository, digest.replace(":", "-"), { schemaVersion: 2, mediaType, manifests });
  }

  /** Gives an image more tags, each by a request of its own, as pushes do. */
  async tag(repository: string, reference: string, names: readonly string[]): Promise<void> {
    const url = (name: string): string => `http://${this.address}/v2/${repository}/manifests/${name}`;
    const image = await fetch(url(reference), {
      headers: { ...this.headers, accept: "application/vnd.oci.image.manifest.v1+json" },
    });
    const [body, type] = [await image.text(), image.headers.get("content-type") ?? ""];
    const next = names.values();
    const push = async (): Promise<void> => {
      for (const name of next) {
        const put = await fetch(url(name), { method: "PUT", headers: { ...this.headers, "content-type": type }, body });
        assert.equal(put.status, 201, await put.text());
      }
    };
    await Promise.all(Array.from({ length: 8 }, push));
  }

  /** An image of one platform; `docker` says in whose format. */
  async image(
    repository: string,
    reference: string,
    { architecture = "amd64", layers = ["one", "two"], docker = false } = {},
  ): Promise<Descriptor> {
    const types = docker
      ? [
          "application/vnd.docker.container.image.v1+json",
          "application/vnd.docker.image.rootfs.diff.tar.gzip",
          "application/vnd.docker.distribution.manifest.v2+json",
        ]
      : [
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.oci.image.layer.v1.tar+gzip",
          "application/vnd.oci.image.manifest.v1+json",
        ];
    const [configType = "", layerType = "", mediaType = ""] = types;
    const history = [
      ...layers.map((layer) => ({ created_by: `COPY ${layer} /` })),
      { created_by: "CMD sh", empty_layer: true },
    ];
    const config = {
      created: "2026-01-02T03:04:05Z",
      os: "linux",
      architecture,
      config: { Labels: { "org.example": "yes" } },
      rootfs: { type: "layers", diff_ids: [] },
      history,
    };
    const blobs: Descriptor[] = [];
    for (const layer of layers) blobs.push(await this.blob(repository, layer, layerType));
    return this.manifest(repository, reference, {
      schemaVersion: 2,
      mediaType,
      config: await this.blob(repository, JSON.stringify(config), configType),
      layers: blobs,
    });
  }
}

/** Gives an image many tags at once, the way the registry itself keeps them in its folder. */
export function writeTags(registryFolder: string, repository: string, digest: string, names: readonly string[]): void {
  for (const name of names) {
    const folder = join(
      registryFolder,
      "data/docker/registry/v2/repositories",
      repository,
      "_manifests/tags",
      name,
      "current",
    );
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "link"), digest);
  }
}
