import type { VsCode } from "../support/ui";
import { until } from "../support/until";

/** Types into the box at the top and accepts it; Enter is ignored while the box has not checked the text yet. */
export async function answer({ workbench, page }: VsCode, text: string): Promise<void> {
  const shown = async (): Promise<string> => (await workbench.quickInput().allInnerTexts()).join();
  await workbench.quickInput().locator("input[type=text], input[type=password]").first().fill(text);
  await page.waitForTimeout(200);
  const before = await shown();
  await page.keyboard.press("Enter");
  await until(async () => (await shown()) !== before, `"${text}" is accepted`);
}
