import * as vscode from "vscode";
import { ImageBuilderError, messageOf, type ErrorCode } from "../../core/base/errors";
import { isImageOfRegistry } from "../../core/base/imageReference";
import { refusedImageIn } from "../../core/base/imageRefusal";
import { mayNeedLogin } from "../../core/distribution/nextStep";
import { manageWorkspaceTrust } from "../platform/manageWorkspaceTrust";
import { componentSettings } from "../settings/componentSettings";
import type { BuildNode } from "./buildNode";
import { openLocation } from "./buildDiagnostics";
import type { WithLogs } from "./buildLogs";
import { openSettings, openWords, remediesForDenial, type Button } from "./denialRemedies";
import type { Build } from "./history/build";
import type { WithBuilds } from "./builds";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithLog } from "../platform/host";
import { showErrorMessage } from "../ui/messages";

type FailureServices = WithBuilds & WithLog & WithLogs & WithTrusted;

/** Shows an error, with buttons for possible remedies, to a person who ran a command. A cancellation is silent. */
export async function showFailure(services: FailureServices, error: unknown): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const buttons = buttonsFor(services, error);
  const chosen = await showErrorMessage(messageOf(error), ...buttons);
  await chosen?.act();
}

function buttonsFor(services: FailureServices, error: unknown): Button[] {
  const build = services.builds.list.find(({ state }) => state.kind === "failed" && state.error === error);
  const showLog: Button = {
    title: vscode.l10n.t("Show Log"),
    act: () => (build ? services.logs.show(build) : services.log.show(true)),
  };
  const remedies = ImageBuilderError.is(error)
    ? [...remediesFor(services, error, build), ...loginButtons(error, build?.answers.registry)]
    : [];
  return [...remedies, ...(build?.canPushAgain ? [pushAgainButton(build)] : []), showLog];
}

function pushAgainButton(build: Build): Button {
  return {
    title: vscode.l10n.t("Push Again"),
    act: () => vscode.commands.executeCommand("imageBuilders.pushAgain", { kind: "build", build } satisfies BuildNode),
  };
}

/**
 * Where a registry refused an image, and another login may help: sets it at once, for a registry of the settings in the
 * way in which it gets its login, else by adding the registry.
 */
function loginButtons(error: ImageBuilderError, registryName: string | undefined): Button[] {
  const imageName = refusedImageIn(error);
  if (imageName === undefined || !mayNeedLogin(error)) return [];
  const { components } = componentSettings("container_registry");
  const component =
    components.find(
      ({ name, configuration }) => name === registryName && isImageOfRegistry(configuration["uri"], imageName),
    ) ?? components.find(({ configuration }) => isImageOfRegistry(configuration["uri"], imageName));
  if (!component)
    return [
      {
        title: vscode.l10n.t("Add Registry..."),
        act: () => vscode.commands.executeCommand("imageBuilders.addRegistry"),
      },
    ];
  const target = { kind: "component", component };
  return [
    {
      title: vscode.l10n.t("Sign In..."),
      act: () => vscode.commands.executeCommand("imageBuilders.setRegistryPassword", target),
    },
    {
      title: vscode.l10n.t("Check Credentials"),
      act: () => vscode.commands.executeCommand("imageBuilders.checkCredentials", target),
    },
  ];
}

/** Buttons for a build whose local daemon can't be used. */
function daemonButtons(build: Build | undefined): Button[] {
  const { components } = componentSettings("image_builder");
  if (!build || components.find(({ name }) => name === build.answers.builder)?.flavor !== "local") return [];
  return [
    {
      title: vscode.l10n.t("Retry"),
      act: () =>
        vscode.commands.executeCommand("imageBuilders.rebuildImage", { kind: "build", build } satisfies BuildNode),
    },
    { ...openSettings("imageBuilders.dockerHost"), title: vscode.l10n.t("Set Docker Host...") },
    {
      title: vscode.l10n.t("Use Another Builder..."),
      act: () => vscode.commands.executeCommand("imageBuilders.registerImageBuilder"),
    },
  ];
}

/** Errors that are fixed in the settings. */
const inSettings: readonly ErrorCode[] = [
  "configurationInvalid",
  "connectorInvalid",
  "connectorUnknown",
  "dockerContextInvalid",
  "flavorUnknown",
];

function remediesFor(services: FailureServices, error: ImageBuilderError, build: Build | undefined): Button[] {
  const buttons: Button[] = [];
  const { location, code } = error;
  if (location) buttons.push({ title: openWords(vscode.Uri.file(location.file)), act: () => openLocation(location) });
  if (code === "workspaceUntrusted")
    return [
      {
        title: vscode.l10n.t("Manage Workspace Trust"),
        act: manageWorkspaceTrust,
      },
    ];
  if (code === "sourceNotConfirmed") buttons.push(...remediesForDenial(services, error, build));
  if (/^daemon(?:Unreachable|Denied)$/.test(code)) buttons.push(...daemonButtons(build));
  if (code === "secretUnavailable")
    buttons.push({
      title: vscode.l10n.t("New Secret..."),
      act: () => vscode.commands.executeCommand("imageBuilders.newSecret"),
    });
  if (code === "registryMissing")
    buttons.push({
      title: vscode.l10n.t("Add Registry..."),
      act: () => vscode.commands.executeCommand("imageBuilders.addRegistry"),
    });
  if (inSettings.includes(code)) buttons.push(openSettings("imageBuilders"));
  return buttons;
}
