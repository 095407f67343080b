import { createHash } from "node:crypto";
import { once } from "node:events";
import { arch } from "node:os";
import { pack } from "tar-stream";
import { temporaryFolder } from "./folder";

const goArch = ({ x64: "amd64", arm64: "arm64" } as Record<string, string>)[arch()] ?? arch();

/** An OCI image layout: for each tag an image with these files. Returns its folder and the digests of the images. */
export async function imageLayout(
  images: Readonly<Record<string, Readonly<Record<string, string | Buffer>>>>,
): Promise<{ folder: string; digests: Readonly<Record<string, string>> }> {
  const written: Record<string, string | Buffer> = { "oci-layout": '{"imageLayoutVersion":"1.0.0"}' };
  const blob = (bytes: Buffer): { digest: string; size: number } => {
    const hex = createHash("sha256").update(bytes).digest("hex");
    written[`blobs/sha256/${hex}`] = bytes;
    return { digest: `sha256:${hex}`, size: bytes.length };
  };
  const json = (value: object): ReturnType<typeof blob> => blob(Buffer.from(JSON.stringify(value)));
  const digests: Record<string, string> = {};
  const manifests: object[] = [];
  for (const [tag, files] of Object.entries(images)) {
    const layer = blob(await archiveOf(files));
    const config = json({
      architecture: goArch,
      os: "linux",
      config: { Env: [`IMAGE=${tag}`] },
      rootfs: { type: "layers", diff_ids: [layer.digest] },
    });
    const manifest = json({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
      layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer }],
    });
    digests[tag] = manifest.digest;
    manifests.push({
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      ...manifest,
      annotations: { "org.opencontainers.image.ref.name": tag },
    });
  }
  written["index.json"] = JSON.stringify({ schemaVersion: 2, manifests });
  return { folder: temporaryFolder(written), digests };
}

async function archiveOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const archive = pack();
  const chunks: Buffer[] = [];
  archive.on("data", (chunk) => chunks.push(chunk as Buffer));
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  await once(archive, "end");
  return Buffer.concat(chunks);
}
