import { checkAnyText, checkLine, checkList, checkOptions, checkText, definitionInvalid, describe } from "./check";
import type { EnvVariable, Layer, LayerOf } from "./layers";
import { checkNoCredential } from "./pipOptions";
import { secretsOf, type SecretArguments } from "./secret";
import { sshMountOf, type SshArguments } from "./sshMount";

/** A command as Docker takes it: its words, or a text for the shell `/bin/sh`. */
export type RunCommand = string | readonly string[];

/** A port, `<port>[-<port>][/tcp|udp|sctp]`. */
export type Port = number | string;

/** Names and texts. */
export type Texts = Readonly<Record<string, string>>;

const user = /^[A-Za-z0-9_][\w.-]{0,63}(?::[A-Za-z0-9_][\w.-]{0,63})?$/;
const portRange = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(?:tcp|udp|sctp))?$/;

/**
 * Creates the layer of `withUser`. All functions of this file throw ImageBuilderError `imageInvalid` with the method's
 * name.
 */
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

/** Creates the layer of `withEntrypoint`. */
export function entrypointLayer(command: RunCommand): LayerOf<"entrypoint"> {
  return { kind: "entrypoint", command: wordsOf("withEntrypoint", command) };
}

/** Creates the layer of `withCmd`. */
export function cmdLayer(command: RunCommand): LayerOf<"cmd"> {
  return { kind: "cmd", command: wordsOf("withCmd", command) };
}

/** Creates the layer of `withExpose`. */
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

/** Environment variables. `$NAME` is replaced only in a value of `expand`, with the value that NAME has then. */
export type EnvVars = Readonly<Record<string, string | { readonly expand: string }>>;

/** Creates the layer of `withEnvVars`. */
export function envVarsLayer(envVars: EnvVars): LayerOf<"envVars"> {
  const where = "withEnvVars";
  // Object.entries of a Map is empty, so its variables would be ignored silently.
  if (Object.prototype.toString.call(envVars) !== "[object Object]") {
    throw definitionInvalid(
      where,
      `the variables are ${describe(envVars)}. Use a plain object such as { NAME: "value" }.`,
    );
  }
  const variables = Object.entries(envVars).map(([name, value]): EnvVariable => {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
      throw definitionInvalid(
        where,
        `"${name}" is not a valid variable name. ` +
          'Start with a letter or "_", and use only letters, digits, "_", "." and "-".',
      );
    }
    const what = `the value of ${name}`;
    if (typeof value !== "object" || value === null) return [name, checkAnyText(where, what, value)];
    return [name, checkAnyText(where, what, checkOptions(where, value, ["expand"]).expand), "expand"];
  });
  return { kind: "envVars", variables };
}

/** Creates the layer of `withWorkdir`. */
export function workdirLayer(workdir: string): Layer {
  const where = "withWorkdir";
  const path = checkLine(where, "the working directory", workdir);
  if (!path.startsWith("/"))
    throw definitionInvalid(where, `"${path}" is not absolute. Start it with "/", such as "/app".`);
  return { kind: "workdir", path };
}

/** Options of `withCommands`. */
export type CommandArguments = SecretArguments & SshArguments;

/** Creates the layer of `withCommands`. */
export function commandsLayer(commands: string | readonly string[], options: CommandArguments): LayerOf<"commands"> {
  const where = "withCommands";
  const checked = checkList(where, "the commands", commands).map((each) => {
    const command = checkText(where, "a command", each);
    if (/^\s*RUN\s/.test(command))
      throw definitionInvalid(
        where,
        `the command "${command}" starts with RUN, which is added automatically. Remove RUN.`,
      );
    return command;
  });
  const { secretMounts, sshMount } = checkOptions(where, options, ["secretMounts", "sshMount"]);
  return {
    kind: "commands",
    commands: checked,
    secrets: secretsOf(where, secretMounts),
    ssh: sshMountOf(where, { sshMount }),
  };
}

/** Creates the layer of `withLabels`. */
export function labelsLayer(labels: Texts): LayerOf<"labels"> {
  const where = "withLabels";
  return { kind: "labels", labels: pairsOf(where, "label", labels, /^[A-Za-z0-9_][\w./-]*$/) };
}

/** Creates the layer of `withBuildArgs`. */
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
