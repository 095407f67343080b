import { Random } from "../../../scripts/oracle/random.mjs";
import type { DockerfileCase } from "./askedSession";

const names = ["A", "B", "C", "FLAVOR", "TARGETARCH", "TARGETPLATFORM", "BUILDOS", "TARGETSTAGE", "NONE"];
const values = ["a", "b.c", "", "src/app", "x-1.2.3", "base", "prod", "amd64", "a/b/c", "dist"];
const patterns = ["*", "a*", "*.", "?", "/", "*/", "[a]", "\\*", "-?", "b"];
const stageNames = ["base", "prod", "build", "base-amd64", "deps", "a"];
const image = "busybox:1.35";

/**
 * Makes Dockerfiles at random that hold what BuildKit's reader knows, most of which build. The same seed makes the same
 * ones.
 */
export class RandomDockerfile {
  #random: Random;
  #escape = "\\";
  #stages: { readonly name?: string; readonly canRun: boolean }[] = [];
  #folders = 0;

  /**
   * @param isFirst whether only what Docker 20.10 knows is used
   * @param repeatsNames whether stages may share a name, by which they may need each other: Docker up to 26 ends by
   * that, the daemon itself
   */
  constructor(
    seed: number,
    private readonly isFirst = false,
    private readonly repeatsNames = true,
  ) {
    this.#random = new Random(seed);
  }

