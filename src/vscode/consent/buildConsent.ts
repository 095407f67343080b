import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { requesterOf } from "../../core/consent/requests";
import type { Requester, SourceConsent } from "../../core/base/sourceConsent";
import type { BuildAnswers } from "../platform/memory";
import { buildSettings, engineSettings, settingOrigin } from "../platform/settings";

/** Inputs of a build that name its secrets, keys, and contexts. */
export interface BuildNames {
  readonly answers: BuildAnswers;
  readonly builder: Component;
  /** Names of secrets in an image spec, by the id that they have in the build. */
  readonly specSecrets?: ReadonlyMap<string, string>;
}

/**
 * Creates the consent for one build, which confirms each source for its actual requester: the person, the workspace
 * settings, an image spec, or a program.
 */
export function buildConsent(consent: SourceConsent, names: BuildNames): SourceConsent {
  // If the workspace selects the daemon or builder, it is the requester of the person's own sources too, because they
  // are sent there.
  const chooser = engineSettings().requestedBy ?? (names.builder.from && requesterOf(names.builder));
  return {
    confirm({ source, destination, requestedBy }, signal) {
      const named = namedBy(requestedBy, names);
      return consent.confirm(
        {
          source,
          destination,
          requestedBy: named.from === undefined && destination.kind !== "image" ? (chooser ?? named) : named,
        },
        signal,
      );
    },
  };
}

function namedBy(
  asked: Requester,
  { answers: { folder, spec, options, calledBy }, specSecrets }: BuildNames,
): Requester {
  const { kind, name } = asked;
  if (kind === "setting") {
    const from = settingOrigin(name, vscode.Uri.file(spec ?? folder));
    return { kind, name: `imageBuilders.${name}`, ...(from && { from }) };
  }
  if (kind !== "buildSecret" && kind !== "buildSsh" && kind !== "buildContext") return asked;
  const given = { buildSecret: options.secrets, buildSsh: options.ssh, buildContext: options.buildContexts }[kind];
  const specName = kind === "buildSecret" ? specSecrets?.get(name) : undefined;
  if (specName === undefined && given && Object.hasOwn(given, name))
    return { kind, name, ...(calledBy !== undefined && { from: "program", place: calledBy }) };
  const { secrets, ssh, buildContexts, shared } = buildSettings(spec ?? folder);
  const [known, theirs] = {
    buildSecret: [secrets, shared.secrets] as const,
    buildSsh: [ssh, shared.ssh] as const,
    buildContext: [buildContexts, shared.buildContexts] as const,
  }[kind];
  const id = specName ?? name;
  if (Object.hasOwn(known, id)) return { kind, name: id, ...(theirs.has(id) && { from: "workspace" }) };
  return { kind, name: id, from: "file", place: vscode.workspace.asRelativePath(spec ?? folder) };
}
