import { VsCode, type VsCodeOptions } from "../support/ui";

/** Files of a folder that can be built. */
export const hello = { Dockerfile: "FROM scratch\nCOPY hello.txt /\n", "hello.txt": "hello\n" };

/** Opens a window whose view is there. */
export async function openWindow(options: VsCodeOptions): Promise<VsCode> {
  const vsCode = await VsCode.open(options);
  // The palette does not offer a command that comes while it is open.
  await vsCode.workbench.openView("Image Builders");
  await vsCode.workbench.treeItem(/^local, (?!Connecting)/).waitFor();
  return vsCode;
}

/** Allows the daemon that the workspace names. */
export async function allowDaemon({ workbench }: VsCode): Promise<void> {
  await workbench.treeItem(/^local, not allowed yet/).waitFor();
  await workbench.treeItem("Review and allow local").click();
  await workbench
    .dialog(/Use the Docker daemon that this workspace specifies/)
    .getByRole("button", { name: "Allow" })
    .click();
}
