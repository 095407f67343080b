import { given } from "./engine";

/** Has the builds of a suite go to an engine of the newest release, for what older ones have not. */
export function useNewestEngine(): void {
  const usual = process.env.DOCKER_HOST;
  before(() => {
    process.env.DOCKER_HOST = given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST");
  });
  after(() => {
    process.env.DOCKER_HOST = usual;
  });
}
