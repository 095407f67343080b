import { createHash } from "node:crypto";
import { ImageBuilderError } from "../../base/errors";
import { packLayer, type PackedLayer, type PackOptions } from "./packLayer";
import type { NewLayer } from "../run/layerEntries";
import type { DiskCache } from "../cache/diskCache";
import { layerKey, showsChanges } from "./layerKey";

/** Options for remembering layers. */
export interface LayerMemoryOptions {
  /** Undefined if nothing is remembered. */
  readonly cache?: DiskCache;
  /** Whether to pack layers again even if their files seem unchanged. */
  readonly verifies: boolean;
  /** Start of listing the files, in milliseconds since 1970. */
  readonly listedMs: number;
}

type Digests = Pick<PackedLayer, "digest" | "diffId" | "sizeBytes">;

/** Changes with the form of the entries, and with the bytes that a layer is packed to. */
const kind = "layer1";

/** Packs layers and remembers their digests: a layer with unchanged files is read only if its bytes are needed. */
export class LayerMemory {
  constructor(private readonly options: LayerMemoryOptions) {}

  /** Packs a layer, at the latest when its bytes are needed. @throws what reading the files throws */
  async pack(layer: NewLayer, name: string, options: PackOptions): Promise<PackedLayer> {
    const { cache, verifies, listedMs } = this.options;
    const key = cache && layerKey(layer, `${options.level} ${process.versions.zlib}`);
    if (!cache || key === undefined) return packLayer(layer, name, options);
    const known = verifies ? undefined : parse(await cache.read(kind, key));
    if (known) return this.#unpacked(known, key, () => packLayer(layer, name, options));
    const packed = await packLayer(layer, name, options);
    if (showsChanges(layer, listedMs)) await cache.write(kind, key, format(packed));
    return packed;
  }

  #unpacked(known: Digests, key: string, pack: () => Promise<PackedLayer>): PackedLayer {
    let packing: Promise<PackedLayer> | undefined;
    const checked = async (): Promise<PackedLayer> => {
      const packed = await pack();
      if (packed.digest === known.digest && packed.diffId === known.diffId) return packed;
      await this.options.cache?.delete(kind, key);
      throw new ImageBuilderError(
        "contextChanged",
        "A file changed while the image was built, or without a new time. Build again.",
      );
    };
    const packed = (): Promise<PackedLayer> => (packing ??= checked());
    return {
      ...known,
      prepare: async () => void (await packed()),
      async *open() {
        yield* (await packed()).open();
      },
    };
  }
}

const form = /^(sha256:[0-9a-f]{64}) (sha256:[0-9a-f]{64}) (\d{1,15})\n([0-9a-f]{64})$/;

function format({ digest, diffId, sizeBytes }: Digests): Buffer {
  const text = `${digest} ${diffId} ${sizeBytes}\n`;
  return Buffer.from(text + checksum(text));
}

/** Parses an entry; returns undefined if it is damaged. */
function parse(bytes: Buffer | undefined): Digests | undefined {
  const [whole, digest, diffId, sizeBytes, sum] = form.exec(bytes?.toString("latin1") ?? "") ?? [];
  if (whole === undefined || digest === undefined || diffId === undefined) return undefined;
  return checksum(whole.slice(0, whole.lastIndexOf("\n") + 1)) === sum
    ? { digest, diffId, sizeBytes: Number(sizeBytes) }
    : undefined;
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
