import type { BuildChoices } from "../../api/api";
import { contextSource, keptAddress, withoutLogins } from "../../core/base/contextSource";
import { isRecord } from "../../core/base/isRecord";

/** Answers as they may be kept on disk: addresses without their logins, which a person has to enter again. */
export function keptAnswers<Answers extends { readonly options?: BuildChoices }>(answers: Answers): Answers {
  const { options } = answers;
  if (!options) return answers;
  const { buildContexts = {}, buildArgs = {} } = options;
  return {
    ...answers,
    options: {
      ...(plain(options) as BuildChoices),
      ...(options.buildContexts && { buildContexts: mapped(buildContexts, (_name, text) => keptContext(text)) }),
      ...(options.buildArgs && { buildArgs: mapped(buildArgs, keptArgument) }),
    },
  };
}

function keptContext(text: string): string {
  const source = contextSource(text);
  return typeof source === "object" && source.kind === "remote" ? keptAddress(text) : withoutLogins(text);
}

/** A proxy may be written without its scheme. */
function keptArgument(name: string, value: string): string {
  return /_proxy$/i.test(name) && !value.includes("://") ? value.replace(/^[^/?#]*@/, "") : withoutLogins(value);
}

function plain(value: unknown): unknown {
  if (typeof value === "string") return withoutLogins(value);
  if (Array.isArray(value)) return value.map(plain);
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)])) : value;
}

/** A program may have handed in anything. */
function mapped(values: Readonly<Record<string, string>>, map: (name: string, value: string) => string) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? map(name, value) : value]),
  );
}
