import type { WithCore } from "../../access/coreAccess";
import type { PlannedImage } from "../../../core/image/plan/planImage";

/** Time limit of a preview for a registry, in milliseconds. */
const patienceMs = 3_000;

/** Time that an answer is kept, in milliseconds: tags move, and registries become available again. */
const keptMs = { known: 600_000, unknown: 60_000 };

interface KeptUser {
  /** Undefined if the registry did not answer. */
  readonly user: string | undefined;
  /** Time at which it expires, in milliseconds since 1970. */
  readonly until: number;
}

/** Finds the users that base images run as, for previews, which are made again with each change of a spec. */
export class BaseUsers {
  readonly #answers = new Map<string, KeptUser>();

  constructor(private readonly services: WithCore) {}

  /**
   * Returns the user that the Dockerfile of a planned image has to restore; empty for root, undefined if it is unknown.
   *
   * @throws the signal's reason
   */
  async userFor(plan: Pick<PlannedImage, "resolved">, signal: AbortSignal): Promise<string | undefined> {
    const { baseToRestore, baseUser } = await import("../../../core/jobs/baseUser");
    const base = baseToRestore(plan);
    if (base === undefined) return undefined;
    const known = this.#answers.get(base);
    if (known && known.until > Date.now()) return known.user;
    const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    let user: string | undefined;
    try {
      user = await baseUser(base, await this.services.core.get("quiet"), patience);
    } catch (error) {
      signal.throwIfAborted();
      if (!patience.aborted) throw error;
    }
    this.#answers.set(base, { user, until: Date.now() + keptMs[user === undefined ? "unknown" : "known"] });
    return user;
  }
}
