import type { Component } from "../../../src/core/base/component";
import { at } from "../../support/namespace/realNames";
import { registry } from "./realNamesAccounts";

/** Each registry that takes a push, and where its login comes from. */
export const pushes: readonly (readonly [
  name: keyof typeof at,
  component: Component,
  repository: string,
  source: RegExp,
])[] = [
  ["plain", registry("default", at.plain), "app", /without credentials/],
  [
    "password",
    registry("default", at.password, { configuration: { authenticationSecret: "registry" } }),
    "app",
    /from the stored password "registry"/,
  ],
  ["hub", registry("dockerhub", "docker.io/team"), "team/app", /from Docker config/],
  ["hub", registry("dockerhub", "docker.io/team", { connector: "hub" }), "team/app", /from the connector "hub"/],
  ["hub", registry("dockerhub", "https://index.docker.io/team"), "team/app", /from Docker config/],
  ["github", registry("github", `${at.github}/team`), "team/app", /from credential helper "test"/],
  ["azure", registry("azure", at.azure, { connector: "azure" }), "app", /from the connector "azure"/],
  ["azure", registry("azure", at.azure, { connector: "principal" }), "app", /from the connector "principal"/],
  [
    "google",
    registry("gcp", `${at.google}/my-project/repo`, { connector: "google" }),
    "my-project/repo/app",
    /from the connector "google"/,
  ],
  [
    "amazon",
    registry("aws", at.amazon, { connector: "amazon", configuration: { createMissingRepositories: true } }),
    "team/app",
    /from the connector "amazon"/,
  ],
  ["hub", registry("dockerhub", "team", { connector: "hub" }), "team/app", /from the connector "hub"/],
  ["azureGov", registry("azure", at.azureGov, { connector: "machine" }), "app", /from the connector "machine"/],
  ["azureStrict", registry("azure", at.azureStrict, { connector: "machine" }), "app", /from the connector "machine"/],
  [
    "googleOld",
    registry("gcp", `${at.googleOld}/example.com:my-project`, { connector: "google" }),
    "example.com/my-project/app",
    /from the connector "google"/,
  ],
  [
    "amazonOther",
    registry("aws", at.amazonOther, {
      connector: "amazon",
      configuration: { createMissingRepositories: true },
    }),
    "team/app",
    /from the connector "amazon"/,
  ],
  ["far", registry("default", at.far), "app", /without credentials/],
];
