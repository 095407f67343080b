import { askService, type Answer } from "../askService";
import type { ConnectorServices } from "../connectorType";
import { awsEndpoint, type AwsCredentials } from "./awsCredentials";
import { signedHeaders } from "./signature";

/** What is asked of ECR. */
export interface EcrQuestion {
  readonly action: "GetAuthorizationToken" | "DescribeRepositories" | "CreateRepository";
  readonly parameters?: Answer;
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly signal?: AbortSignal;
}

/**
 * Asks ECR's API.
 *
 * @throws ImageBuilderError `connectorFailed`, with ECR's own words
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
 */
export async function askEcr({ action, parameters = {}, region, credentials, signal }: EcrQuestion, services: ConnectorServices): Promise<Answer> {
  const url = awsEndpoint("api.ecr", region);
  const body = JSON.stringify(parameters);
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${action}` };
  return askService({ url, method: "POST", headers: signedHeaders({ url, service: "ecr", region, headers, body }, credentials), body, signal }, purposes[action], services);
}

const purposes = { GetAuthorizationToken: "sign in", DescribeRepositories: "list its repositories", CreateRepository: "create a repository" } as const;

/** A repository's name and address. */
export interface EcrRepository {
  readonly name: string;
  /** Host and path. */
  readonly uri: string;
}

/** All repositories of a registry, page after page. */
export async function ecrRepositories(question: Omit<EcrQuestion, "action" | "parameters">, registryId: string, services: ConnectorServices): Promise<EcrRepository[]> {
  const found: EcrRepository[] = [];
  for (let nextToken: unknown = undefined; ; ) {
    const answer = await askEcr({ ...question, action: "DescribeRepositories", parameters: { registryId, maxResults: 1000, ...(nextToken !== undefined && { nextToken }) } }, services);
    const repositories = (Array.isArray(answer["repositories"]) ? answer["repositories"] : []) as readonly Answer[];
    for (const { repositoryName, repositoryUri } of repositories) {
      if (typeof repositoryName === "string" && typeof repositoryUri === "string") found.push({ name: repositoryName, uri: repositoryUri });
    }
    nextToken = answer["nextToken"];
    if (typeof nextToken !== "string" || nextToken === "") return found;
  }
}
