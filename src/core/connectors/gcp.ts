import * as z from "zod";
import { ImageBuilderError } from "../base/errors";
import { secretField } from "../config/configFields";
import { authMethod } from "../clouds/authMethod";
import type { AuthMethod, ConnectorType, LoginRequest, RegistryLogin } from "../clouds/connectorType";
import type { GoogleSignIn } from "../clouds/google/googleToken";
import { googleRegistry, isGoogleProject } from "../clouds/googleRegistry";

const projectId = z
  .string()
  .refine(isGoogleProject, { error: 'enter a project ID, such as "my-project" or "example.com:my-project"' })
  .optional()
  .meta({ description: "Project that contains the registries" });
const schema = <Fields extends z.ZodRawShape>(fields: Fields) => z.strictObject({ projectId, ...fields });
const keyFile = (description: string) => secretField({ plainText: "refused", description });

type ProjectConfig = z.infer<ReturnType<typeof schema<z.ZodRawShape>>> & { readonly projectId?: string };

/** Creates an authentication method for Google. */
function method<Config extends ProjectConfig>(
  parts: Pick<AuthMethod<Config>, "displayName" | "configSchema" | "isImplicit">,
  signIn: (config: Config) => GoogleSignIn,
): AuthMethod {
  return authMethod<Config>({
    ...parts,
    defaultId: (config) => config.projectId && `gcr.io/${config.projectId}`,
    login: (question) => login(question, signIn(question.config)),
  });
}

async function login(
  { resourceId, services, signal }: LoginRequest<object>,
  signIn: GoogleSignIn,
): Promise<RegistryLogin> {
  const registry = googleRegistry(resourceId);
  if (!registry) throw new ImageBuilderError("connectorInvalid", `"${resourceId}" is not a Google registry.`);
  const { googleToken } = await import("../clouds/google/googleToken");
  const { token, expiresAtMs } = await googleToken(signIn, services, signal);
  return {
    registry: registry.host,
    username: "oauth2accesstoken",
    password: token,
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  };
}

/** Connector type for Google's Artifact Registry and Container Registry. */
export const gcpConnector: ConnectorType = {
  name: "gcp",
  displayName: "Google Cloud",
  description: "Artifact Registry and Container Registry, with a Google account",
  resourceType: "docker-registry",
  isSingleInstance: false,
  canonicalId: (id, config) => googleRegistryId(id, (config as ProjectConfig).projectId),
  secretHost: () => "googleapis.com",
  authMethods: {
    implicit: method({ displayName: "Default credentials", configSchema: schema({}), isImplicit: true }, () => ({
      kind: "implicit",
    })),
    "user-account": method(
      {
        displayName: "User account",
        configSchema: schema({ userAccountJson: keyFile("User credentials JSON, as written by gcloud") }),
      },
      (config) => ({ kind: "json", text: config.userAccountJson }),
    ),
    "service-account": method(
      {
        displayName: "Service account",
        configSchema: schema({ serviceAccountJson: keyFile("Service account key, as JSON") }),
      },
      (config) => ({ kind: "json", text: config.serviceAccountJson }),
    ),
    "external-account": method(
      {
        displayName: "External account",
        configSchema: schema({ externalAccountJson: keyFile("Workload identity federation configuration, as JSON") }),
      },
      (config) => ({ kind: "json", text: config.externalAccountJson }),
    ),
    "oauth2-token": method(
      { displayName: "Access token", configSchema: schema({ token: keyFile("OAuth 2.0 access token") }) },
      (config) => ({ kind: "token", token: config.token }),
    ),
    impersonation: method(
      {
        displayName: "Service account impersonation",
        configSchema: schema({
          serviceAccountJson: keyFile("Key of the impersonating service account, as JSON"),
          targetPrincipal: z
            .string()
            .regex(/^[^@\s/]+@[^@\s/]+$/, { error: "enter the service account's email address" })
            .meta({ description: "Email address of the service account to impersonate" }),
        }),
      },
      (config) => ({ kind: "json", text: config.serviceAccountJson, impersonate: config.targetPrincipal }),
    ),
  },
};

/**
 * Converts an ID to `host/project[/repository]`; the host keeps its region, since each region has separate
 * repositories.
 */
function googleRegistryId(id: string, project: string | undefined): string {
  const registry = googleRegistry(id);
  if (!registry)
    throw new ImageBuilderError(
      "connectorInvalid",
      `"${id}" is not a Google registry. ` +
        'Use the form "europe-docker.pkg.dev/my-project/my-repository" or "gcr.io/my-project".',
    );
  if (project !== undefined && registry.project !== project) {
    throw new ImageBuilderError(
      "connectorInvalid",
      `"${id}" is in the project "${registry.project}", but the connector is for "${project}". ` +
        "Choose another connector.",
    );
  }
  return registry.id;
}
