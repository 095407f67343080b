import { checkAnyText, checkLine, checkList, checkText, definitionInvalid, describe } from "./check";
import type { LayerOf } from "./layers";
import { checkNoCredential } from "./pipOptions";

/** A command as Docker takes it: its words, or a text for the shell `/bin/sh`. */
export type RunCommand = string | readonly string[];

/** A port, `<port>[-<port>][/tcp|udp|sctp]`. */
export type Port = number | string;

/** Names and texts. */
export type Texts = Readonly<Record<string, string>>;

const user = /^[A-Za-z0-9_][\w.-]{0,63}(?::[A-Za-z0-9_][\w.-]{0,63})?$/;
const portRange = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(?:tcp|udp|sctp))?$/;

/** The layer of `withUser`. All functions of this file throw ImageBuilderError `imageInvalid`, naming the method. */
export function runUserLayer(name: string): LayerOf<"runUser"> {
  const where = "withUser";
  const text = checkLine(where, "the user", typeof name === "number" ? String(name) : name);
  if (!user.test(text))
    throw definitionInvalid(
      where,
      `"${text}" is not a valid user. Use a name or a number, optionally with a group, such as "app" or "1000:1000".`,
    );
  return { kind: "runUser", user: text };
}

/** The layer of `withEntrypoint`. */
export function entrypointLayer(command: RunCommand): LayerOf<"entrypoint"> {
  return { kind: "entrypoint", command: wordsOf("withEntrypoint", command) };
}

/** The layer of `withCmd`. */
export function cmdLayer(command: RunCommand): LayerOf<"cmd"> {
  return { kind: "cmd", command: wordsOf("withCmd", command) };
}

/** The layer of `withExpose`. */
export function exposeLayer(ports: Port | readonly Port[]): LayerOf<"expose"> {
  const where = "withExpose";
  const list = typeof ports === "number" ? [ports] : checkList(where, "the ports", ports);
  const checked = list.map((each) => {
    const text = typeof each === "number" ? String(each) : checkLine(where, "a port", each);
    const [, from, to = from] = portRange.exec(text) ?? [];
    const isPort = from !== undefined && Number(from) >= 1 && Number(from) <= Number(to) && Number(to) <= 65_535;
    if (!isPort)
      throw definitionInvalid(
        where,
        `"${text}" is not a valid port. Use a number from 1 to 65535, such as "8080/tcp".`,
      );
    return text;
  });
  return { kind: "expose", ports: [...new Set(checked)] };
}

/** The layer of `withLabels`. */
export function labelsLayer(labels: Texts): LayerOf<"labels"> {
  const where = "withLabels";
  return { kind: "labels", labels: pairsOf(where, "label", labels, /^[A-Za-z0-9_][\w./-]*$/) };
}

/** The layer of `withBuildArgs`. */
export function buildArgsLayer(buildArgs: Texts): LayerOf<"buildArgs"> {
  return { kind: "buildArgs", args: buildArgumentsOf("withBuildArgs", buildArgs) };
}

/** Checks build arguments, which stay in the image's history. */
export function buildArgumentsOf(where: string, buildArgs: Texts): readonly (readonly [string, string])[] {
  return pairsOf(where, "build argument", buildArgs, /^[A-Za-z_]\w*$/);
}

function wordsOf(where: string, command: RunCommand): string[] {
  const what = "the command";
  const words =
    typeof command === "string"
      ? ["/bin/sh", "-c", checkText(where, what, command)]
      : checkList(where, what, command).map((each) => checkAnyText(where, "a word of the command", each));
  return words.map((each) => checkNoCredential(where, what, each));
}

function pairsOf(where: string, what: string, pairs: Texts, name: RegExp): (readonly [string, string])[] {
  // A Map has no entries that an object has.
  if (Object.prototype.toString.call(pairs) !== "[object Object]")
    throw definitionInvalid(where, `the ${what}s are ${describe(pairs)}. Use an object such as { NAME: "value" }.`);
  return Object.entries(pairs).map(([key, value]) => {
    if (!name.test(key)) throw definitionInvalid(where, `"${key}" is not a valid name of a ${what}. Rename it.`);
    return [key, checkNoCredential(where, `the value of ${key}`, checkAnyText(where, `the value of ${key}`, value))];
  });
}