  next(): DockerfileCase {
    const random = this.#random;
    this.#escape = random.chance(0.12) ? "`" : "\\";
    this.#stages = [];
    this.#folders = 0;
    const lines = this.#escape === "`" ? ["# escape=`"] : random.chance(0.1) ? ["# syntaxes=none", "# escape=`"] : [];
    lines.push(...random.times(0, 3, () => this.#arg(true)));
    const count = 1 + random.below(4);
    for (let i = 0; i < count; i++) lines.push(...this.#stage());
    const newline = random.chance(0.1) ? "\r\n" : "\n";
    const text =
      (random.chance(0.05) ? "\ufeff" : "") +
      lines.join("\n").split("\n").join(newline) +
      (random.chance(0.9) ? newline : "");
    const named = this.#stages.flatMap(({ name }) => name ?? []);
    return {
      text,
      ...(random.chance(0.4) && {
        buildArgs: Object.fromEntries(random.times(1, 2, () => [random.pick(names), random.pick(values)] as const)),
      }),
      ...(random.chance(0.2) &&
        named.length > 0 && {
          target: random.pick([...named, ...named, random.pick(named).toUpperCase(), String(random.below(count))]),
        }),
      ...(random.chance(0.7) && { platform: random.pick(["linux/amd64", "linux/amd64", "linux/x86_64"]) }),
    };
  }

  #stage(): string[] {
    const random = this.#random;
    const earlier = this.#stages;
    const byName = earlier.filter(({ name }) => name !== undefined);
    const [base, canRun] =
      random.chance(0.45) && byName.length > 0
        ? this.#baseStage(random.pick(byName))
        : random.chance(0.5)
          ? ["scratch", false]
          : [image, true];
    const free = stageNames.filter((each) => this.repeatsNames || !earlier.some(({ name }) => name === each));
    const name = random.chance(0.7) ? random.pick(free) : undefined;
    const platform = random.chance(0.1)
      ? `--platform=${random.pick(["$TARGETPLATFORM", "${BUILDPLATFORM}", "linux/amd64"])} `
      : "";
    const from = `${random.pick(["FROM", "FROM", "from"])} ${platform}${base}`;
    const as =
      name === undefined ? "" : ` ${random.pick(["AS", "as"])} ${random.chance(0.2) ? name.toUpperCase() : name}`;
    const steps = random.times(1, 5, () => this.#step(canRun));
    this.#stages.push({ name, canRun });
    return [from + as, ...steps];
  }

  #baseStage({
    name = "",
    canRun,
  }: {
    readonly name?: string;
    readonly canRun: boolean;
  }): [base: string, canRun: boolean] {
    const written = this.#random.pick([
      name,
      name,
      `\${NONE:-${name}}`,
      `"${name}"`,
      `\${TARGETOS:+${name}}`,
      name === "base-amd64" ? "base-${TARGETARCH}" : name,
      this.isFirst ? name : `\${NONE-${name}}`,
    ]);
    return [written, canRun && written === name];
  }

  #step(canRun: boolean): string {
    const random = this.#random;
    const kind = random.below(canRun ? 100 : 80);
    if (kind < 12) return this.#arg(false);
    if (kind < 24) return this.#env();
    if (kind < 55) return this.#copy();
    if (kind < 61) return this.#copyFrom();
    if (kind < 67) return this.isFirst ? this.#copy() : this.#heredoc();
    if (kind < 73) {
      const runs = (): string => (canRun ? this.#run() : this.#copy());
      return `ONBUILD ${random.pick([() => this.#copy(), () => this.#env(), () => this.#arg(false), runs])()}`;
    }
    if (kind < 80)
      return random.pick([
        "LABEL a=b c='d e'",
        "WORKDIR /w",
        "# COPY comment /",
        'CMD ["x"]',
        "USER 0",
        "",
        "STOPSIGNAL 9",
        "EXPOSE 80",
        "VOLUME /v",
        "MAINTAINER copy a /b",
        "HEALTHCHECK --interval=1s CMD copy a /b",
        "ENTRYPOINT copy a /b",
      ]);
    return this.#run();
  }

  #arg(isGlobal: boolean): string {
    const random = this.#random;
    const one = (): string => {
      const known = random.pick(names);
      const name = isGlobal || random.chance(0.9) ? known : random.pick([`"${known}"`, `\${NONE:-${known}}`]);
      return random.chance(0.25) ? name : `${name}=${this.#value(isGlobal ? [...stageNames, ...values] : values)}`;
    };
    return `${random.pick(["ARG", "ARG", "arg"])} ${random.times(1, 2, one).join(" ")}`;
  }

  #env(): string {
    const random = this.#random;
    if (random.chance(0.2)) return `ENV ${random.pick(names)} ${random.pick(values) || "v"}`;
    const name = (): string => {
      const known = random.pick(names);
      return random.chance(0.9) ? known : random.pick([`"${known}"`, `\${NONE:-${known}}`, `'${known}'`]);
    };
    return `ENV ${random.times(1, 2, () => `${name()}=${this.#value(values)}`).join(this.#between(" "))}`;
  }

  #value(words: readonly string[]): string {
    return this.#random.chance(0.3) ? this.#reference(false) : this.#quoted(this.#random.pick(words));
  }

  #copy(): string {
    const random = this.#random;
    const flags = random
      .times(0, 1, () =>
        random.pick([
          "--chown=0:0",
          '--chown="0:0"',
          ...(this.isFirst ? [] : ["--chmod=755", "--link", "--link=false"]),
        ]),
      )
      .join(" ");
    const sources = random.times(1, 2, () => this.#path());
    const to = `/d${this.#folders++}/`;
    const keyword = random.pick(["COPY", "COPY", "ADD", "copy"]);
    if (random.chance(0.12))
      return `${keyword} ${JSON.stringify([...sources.map((source) => (source.includes("\\") ? "a b" : source)), to])}`;
    const between = this.#between(random.pick([" ", " ", "\t", "  "]));
    return random.pick(["", "", "", "  "]) + [keyword, ...(flags ? [flags] : []), sources.join(between), to].join(" ");
  }

  /** White space between words, which may go on in the next line. */
  #between(white: string): string {
    const random = this.#random;
    return random.chance(0.15)
      ? ` ${this.#escape}${random.pick(["", " "])}\n${random.pick(["", "# note\n", "\n", "  ", "  # note\n\n"])}  `
      : white;
  }

  #path(): string {
    const random = this.#random;
    const plain = (): string =>
      random.pick([
        ...["a", "b/c", "./d", "/e", "src", "dist/", "x.*", "src/*.js", "..", "."],
        ...["a[bc]", "s?c", "src/../k", "a//b/", "../up", `"two words/a"`, `two${this.#escape} words/b`, "'it'\"s\""],
      ]);
    if (random.chance(0.4)) return plain();
    const part = (): string =>
      random.pick([
        () => this.#reference(true),
        () => this.#quoted(random.pick(["a", "b", "p"])),
        () => random.pick(["a", "-", "./b/", "é"]),
      ])();
    return `p${random.times(0, 2, part).join("")}${random.pick(["", "/x", "/$A"])}`;
  }

  #quoted(value: string): string {
    const random = this.#random;
    return random.pick([value, value, `"${value}"`, `'${value}'`, value === "" ? '""' : `${this.#escape}${value}`]);
  }

  #reference(isDeep: boolean): string {
    const random = this.#random;
    const name = random.pick(names);
    const word = (): string =>
      isDeep && random.chance(0.2) ? this.#reference(false) : random.pick(["w", "", "a", "/w", '"q"', "'$A'"]);
    return random.pick([
      () => `$${name}`,
      () => `\${${name}}`,
      () => `\${${name}${random.pick([":-", ":+", ...(this.isFirst ? [] : ["-", "+"])])}${word()}}`,
      () => `${this.#escape}$${name}`,
      () => `"$${name}${random.pick(["", "s'"])}"`,
      ...(this.isFirst ? [] : this.#cuts(name)),
    ])();
  }

  /** Forms of newer builders. */
  #cuts(name: string): (() => string)[] {
    const random = this.#random;
    return [
      () => `\${${name}${random.pick(["#", "##", "%", "%%"])}${random.pick(patterns)}}`,
      () =>
        `\${${name}${random.pick(["/", "//"])}${random.pick(["a", "*.", "?", "\\/", "b*", "."])}/` +
        `${random.pick(["", "r", "$A"])}}`,
    ];
  }

  #copyFrom(): string {
    const random = this.#random;
    const to = `/d${this.#folders++}/`;
    const index = this.#stages.length;
    const named = this.#stages.flatMap(({ name }) => name ?? []);
    const choices = [...named, ...(index > 0 ? [String(random.below(index)), `0${random.below(index)}`] : [])];
    if (choices.length === 0 || random.chance(0.2)) return `COPY --from=${image} / ${to}`;
    const from = random.pick(choices);
    return `COPY --from=${random.pick([from, from, `"${from}"`, from.toUpperCase()])} / ${to}`;
  }

  #heredoc(): string {
    const random = this.#random;
    const to = `/d${this.#folders++}/`;
    return random.pick([
      () => `COPY <<EOF /h${this.#folders}\nCOPY no /no\nEOF`,
      () => `COPY <<E"O"F <<-'B' ${this.#path()} ${to}\nFROM no\nEOF\n\tB`,
      () => `ADD <<-"EOF" ${to}\n$A\n\tEOF`,
      () => `COPY <<a.txt <<b.txt ${to}\n1\na.txt\n\nb.txt`,
    ])();
  }

  #run(): string {
    const random = this.#random;
    const mount = (i: number): string => {
      const to = `target=/m${i}`;
      const written = random.pick([
        () => [
          `type=${random.pick(["bind", "BIND", "bind"])}`,
          `source=${random.pick(["a", "src", this.isFirst ? "m" : "${A:-m}", "b/c"])}`,
          to,
        ],
        () => [`src=${random.pick(["a", "q", "./r/", "/t"])}`, `dst=/m${i}`, ...(random.chance(0.3) ? ["rw"] : [])],
        () => ["type=cache", to, ...(random.chance(0.3) ? ["id=$A", "sharing=locked"] : [])],
        () => ["type=tmpfs", to],
        () => [
          `type=${random.pick(["secret", "SECRET"])}`,
          `${random.pick(["id", "ID"])}=${random.pick(["s1", "s2", this.isFirst ? "s3" : "${A:-s3}", "q"])}`,
          ...(random.chance(0.3) ? ["required"] : []),
          ...(random.chance(0.3) ? ["mode=0400", "uid=1"] : []),
        ],
        () => ["type=secret", `src=${random.pick(["t1", "t2"])}`, to, "required=true"],
        () => ["type=secret", `target=/run/secrets/u${random.below(3)}`],
        () => [
          "type=ssh",
          ...(random.chance(0.5) ? [`id=${random.pick(["k", this.isFirst ? "l" : "$A", "default"])}`] : []),
        ],
        () => ["type=bind", `from=${random.pick([image, ...this.#stages.flatMap(({ name }) => name ?? [])])}`, to],
      ])();
      return random.chance(0.1)
        ? `--mount='${written.map((field) => `"${field.replaceAll("\\", "").replaceAll('"', '""')}"`).join(",")}'`
        : `--mount=${written.join(",")}`;
    };
    const mounts = random.times(0, 3, () => 0).map((_, i) => mount(i));
    return [
      random.pick(["RUN", "run"]),
      ...mounts,
      random.pick([
        "true",
        '["true"]',
        ...(this.isFirst ? [] : ["<<EOF\nCOPY no /no\ntrue\nEOF", "cat <<EOF >/dev/null\nFROM no\nEOF"]),
      ]),
    ].join(random.chance(0.15) ? ` ${this.#escape}\n  ` : " ");
  }
}
