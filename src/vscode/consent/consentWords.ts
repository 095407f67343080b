import * as vscode from "vscode";
import { shownAddress } from "../../core/base/contextSource";
import type { Destination, Requester, Source } from "../../core/base/sourceConsent";

/** Describes a source for a prompt. */
export function sourceText(source: Source): string {
  switch (source.kind) {
    case "secret":
      return vscode.l10n.t('stored secret "{0}" ({1})', source.name, source.keys.join(", "));
    case "environment":
      return vscode.l10n.t("environment variable {0}", source.name);
    case "file":
      return vscode.l10n.t("file {0}", source.path);
    case "folder":
      return vscode.l10n.t("folder {0} as a build context", source.path);
    case "outsideFiles":
      return vscode.l10n.t("files outside the workspace: {0}", source.paths.join(", "));
    case "outsideNames":
      return vscode.l10n.t("names of folders outside the workspace, in {0}", source.paths.join(", "));
    case "remoteContext":
      return vscode.l10n.t("content of {0}, which becomes part of the build", shownAddress(source.address));
    case "sshKey":
      return vscode.l10n.t("signatures with the private key {0}", source.path);
    case "sshAgent":
      return vscode.l10n.t("signatures with the keys of the SSH agent at {0}", source.socket);
    case "signIn":
      return source.profile === undefined
        ? vscode.l10n.t("this machine's credentials for {0}", source.cloud)
        : vscode.l10n.t('this machine\'s credentials for {0}, profile "{1}"', source.cloud, source.profile);
    case "insecureConnection":
      return vscode.l10n.t("requests and credentials without TLS, or with a certificate that isn't verified");
    case "builds":
      return vscode.l10n.t("builds: Dockerfiles, build contexts, build secrets, and registry credentials");
  }
}

/** Describes a destination for a prompt. */
export function destinationText(destination: Destination): string {
  switch (destination.kind) {
    case "host":
      return destination.registry === undefined
        ? destination.host
        : vscode.l10n.t("{0}, to sign in to {1}", destination.host, destination.registry);
    case "daemon":
      return vscode.l10n.t("Docker daemon at {0}", destination.address);
    case "build":
      return vscode.l10n.t("build of {0} at {1}", destination.folder, destination.address);
    case "flavor":
      return vscode.l10n.t('flavor "{0}" with {1}', destination.flavor, destination.configuration);
    case "image":
      return vscode.l10n.t("image {0}, which runs inside the build", destination.name);
    case "builtImage":
      return destination.registry === undefined
        ? vscode.l10n.t("image {0}, built at {1} and not pushed", destination.name, destination.address)
        : vscode.l10n.t("image {0}, built at {1}", `${destination.registry}/${destination.name}`, destination.address);
  }
}

/** Describes the requester and where it is defined, for a prompt. */
export function requesterText(requester: Requester): string {
  const what = namedText(requester);
  switch (requester.from) {
    case undefined:
      return what;
    case "workspace":
      return vscode.l10n.t("{0} in the workspace's settings", what);
    case "file":
      return vscode.l10n.t("{0} in {1}", what, requester.place ?? vscode.l10n.t("a workspace file"));
    case "program":
      return vscode.l10n.t(
        "{0} in a call to {1} by a task or an extension",
        what,
        requester.place ?? vscode.l10n.t("a command"),
      );
  }
}

function namedText({ kind, name }: Requester): string {
  switch (kind) {
    case "builder":
      return vscode.l10n.t('builder "{0}"', name);
    case "registry":
      return vscode.l10n.t('registry "{0}"', name);
    case "connector":
      return vscode.l10n.t('connector "{0}"', name);
    case "setting":
      return vscode.l10n.t('setting "{0}"', name);
    case "buildSecret":
      return vscode.l10n.t('build secret "{0}"', name);
    case "buildSsh":
      return vscode.l10n.t('SSH agent "{0}"', name);
    case "buildContext":
      return vscode.l10n.t('build context "{0}"', name);
    case "image":
      return vscode.l10n.t('image "{0}"', name);
  }
}

/** Describes the destination that a secret is bound to, from the text that `boundTo` returns. */
export function placeText(place: string): string {
  const [kind, ...rest] = place.split(" ");
  if (kind === "build")
    return rest.length === 0 ? vscode.l10n.t("builds on this machine") : vscode.l10n.t("builds at {0}", rest.join(" "));
  return kind === "flavor" ? vscode.l10n.t('flavor "{0}" at {1}', rest[0] ?? "", rest.slice(1).join(", ")) : place;
}
