import * as z from "zod";
import { readAnswer } from "../../border/readAnswer";
import { ImageBuilderError } from "../../base/errors";
import { answerBorder, isSuccess, sendAnyway, type ServiceFields } from "../askService";
import type { ConnectorServices } from "../connectorType";
import { awsEndpoint } from "./awsCredentials";
import { awsRefusal } from "./awsRefusal";
import type { EcrRegistry } from "../ecrRegistry";
import type { AwsCredentials } from "./providedCredentials";
import { signedHeaders } from "./signature";

/** Request to ECR. */
export interface EcrRequest {
  readonly action: "GetAuthorizationToken" | "DescribeRepositories" | "CreateRepository";
  readonly parameters?: ServiceFields;
  readonly registry: EcrRegistry;
  readonly credentials: AwsCredentials;
  /** Remedy for expired credentials, as a sentence. */
  readonly renewal?: string;
  readonly signal?: AbortSignal;
}

/** The APIs of the two kinds of registry, which have nearly the same actions. */
const services = {
  private: { host: "api.ecr", name: "ecr", target: "AmazonEC2ContainerRegistry_V20150921" },
  public: { host: "api.ecr-public", name: "ecr-public", target: "SpencerFrontendService" },
} as const;

/**
 * Asks ECR's API. It is below the domain of the registry's partition, and never below the registry's own host.
 *
 * @throws ImageBuilderError `connectorFailed` or `connectorExpired`, with ECR's own words
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
 */
export async function askEcr<Result>(
  { action, parameters = {}, registry, credentials, renewal, signal }: EcrRequest,
  schema: z.ZodType<Result>,
  connector: ConnectorServices,
): Promise<Result> {
  const { host, name: service, target } = services[registry.kind];
  const { region } = registry;
  const url = awsEndpoint(host, region);
  const body = JSON.stringify(parameters);
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `${target}.${action}` };
  const request = {
    url,
    method: "POST",
    headers: signedHeaders({ url, service, region, headers, body }, credentials),
    body,
    signal,
  };
  const purpose = purposes[action];
  const response = await sendAnyway(request, purpose, connector);
  if (!isSuccess(response)) throw awsRefusal(response, { host: url.host, purpose, renewal });
  return readAnswer(response.body, answerBorder(url.host, schema));
}

const purposes = {
  GetAuthorizationToken: "sign in",
  DescribeRepositories: "list its repositories",
  CreateRepository: "create a repository",
} as const;

/** Maximum number of pages of 1,000 repositories, more than an account may have. */
const maxPages = 200;

const pageSchema = z.looseObject({
  repositories: z.array(z.looseObject({ repositoryName: z.string(), repositoryUri: z.string() })).nullish(),
  nextToken: z.string().max(10_000).nullish(),
});

/**
 * Returns the paths of all repositories below the registry's host, page after page.
 *
 * @throws ImageBuilderError as `askEcr`, also for a list without an end
 */
export async function ecrRepositories(
  question: Omit<EcrRequest, "action" | "parameters">,
  connector: ConnectorServices,
): Promise<string[]> {
  const { registry } = question;
  const found: string[] = [];
  let nextToken: string | undefined;
  for (let pages = 0; pages < maxPages; pages++) {
    const parameters = { ...ownerOf(registry), maxResults: 1000, ...(nextToken !== undefined && { nextToken }) };
    const page = await askEcr({ ...question, action: "DescribeRepositories", parameters }, pageSchema, connector);
    for (const { repositoryName: name, repositoryUri: uri } of page.repositories ?? [])
      // Below ECR Public's host an account has a name of its own, which only the address tells.
      found.push(registry.kind === "public" ? uri.slice(uri.indexOf("/") + 1) : name);
    if (!page.nextToken) return found;
    nextToken = page.nextToken;
  }
  throw new ImageBuilderError("connectorFailed", "ECR returned too many pages of repositories. Try again later.");
}

/**
 * Makes a repository; of the answer nothing is needed.
 *
 * @param path below the registry's host
 */
export async function createEcrRepository(
  question: Omit<EcrRequest, "action" | "parameters">,
  path: string,
  connector: ConnectorServices,
): Promise<void> {
  const { registry } = question;
  const repositoryName = registry.kind === "public" ? path.slice(path.indexOf("/") + 1) : path;
  const parameters = { ...ownerOf(registry), repositoryName };
  await askEcr({ ...question, action: "CreateRepository", parameters }, z.looseObject({}), connector);
}

/** Names the account whose registry is meant, which may be another than that of the credentials. */
function ownerOf(registry: EcrRegistry): ServiceFields {
  return registry.kind === "private" ? { registryId: registry.account } : {};
}
