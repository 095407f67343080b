import { splitJson } from "../../dockerfile/words";
import type { Instruction } from "../../dockerfile/instruction";
import { trimSpace } from "../../base/goText";
import { ObstacleError } from "../plan/obstacle";
import type { StageVariables } from "../plan/variables";
import { exposedPorts } from "./exposedPorts";
import { goDuration, goQuote, goQuoteList, goQuoteNumber, parseGoDuration } from "./goFormat";
import type { Healthcheck, ImageState } from "./imageConfig";
import { isSignal } from "./signals";

/** Image that an instruction is applied to. */
export interface SettingPlace {
  readonly state: ImageState;
  readonly variables: StageVariables;
  /** Whether the stage itself has a CMD. */
  hasCommand: boolean;
}

type Apply = (instruction: Instruction, place: SettingPlace) => string | undefined;

/**
 * Carries out an instruction that only changes the configuration.
 *
 * @returns what the history tells; undefined for one that is not told
 * @throws ObstacleError
 */
export function applySetting(instruction: Instruction, place: SettingPlace): string | undefined {
  const apply = settings[instruction.keyword];
  if (!apply) throw new ObstacleError(`unknown instruction "${instruction.keyword}"`);
  return apply(instruction, place);
}

const settings: Readonly<Record<string, Apply>> = {
  ARG: (instruction, { variables }) => `ARG ${variables.declare(instruction)}`,
  ENV(instruction, { state, variables }) {
    const pairs = pairsOf(instruction, variables);
    for (const [name, value] of pairs) {
      variables.set(name, value);
      state.env = withVariable(state.env, name, value);
    }
    return `ENV ${pairs.map((pair) => pair.join("=")).join(" ")}`;
  },
  LABEL(instruction, { state, variables }) {
    const pairs = pairsOf(instruction, variables);
    state.labels ??= new Map();
    for (const [name, value] of pairs) state.labels.set(name, value);
    return `LABEL ${pairs.map((pair) => pair.join("=")).join(" ")}`;
  },
  MAINTAINER({ content }, { state }) {
    state.author = content;
    return `MAINTAINER ${content}`;
  },
  USER({ content }, { state, variables }) {
    state.user = variables.expand(content);
    return `USER ${state.user}`;
  },
  STOPSIGNAL({ content }, { state, variables }) {
    const signal = variables.expand(content);
    if (!isSignal(signal)) throw new ObstacleError("an unknown signal");
    state.stopSignal = signal;
    return `STOPSIGNAL ${signal}`;
  },
  EXPOSE({ words }, { state, variables }) {
    const written = words.map(({ text }) => text).sort(byBytes);
    const ports = exposedPorts(written.flatMap((word) => variables.expandToWords(word)));
    if (!ports) throw new ObstacleError("a port that only BuildKit reads");
    state.exposedPorts ??= new Set();
    for (const port of ports) state.exposedPorts.add(port);
    return `EXPOSE [${ports.join(" ")}]`;
  },
  VOLUME({ words }, { state, variables }) {
    const volumes = words.map(({ text }) => variables.expand(trimSpace(text)));
    if (volumes.length === 0 || volumes.includes("")) throw new ObstacleError("VOLUME without a path");
    state.volumes ??= new Set();
    for (const volume of volumes) state.volumes.add(volume);
    return `VOLUME [${volumes.join(" ")}]`;
  },
  SHELL({ words }, { state }) {
    state.shell = words.map(({ text }) => text);
    return `SHELL [${state.shell.join(" ")}]`;
  },
  CMD(instruction, place) {
    const command = commandOf(instruction, place.state);
    Object.assign(place.state, { cmd: command, argsEscaped: true });
    place.hasCommand = true;
    return `CMD ${goQuoteList(command)}`;
  },
  ENTRYPOINT(instruction, place) {
    const command = commandOf(instruction, place.state);
    place.state.entrypoint = command;
    if (!place.hasCommand) place.state.cmd = undefined;
    return `ENTRYPOINT ${goQuoteList(command)}`;
  },
  HEALTHCHECK(instruction, { state }) {
    state.healthcheck = healthcheckOf(instruction);
    return `HEALTHCHECK ${describeHealthcheck(state.healthcheck)}`;
  },
  ONBUILD({ trigger, documents }, { state }) {
    const text = [trigger?.text ?? "", ...documents.map(({ written, name }) => `${written}${name}`)].join("\n");
    state.onBuild = [...state.onBuild, text];
    return undefined;
  },
};

function pairsOf({ pairs }: Instruction, { expand }: StageVariables): (readonly [name: string, value: string])[] {
  return pairs.map(({ name, value }) => [expand(name), expand(value ?? "")] as const);
}

/** Returns the variables of an image with one more, or with another value. */
function withVariable(env: readonly string[], name: string, value: string): string[] {
  const at = env.findIndex((each) => (each.split("=", 1)[0] ?? "") === name);
  return at < 0 ? [...env, `${name}=${value}`] : env.with(at, `${name}=${value}`);
}

function commandOf({ json, content }: Instruction, { shell = [] }: ImageState): string[] {
  if (json) return json.map(({ text }) => text);
  return [...(shell.length > 0 ? shell : ["/bin/sh", "-c"]), content];
}

function healthcheckOf(instruction: Instruction): Healthcheck {
  const [, type = "", rest = ""] = /^(\S+)\s*([^]*)$/.exec(instruction.content) ?? [];
  if (type.toUpperCase() === "NONE") {
    if (rest !== "") throw new ObstacleError("HEALTHCHECK NONE with a command");
    return { Test: ["NONE"] };
  }
  if (type.toUpperCase() !== "CMD" || rest === "") throw new ObstacleError("HEALTHCHECK without a command");
  const json = splitJson(rest, 0)?.map(({ text }) => text);
  if (json?.length === 0) throw new ObstacleError("HEALTHCHECK without a command");
  const retries = instruction.flag("retries")?.value || "0";
  if (!/^\+?\d{1,9}$/.test(retries)) throw new ObstacleError("an invalid value of --retries");
  return {
    Test: json ? ["CMD", ...json] : ["CMD-SHELL", rest],
    Interval: timeOf(instruction, "interval"),
    Timeout: timeOf(instruction, "timeout"),
    StartPeriod: timeOf(instruction, "start-period"),
    StartInterval: timeOf(instruction, "start-interval"),
    Retries: Number(retries),
  };
}

const shortestTime = 1_000_000;

function timeOf(instruction: Instruction, flag: string): number {
  const value = instruction.flag(flag)?.value || "0";
  const time = parseGoDuration(value);
  if (time === undefined || (time > 0 && time < shortestTime)) throw new ObstacleError(`an invalid value of --${flag}`);
  return time;
}

function describeHealthcheck({ Test, Interval, Timeout, StartPeriod, StartInterval, Retries }: Healthcheck): string {
  const times = [Interval, Timeout, StartPeriod, StartInterval].map((time) => goQuote(goDuration(time ?? 0)));
  return `&{${[goQuoteList(Test ?? []), ...times, goQuoteNumber(Retries ?? 0)].join(" ")}}`;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
