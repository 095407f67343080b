import { page, registryError } from "../refusingRegistry";
import { all, beginsPush, everything, onlyPush, repositoryRequests, type Row } from "./row";

/** Registries that refuse what comes from elsewhere, or what is in front of them. */
export const networks: readonly Row[] = [
  {
    what: "refuses everybody before it asks for a login",
    auth: "none",
    login: "right",
    refused: everything,
    answer: registryError(403, "DENIED", "not from here"),
    told: all([
      "registryRefused",
      /doesn't accept the request to connect from this network \(DENIED: not from here\)/,
      "none",
    ]),
  },
  {
    what: "has a firewall (as ACR)",
    auth: "basic",
    login: "right",
    refused: everything,
    answer: registryError(
      403,
      "DENIED",
      "client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
    ),
    told: all([
      "registryRefused",
      /doesn't accept the request to .* from this network \(DENIED: client with IP.*firewall/,
      "none",
    ]),
  },
  {
    what: "is hidden behind a firewall's page",
    auth: "none",
    login: "right",
    refused: repositoryRequests,
    answer: page(403, "Access Denied by Example Firewall"),
    told: all([
      "registryRefused",
      /A web page answered the request to .* \(HTTP 403: Access Denied by Example Firewall\)/,
      "none",
    ]),
  },
  {
    what: "is hidden behind a proxy that takes only small layers",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: page(413, "413 Request Entity Too Large"),
    told: onlyPush([
      "registryRefused",
      /doesn't accept data of this size.*413 Request Entity Too Large.*Make the layers smaller/,
      "none",
    ]),
  },
  {
    what: "has a list of allowed networks, told as text",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: { status: 403, headers: { "content-type": "text/plain" }, body: "Your IP address is not allowed here" },
    told: all([
      "registryRefused",
      /doesn't accept the request to .* from this network \(Your IP address is not allowed/,
      "none",
    ]),
  },
  {
    what: "is hidden behind a firewall's page at once (as CloudFront's)",
    auth: "none",
    login: "right",
    refused: everything,
    answer: page(403, "ERROR: The request could not be satisfied"),
    told: all([
      "registryRefused",
      /A web page answered the request to .* \(HTTP 403: ERROR: The request could not be/,
      "none",
    ]),
  },
  {
    what: "may not tell for legal reasons",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(451, "UNKNOWN", "unavailable for legal reasons"),
    told: all(["registryRefused", /A rule of .* doesn't allow the request to .*unavailable for legal reasons/, "none"]),
  },
  {
    what: "lets no public network in (as ACR)",
    auth: "basic",
    login: "right",
    refused: everything,
    answer: registryError(
      403,
      "DENIED",
      "The registry registry.test does not allow public network access. Refer https://aka.ms/acr/privatelink",
    ),
    told: all(["registryRefused", /doesn't accept the request to .* from this network \(DENIED: The registry/, "none"]),
  },
  {
    what: "has a list of allowed addresses (as GitHub's)",
    auth: "token",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(
      403,
      "DENIED",
      "permission_denied: the `team` organization has an IP allow list enabled, and your IP address is not permitted " +
        "to access this resource.",
    ),
    told: all(["registryRefused", /doesn't accept the request to .* from this network .*IP allow list/, "none"]),
  },
  {
    what: "is hidden behind a service that blocks (as Cloudflare)",
    auth: "none",
    login: "none",
    refused: repositoryRequests,
    answer: { status: 403, headers: { "content-type": "text/plain; charset=UTF-8" }, body: "error code: 1020" },
    told: all(["registryRefused", /doesn't accept the request to .* from this network \(error code: 1020\)/, "none"]),
  },
  {
    what: "is found, and then a web page answers in its place",
    auth: "none",
    login: "none",
    refused: repositoryRequests,
    answer: page(200, "Internet Security"),
    told: all(["registryRefused", /A web page answered the request to .* \(HTTP 200: Internet Security\)/, "none"]),
  },
];
