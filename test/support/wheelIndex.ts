import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 } from "node:zlib";

/** A Python package of one module: its name, version, and what its `value` is. */
export interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly value: string;
  readonly requires?: readonly string[];
  /** In place of the module, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Programs, each with its function as `module:function`. */
  readonly programs?: Readonly<Record<string, string>>;
}

/** The file name of a package's wheel. */
export function wheelName({ name, version }: TestPackage): string {
  return `${name}-${version}-py3-none-any.whl`;
}

/** A wheel that pip installs. @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/ */
export function wheel({ name, version, value, requires = [], files: own, programs = {} }: TestPackage): Buffer {
  const info = `${name}-${version}.dist-info`;
  const files: readonly (readonly [string, string])[] = [
    ...Object.entries(own ?? { [`${name}/__init__.py`]: `value = ${JSON.stringify(value)}\n` }),
    [
      `${info}/METADATA`,
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n` +
        requires.map((each) => `Requires-Dist: ${each}\n`).join(""),
    ],
    [`${info}/WHEEL`, "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"],
    [
      `${info}/entry_points.txt`,
      `[console_scripts]\n${Object.entries(programs)
        .map(([program, place]) => `${program} = ${place}\n`)
        .join("")}`,
    ],
  ];
  const record = files.map(
    ([path, text]) =>
      `${path},sha256=${createHash("sha256").update(text).digest("base64url")},${Buffer.byteLength(text)}\n`,
  );
  return zip([...files, [`${info}/RECORD`, `${record.join("")}${info}/RECORD,,\n`]]);
}

/**
 * An index of wheels on a loopback port, for builds on the machine's own network; it may want a user and a password.
 */
export class WheelIndex {
  /** The paths that were asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;

  constructor(packages: readonly TestPackage[], login?: string) {
    this.#server = createServer((request, response) => {
      const path = request.url ?? "";
      this.asked.push(path);
      const [, kind, name = ""] = path.split("/");
      const found = packages.filter((each) => (kind === "files" ? wheelName(each) : each.name) === name);
      if (login !== undefined && request.headers.authorization !== `Basic ${Buffer.from(login).toString("base64")}`)
        response.writeHead(401).end();
      else if (found.length === 0) response.writeHead(404).end();
      else if (kind === "files") response.end(found.map(wheel)[0]);
      else
        response
          .setHeader("content-type", "text/html")
          .end(found.map((each) => `<a href="/files/${wheelName(each)}">${wheelName(each)}</a>`).join("\n"));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Host and port. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}/simple`;
  }
}

/** An archive whose files are stored as they are. @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
function zip(files: readonly (readonly [path: string, text: string])[]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of files) {
    const [name, content] = [Buffer.from(path), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    // 1980-01-01, the oldest date there is.
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, content]);
    const entry = Buffer.alloc(20);
    entry.writeUInt16LE(0, 0);
    entry.writeUInt32LE(0o100644 * 0x10000, 8);
    entry.writeUInt32LE(offset, 12);
    entries.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), common, entry.subarray(2, 16), name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from("PK\x05\x06"), end]);
}
