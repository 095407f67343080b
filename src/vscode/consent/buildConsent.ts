import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { requesterOf } from "../../core/consent/requests";
import type { Requester, SourceConsent } from "../../core/base/sourceConsent";
import type { BuildAnswers } from "../platform/memory";
import { buildSettings, engineSettings, settingOrigin } from "../platform/settings";

/** What names the secrets, keys and contexts of a build. */
export interface BuildNames {
  readonly answers: BuildAnswers;
  readonly builder: Component;
  /** The secrets that an image spec names, by the id that the build knows them by. */
  readonly specSecrets?: ReadonlyMap<string, string>;
}

/**
 * Has the sources of one build confirmed in the name of whoever has named them: the person, the workspace's settings, a
 * spec, or a program.
 */
export function buildConsent(consent: SourceConsent, names: BuildNames): SourceConsent {
  // The person's own secrets, too, go where a workspace has chosen.
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
