import { given } from "./engine";

/** Runs the builds of a suite on an engine of the newest release. */
export function useNewestEngine(): void {
  const usual = process.env.DOCKER_HOST;
  before(() => {
    process.env.DOCKER_HOST = given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST");
  });
  after(() => {
    process.env.DOCKER_HOST = usual;
  });
}
