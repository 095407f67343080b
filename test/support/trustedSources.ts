import type { SourceRequest } from "../../src/core/base/sourceConsent";
import { TrustedSources } from "../../src/vscode/consent/trustedSources";
import { Secrets } from "../../src/vscode/platform/secrets";
import { memoryMemento, memorySecrets } from "./memento";

/** Trusted sources in memory, with what was asked; nobody agrees to anything unless `answer` does. */
export function trustedSources(
  secrets = new Secrets(memorySecrets()),
  answer: (request: SourceRequest) => boolean | Promise<boolean> = () => false,
  folder = "/workspace",
): TrustedSources & { readonly questions: readonly SourceRequest[] } {
  const questions: SourceRequest[] = [];
  const ask = async (request: SourceRequest): Promise<boolean> => {
    questions.push(request);
    return answer(request);
  };
  return Object.assign(
    new TrustedSources({
      secrets,
      state: memoryMemento(),
      ask,
      isOfWorkspace: (path) => path.startsWith(`${folder}/`),
    }),
    { questions },
  );
}
