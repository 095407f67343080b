import { ensureDependencies } from "./setup/dependencies.mjs";
import { runMain } from "./setup/setUpError.mjs";
import { runMocha } from "./test/runMocha.mjs";

/** Runs the fuzz of files and of streams at its whole volume, some 20 minutes. */
await runMain(async () => {
  await ensureDependencies();
  const { passed, failed } = await runMocha("thorough", ["test/unit/fuzz/**/*.test.ts"], {
    env: { IMAGE_BUILDERS_THOROUGH: "1" },
    limitMinutes: 180,
  });
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});
