import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, type Stats } from "node:fs";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";

/** Secrets that must be found nowhere but where they belong, by what they are. */
export class Canaries {
  readonly #forms = new Map<string, readonly Buffer[]>();

  /** How many there are. */
  get count(): number {
    return this.#forms.size;
  }

  /** Makes a new secret, with characters that each encoding writes in another way. */
  make(what: string): string {
    return this.add(what, `${what.replaceAll(/[^a-z]/gi, "")}-${randomBytes(12).toString("hex")}+/&%=`);
  }

  /** Adds one that somebody else has made. */
  add<Secret extends string | Buffer>(what: string, secret: Secret): Secret {
    this.#forms.set(what, formsOf(secret));
    return secret;
  }

  /** Adds the private half of an SSH key, as its file has it and as it is in memory. */
  addKey(file: string): void {
    const lines = readFileSync(file, "utf8").split("\n");
    const bytes = Buffer.from(lines.slice(1, -2).join(""), "base64");
    // The file ends with the length of the private key (64 bytes: the secret half, the public half), the comment and
    // some padding.
    const at = bytes.lastIndexOf(Buffer.from([0, 0, 0, 64]));
    this.add("a line of an SSH key", lines[4] ?? "");
    this.add("an SSH key", bytes.subarray(at + 4, at + 36));
  }

  /** Finds what is in a text or file, as it is or encoded; compressed files are searched unpacked, too. */
  in(content: string | Buffer): string[] {
    const bytes = Buffer.from(content as string);
    const searched = [bytes, ...unpacked(bytes)];
    return [...this.#forms]
      .filter(([, forms]) => forms.some((form) => searched.some((each) => each.includes(form))))
      .map(([what]) => what);
  }

  /**
   * Finds what is in the files below a folder that have changed since a time in milliseconds: `<path>: <what>` each.
   */
  below(folder: string, sinceMs = 0): string[] {
    const isSearched = (file: Stats | undefined): boolean =>
      file !== undefined && file.isFile() && Math.max(file.mtimeMs, file.ctimeMs) >= sinceMs;
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => isSearched(lstatSync(join(folder, path), { throwIfNoEntry: false })))
      .flatMap((path) => this.in(readFileSync(join(folder, path))).map((what) => `${path}: ${what}`));
  }
}

/** As it is, in addresses and forms, in hexadecimal, within JSON, and in base64 wherever it begins there. */
export function formsOf(secret: string | Buffer): Buffer[] {
  const bytes = Buffer.from(secret as string);
  // Characters at the ends depend on what is beside the secret.
  const within = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(shift === 0 ? 0 : 4)
      .replace(/=+$/, "")
      .slice(0, -1),
  );
  const encoded = [
    ...within,
    ...within.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
    bytes.toString("hex"),
  ];
  return [
    bytes,
    ...[...new Set([...encoded, ...(typeof secret === "string" ? textFormsOf(secret) : [])])].map((form) =>
      Buffer.from(form),
    ),
  ];
}

function textFormsOf(secret: string): string[] {
  const url = encodeURIComponent(secret);
  return [
    url,
    url.replaceAll(/%../g, (code) => code.toLowerCase()),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
  ];
}

/** Of a file that was still being written as much as there is. */
function unpacked(bytes: Buffer): Buffer[] {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return [];
  try {
    return [gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })];
  } catch {
    return []; // Only its first bytes looked so.
  }
}
