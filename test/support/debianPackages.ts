import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";

/** A Debian package of one text. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** Absolute path in the image. */
  readonly path: string;
  readonly text: string;
}

/** A repository of packages on a loopback port, for builds on the machine's own network. */
export class DebianRepository {
  readonly #server: Server;
  readonly #files = new Map<string, Buffer>();

  constructor(private readonly packages: readonly DebianPackage[]) {
    this.#server = createServer(({ url = "" }, response) => {
      const file = this.#files.get(url.replace(/^\/(?:\.\/)?/, ""));
      if (file) response.end(file);
      else response.writeHead(404).end();
    });
  }

  async start(): Promise<void> {
    const entries: string[] = [];
    for (const each of this.packages) {
      const file = `${each.name}_${each.version}_all.deb`;
      const bytes = await deb(each);
      this.#files.set(file, bytes);
      entries.push(
        `${controlOf(each)}Filename: ./${file}\nSize: ${bytes.length}\n` +
          `SHA256: ${createHash("sha256").update(bytes).digest("hex")}\n`,
      );
    }
    this.#files.set("Packages", Buffer.from(entries.join("\n")));
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The line of `sources.list`. */
  get source(): string {
    return `deb [trusted=yes] http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ ./\n`;
  }
}

/**
 * What this machine's apt and dpkg are made of, by absolute path: programs, what fetches, the libraries that all of
 * them load, and what architectures are called.
 */
export function aptFiles(): Record<string, Buffer> {
  const methods = "/usr/lib/apt/methods";
  const programs = ["apt-get", "dpkg", "dpkg-deb", "dpkg-split", "tar", "ldconfig", "start-stop-daemon"].map(
    programPath,
  );
  const files = [...programs, ...readdirSync(methods).map((name) => join(methods, name))];
  const libraries = files.flatMap(
    (file) =>
      execFileSync("sh", ["-c", 'ldd "$0" || true', file], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).match(/\/\S+(?= \(0x)/g) ?? [],
  );
  const tables = ["cputable", "ostable", "tupletable"].map((name) => join("/usr/share/dpkg", name));
  return Object.fromEntries(
    [...new Set([...files, ...libraries, ...tables])].map((file) => [file, readFileSync(realpathSync(file))]),
  );
}

/** Where apt's dpkg looks for it, whether or not this process's own path has the administrator's folders. */
function programPath(name: string): string {
  const found = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`This machine has no ${name}.`);
  return found;
}

/** @see https://manpages.debian.org/bookworm/dpkg-dev/deb.5.en.html */
async function deb(each: DebianPackage): Promise<Buffer> {
  const parts: readonly (readonly [name: string, content: Buffer])[] = [
    ["debian-binary", Buffer.from("2.0\n")],
    ["control.tar", await tar({ "./control": controlOf(each) })],
    ["data.tar", await tar({ [`.${each.path}`]: each.text })],
  ];
  const entries = parts.map(([name, content]) => {
    const times = "0".padEnd(12) + "0".padEnd(6) + "0".padEnd(6);
    const size = String(content.length).padEnd(10);
    const header = `${name.padEnd(16)}${times}${"100644".padEnd(8)}${size}\`\n`;
    return Buffer.concat([Buffer.from(header), content, Buffer.alloc(content.length % 2, "\n")]);
  });
  return Buffer.concat([Buffer.from("!<arch>\n"), ...entries]);
}

function tar(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) {
    const folders = name
      .split("/")
      .slice(0, -1)
      .map((_, i, parts) => parts.slice(0, i + 1).join("/"));
    for (const folder of folders) archive.entry({ name: `${folder}/`, type: "directory" });
    archive.entry({ name }, text);
  }
  archive.finalize();
  return buffer(archive);
}

function controlOf({ name, version }: DebianPackage): string {
  return (
    `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: Test <test@example.com>\n` +
    "Description: a test\n"
  );
}
