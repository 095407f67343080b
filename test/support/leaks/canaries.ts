import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Secrets that must be found nowhere but where they belong, by what they are. */
export class Canaries {
  readonly #forms = new Map<string, readonly Buffer[]>();

  /** A new secret. */
  make(what: string): string {
    return this.add(what, `${what.replaceAll(/[^a-z]/gi, "")}-${randomBytes(12).toString("hex")}`);
  }

  /** One that somebody else has made. */
  add(what: string, secret: string): string {
    this.#forms.set(what, formsOf(secret).map((form) => Buffer.from(form)));
    return secret;
  }

  /** What is in a text or file, as it is or encoded. */
  in(content: string | Buffer): string[] {
    const bytes = Buffer.from(content as string);
    return [...this.#forms].filter(([, forms]) => forms.some((form) => bytes.includes(form))).map(([what]) => what);
  }

  /** What is in the files below a folder: `<path>: <what>` each. */
  below(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => lstatSync(join(folder, path), { throwIfNoEntry: false })?.isFile())
      .flatMap((path) => this.in(readFileSync(join(folder, path))).map((what) => `${path}: ${what}`));
  }
}

/** As it is, in addresses, in hexadecimal, within JSON, and in base64 wherever it begins there. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Characters at the ends depend on what is beside the secret.
  const within = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64").slice(shift === 0 ? 0 : 4).replace(/=+$/, "").slice(0, -1));
  return [...new Set([secret, encodeURIComponent(secret), bytes.toString("hex"), JSON.stringify(secret).slice(1, -1), ...within, ...within.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))])];
}
