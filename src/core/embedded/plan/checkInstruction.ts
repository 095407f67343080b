import { heredocMark } from "../../dockerfile/heredoc";
import type { Instruction } from "../../dockerfile/instruction";
import { splitQuoted } from "../../dockerfile/words";

/** Flags of an instruction: `text` requires a value, `list` may be repeated. */
type Flags = Readonly<Record<string, "text" | "switch" | "list">>;

const none: Flags = {};
const copyFlags: Flags = { chown: "text", chmod: "text", link: "switch", exclude: "list" };
const flagsOf: Readonly<Record<string, Flags>> = {
  FROM: { platform: "text" },
  COPY: { ...copyFlags, from: "text" },
  ADD: { ...copyFlags, unpack: "switch" },
  HEALTHCHECK: { interval: "text", timeout: "text", "start-period": "text", "start-interval": "text", retries: "text" },
  ARG: none,
  CMD: none,
  ENTRYPOINT: none,
  ENV: none,
  EXPOSE: none,
  LABEL: none,
  MAINTAINER: none,
  ONBUILD: none,
  SHELL: none,
  STOPSIGNAL: none,
  USER: none,
  VOLUME: none,
  WORKDIR: none,
};
const needContent = new Set(["ARG", "ENV", "EXPOSE", "LABEL", "MAINTAINER", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"]);
const notTriggers = new Set(["ONBUILD", "FROM", "MAINTAINER"]);

/** Returns why an instruction is left to BuildKit, which may refuse it; undefined if it runs nothing. */
export function checkInstruction(instruction: Instruction, escape: string): string | undefined {
  const { keyword } = instruction;
  if (keyword === "RUN") return undefined;
  const flags = Object.hasOwn(flagsOf, keyword) ? flagsOf[keyword] : undefined;
  if (!flags) return `unknown instruction "${keyword.slice(0, 40)}"`;
  if (instruction.documents.some(({ isEnded }) => !isEnded)) return "a here-document without an end";
  return checkFlags(instruction, flags) ?? checkContent(instruction, escape);
}

function checkFlags(instruction: Instruction, known: Flags): string | undefined {
  const seen = new Set<string>();
  for (const { name, value } of instruction.flags) {
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    // The reader does not tell capitals, which BuildKit does not know.
    if (!kind || !instruction.text.includes(`--${name}`)) return `--${name.slice(0, 40)}`;
    if (seen.has(name) && kind !== "list") return `a second --${name}`;
    if (kind === "switch" ? !/^(?:true|false)$/i.test(value ?? "true") : value === undefined)
      return `an invalid value of --${name}`;
    seen.add(name);
  }
  return undefined;
}

function checkContent(instruction: Instruction, escape: string): string | undefined {
  const { keyword, content, words, trigger } = instruction;
  if (needContent.has(keyword) && content === "") return `${keyword} without a value`;
  switch (keyword) {
    case "FROM":
      return checkFrom(instruction);
    case "COPY":
    case "ADD":
      return checkCopy(instruction);
    case "ENV":
    case "LABEL":
      return checkPairs(instruction, escape);
    case "ARG":
      return splitQuoted(content, escape).some((word) => word.startsWith("=")) ? "ARG without a name" : undefined;
    case "SHELL":
      return instruction.json && words.length > 0 ? undefined : "SHELL without a list";
    case "ONBUILD":
      if (!trigger || notTriggers.has(trigger.keyword)) return "ONBUILD without an instruction";
      // Checked where it is used; one that can't be used is refused immediately.
      return undefined;
    default:
      return undefined;
  }
}

function checkFrom({ words }: Instruction): string | undefined {
  const [, as, name] = words;
  if (words.length === 1) return undefined;
  const isNamed = words.length === 3 && as?.text.toLowerCase() === "as";
  return isNamed && /^[a-z][a-z0-9_.-]*$/.test(name?.text.toLowerCase() ?? "")
    ? undefined
    : "FROM with an invalid name";
}

function checkCopy(instruction: Instruction): string | undefined {
  const { keyword, words } = instruction;
  const destination = words.at(-1)?.text;
  if (words.length < 2 || destination === undefined) return `${keyword} without a destination`;
  if (heredocMark(destination)) return `${keyword} into a here-document`;
  if (instruction.json && words.some(({ text }) => heredocMark(text))) return "a here-document in a list";
  if (keyword === "COPY" && (instruction.flag("from")?.value ?? "").includes("$")) return "--from with a variable";
  return instruction.sources.some(({ text }) => isRemote(text)) ? `${keyword} of a URL or repository` : undefined;
}

/** Wider than BuildKit, which takes some of these for paths. */
export function isRemote(source: string): boolean {
  return /:\/\//.test(source) || /^[\w.-]+@[\w.-]+:/.test(source) || /^github\.com\//.test(source);
}

function checkPairs({ keyword, content }: Instruction, escape: string): string | undefined {
  const words = splitQuoted(content, escape);
  const isOld = words[0]?.includes("=") === false;
  const isWhole = isOld ? words.length > 1 : words.every((word) => word.indexOf("=") > 0);
  return isWhole ? undefined : `${keyword} without a value`;
}
