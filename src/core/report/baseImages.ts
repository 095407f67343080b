import { contextName } from "../base/imageReference";
import type { BuildInputs } from "./inputsRecord";
import type { BuildReport, ReportStep } from "./reportRecord";

/** Build whose steps are compared: its report and, for a build with BuildKit, its inputs. */
export interface ComparedBuild {
  readonly report: BuildReport;
  readonly inputs?: BuildInputs;
}

const from = /^(?:\[[^\]]*\] )?FROM (\S+)/;

/** Whether a step is an image that stages are based on. */
export function isImage(step: ReportStep | undefined): boolean {
  return step !== undefined && step.inputs.length === 0 && from.test(step.name);
}

/** Returns the name of the image of a FROM, without its digest. */
export function imageOf({ name }: ReportStep): string {
  return from.exec(name)?.[1]?.split("@")[0] ?? "";
}

/** Returns the digests of an image in both builds; undefined unless both are known, and of the same kind. */
export function digestsOf(
  image: string,
  now: ComparedBuild,
  earlier: ComparedBuild,
): { readonly before: string; readonly now: string } | undefined {
  const [one, other] = [digestInStep(now, image), digestInStep(earlier, image)];
  // A digest in the name of a step is of the manifest, and an ID of the daemon may be of the configuration.
  if (one === undefined && other === undefined && stepOf(now, image) && stepOf(earlier, image)) {
    const [id, idBefore] = [idOf(now, image), idOf(earlier, image)];
    return id === undefined || idBefore === undefined ? undefined : { now: id, before: idBefore };
  }
  return one === undefined || other === undefined ? undefined : { now: one, before: other };
}

function stepOf({ report }: ComparedBuild, image: string): ReportStep | undefined {
  return report.steps.find((each) => isImage(each) && imageOf(each) === image);
}

/** Returns the digest that BuildKit resolved an image to. */
function digestInStep(build: ComparedBuild, image: string): string | undefined {
  return from.exec(stepOf(build, image)?.name ?? "")?.[1]?.split("@")[1];
}

/** Returns the ID of an image that the daemon had. */
function idOf({ inputs }: ComparedBuild, image: string): string | undefined {
  return inputs?.bases.find(({ name }) => contextName(name) === contextName(image))?.id;
}
