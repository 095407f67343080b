import { Random } from "../../../scripts/oracle/random.mjs";

const sources = [
  "a.txt",
  "b.txt",
  "src",
  "src/",
  "src/.",
  "static",
  "conf.d/*.conf",
  "*.txt",
  "src/lib",
  "hard",
  "hard/one",
  "run.sh",
  "link-dir",
  "link-file",
  "src/main.py",
  "empty",
  "src/*/*",
  "s*",
  "q?.txt",
  "[a-b].txt",
  "ünï",
  "setuid",
  "nothing*",
  "src/up",
  "pkg",
  ".",
  "static/*",
  "src/l*",
  "long",
  "nowhere",
];
const places = [
  "/",
  "/x",
  "/x/",
  "/app",
  "/app/",
  "/bin/",
  "/bin/new",
  "/lib/n/",
  "/data/",
  "/data/new/",
  "/opt/link/",
  "/opt/link/x",
  "/etc/conflink",
  "/opt/dangling",
  "/o/p/q",
  "/o/p/",
  "./",
  ".",
  "rel/",
  "/etc/",
  "/tmp/x/.",
  "/x/lib",
  "/x/main.py",
  "/usr/lib/hl/",
  "/home/y",
  "/opt/dangling/",
  "/bin",
];
const owners = ["app", "web:staff", "1000", "33:50", "nobody-here", "root", ":app", "0:7"];
const modes = ["755", "0600", "2711", "u+x", "go-rwx", "a+rX", "444", "1770"];
const inside = [
  "/etc/passwd",
  "/app",
  "/bin/sh",
  "/usr/lib/hl",
  "/opt",
  "/data",
  "/etc/*.conf",
  "/usr/bin/tool",
  "/gone",
];
const folders = ["/w", "/app", "/data/w", "/bin/w", "rel", "..", "/tmp", "/o/p", "/"];
const users = ["app", "33:50", "root", "nobody-here", "app:staff"];

/** Makes Dockerfiles at random that copy files in all ways; the same seed makes the same ones. */
export class RandomCopies {
  readonly #random: Random;

  constructor(
    seed: number,
    private readonly base: string,
  ) {
    this.#random = new Random(seed);
  }

  next(): string {
    const random = this.#random;
    const stages = 1 + random.below(3);
    const lines: string[] = [];
    for (let stage = 0; stage < stages; stage++) {
      const ground = random.chance(0.2)
        ? "scratch"
        : stage > 0 && random.chance(0.4)
          ? `s${random.below(stage)}`
          : this.base;
      lines.push(`FROM ${ground} AS s${stage}`, ...random.times(2, 7, () => this.#instruction(stage)));
    }
    return `${lines.join("\n")}\n`;
  }

  #instruction(stage: number): string {
    const random = this.#random;
    const roll = random.next();
    if (roll < 0.1) return `WORKDIR ${random.pick(folders)}`;
    if (roll < 0.15) return `USER ${random.pick(users)}`;
    if (roll < 0.2) return `ENV V${random.below(3)}=${random.pick(["x", "$V0y", '"a b"', "${V1:-z}"])}`;
    if (roll < 0.25) return `LABEL l${random.below(3)}=${random.pick(["x", "$V0", "'q'"])}`;
    const flags = [
      ...(random.chance(0.3) ? [`--chown=${random.pick(owners)}`] : []),
      ...(random.chance(0.25) ? [`--chmod=${random.pick(modes)}`] : []),
    ];
    if (roll < 0.35)
      return [
        "ADD",
        ...flags,
        random.pick(["plain.tar", "packed.tar.gz", "pax.tar", "fake.tar.gz", "a.txt"]),
        random.pick(places),
      ].join(" ");
    if (roll < 0.5) {
      const from = stage > 0 && random.chance(0.6) ? `s${random.below(stage)}` : this.base;
      return ["COPY", `--from=${from}`, ...flags, random.pick([...inside, "/x", "/o"]), random.pick(places)].join(" ");
    }
    if (random.chance(0.12)) flags.push(`--exclude=${random.pick(["*.py", "**/deep", "lib", "**/*.css", "!*.py"])}`);
    const many = random.times(1, 3, () => random.pick(sources));
    return ["COPY", ...flags, ...many, random.pick(places)].join(" ");
  }
}
