import * as z from "zod";
import { ImageBuilderError } from "../../base/errors";
import { askService, type Answer } from "../askService";
import type { ConnectorServices } from "../connectorType";
import { awsEndpoint } from "./awsCredentials";
import type { AwsCredentials } from "./providedCredentials";
import { signedHeaders } from "./signature";

/** Request to ECR. */
export interface EcrQuestion {
  readonly action: "GetAuthorizationToken" | "DescribeRepositories" | "CreateRepository";
  readonly parameters?: Answer;
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly signal?: AbortSignal;
}

/**
 * Sends a request to ECR's API.
 *
 * @throws ImageBuilderError `connectorFailed`, with ECR's own message
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
 */
export async function askEcr<Result>(
  { action, parameters = {}, region, credentials, signal }: EcrQuestion,
  schema: z.ZodType<Result>,
  services: ConnectorServices,
): Promise<Result> {
  const url = awsEndpoint("api.ecr", region);
  const body = JSON.stringify(parameters);
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${action}`,
  };
  return askService(
    {
      url,
      method: "POST",
      headers: signedHeaders({ url, service: "ecr", region, headers, body }, credentials),
      body,
      signal,
    },
    purposes[action],
    schema,
    services,
  );
}

const purposes = {
  GetAuthorizationToken: "sign in",
  DescribeRepositories: "list its repositories",
  CreateRepository: "create a repository",
} as const;

/** Name and address of a repository. */
export interface EcrRepository {
  readonly name: string;
  /** Host and path, without a scheme. */
  readonly uri: string;
}

/** Maximum number of pages of 1,000 repositories, more than an account may have. */
const maxPages = 200;

const pageSchema = z.looseObject({
  repositories: z.array(z.looseObject({ repositoryName: z.string(), repositoryUri: z.string() })).nullish(),
  nextToken: z.string().max(10_000).nullish(),
});

/**
 * Lists all repositories of a registry.
 *
 * @throws ImageBuilderError like `askEcr`, and for an endless list
 */
export async function ecrRepositories(
  question: Omit<EcrQuestion, "action" | "parameters">,
  registryId: string,
  services: ConnectorServices,
): Promise<EcrRepository[]> {
  const found: EcrRepository[] = [];
  let nextToken: string | undefined;
  for (let pages = 0; pages < maxPages; pages++) {
    const parameters = { registryId, maxResults: 1000, ...(nextToken !== undefined && { nextToken }) };
    const page = await askEcr({ ...question, action: "DescribeRepositories", parameters }, pageSchema, services);
    for (const { repositoryName: name, repositoryUri: uri } of page.repositories ?? []) found.push({ name, uri });
    if (!page.nextToken) return found;
    nextToken = page.nextToken;
  }
  throw new ImageBuilderError("connectorFailed", "ECR returned too many pages of repositories. Try again later.");
}

/** Creates a repository. @throws ImageBuilderError like `askEcr` */
export async function createEcrRepository(
  question: Omit<EcrQuestion, "action" | "parameters">,
  parameters: Answer,
  services: ConnectorServices,
): Promise<void> {
  await askEcr({ ...question, action: "CreateRepository", parameters }, z.looseObject({}), services);
}
