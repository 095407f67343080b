import { bundleExtension, bundleHostTests } from "./setup/bundle.mjs";
import { runMain } from "./setup/setUpError.mjs";
import { allOf } from "./setup/steps.mjs";

// What the launch configuration "Debug Host Tests" runs.
await runMain(async () => void (await allOf([bundleExtension(), bundleHostTests()])));
