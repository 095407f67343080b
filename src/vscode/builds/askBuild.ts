import type { BuildAnswers, WithMemory } from "../platform/memory";
import type { WithCore } from "../access/coreAccess";
import type { WithBuilds } from "./builds";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithLog } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";
import { buildSettings } from "../platform/settings";
import type { BuildStep, Draft } from "./buildDraft";
import { askBuilder, askRegistry } from "./askComponents";
import { askDockerfile } from "./askDockerfile";
import { askFolder } from "./askFolder";
import { askImageName } from "./askImageName";
import { ask } from "../ui/flow";

/**
 * Asks for the missing values of a build and remembers the answers for its folder.
 *
 * @returns undefined if a prompt was dismissed
 */
export async function askBuild(
  services: WithBuilds & WithCore & WithLog & WithMemory & WithSecrets & WithTrusted,
  start: Draft,
): Promise<BuildAnswers | undefined> {
  const steps: BuildStep[] = [
    askFolder,
    askDockerfile(services),
    askBuilder(services),
    askRegistry(services),
    askImageName(services),
  ];
  const draft = await ask(start, steps);
  if (!draft) return undefined;
  const { folder, dockerfile, builder, registry, imageName, options = {} } = draft;
  if (folder === undefined || dockerfile === undefined || builder === undefined || imageName === undefined)
    return undefined;
  const answers: BuildAnswers = { folder, dockerfile, builder, registry, imageName, options };
  // A name that equals the template is not stored, so that changes to the template apply. An export applies only once.
  await services.memory.keep({
    ...answers,
    options: { ...options, output: undefined },
    imageName: imageName === buildSettings(folder).tagTemplate ? undefined : imageName,
  });
  return answers;
}
