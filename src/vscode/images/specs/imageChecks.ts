import * as vscode from "vscode";
import type { ImageCheck } from "../../../core/jobs/checkImage";

/** Results of checks, by the spec and the address of its image; a change of the image makes a result stale. */
export class ImageChecks implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  /** Fires with the spec whose image was checked. */
  readonly onDidChange = this.#changed.event;
  readonly #checks = new Map<string, { readonly imageUri: string; readonly check: ImageCheck }>();

  /** Keeps the result of a check until the window is closed. */
  keep(spec: vscode.Uri, imageUri: string, check: ImageCheck): void {
    this.#checks.set(spec.toString(), { imageUri, check });
    this.#changed.fire(spec);
  }

  /** Returns the result for a spec whose image has this address; undefined if it was not checked. */
  of(spec: vscode.Uri, imageUri: string): ImageCheck | undefined {
    const kept = this.#checks.get(spec.toString());
    return kept?.imageUri === imageUri ? kept.check : undefined;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** Services with the results of checks. */
export interface WithImageChecks {
  readonly imageChecks: ImageChecks;
}
