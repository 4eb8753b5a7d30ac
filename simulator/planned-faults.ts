/** Converts faults that are described as data into the simulator's own faults. */
import type {
  ErrorFault,
  FaultScopeInput,
  FramesFault,
  GarbleFault,
  PlannedFault,
  StorageRefusalFault,
} from "./fault-effects";
import type { FaultScope } from "./fault-rules";
import type { FailWith, GarbleWith, StorageFault } from "./fault-types";
import { SimulatorInputError } from "./input-error";
import { delayedBy, FRAME_FAULTS, type FrameTransform } from "./frame-faults";

/** The faults that last until they are removed, unless their scope says otherwise. All other faults hit once. */
const LASTING: ReadonlySet<PlannedFault["kind"]> = new Set([
  "latency",
  "transcriptLag",
  "halfOpen",
  "refuseSockets",
  "refuseSubscriptions",
]);

const GARBLED_PAGE = "<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>";

/** Returns a fault's scope, with the defaults for its kind. Throws a SimulatorInputError if the scope contradicts itself. */
export function scopeOf({ kind }: PlannedFault, { untilCleared, ...limits }: FaultScopeInput): FaultScope {
  if (untilCleared === true) {
    const other = (["times", "forMs"] as const).find((each) => limits[each] !== undefined);
    if (other !== undefined)
      throw new SimulatorInputError(
        "scope.untilCleared",
        `can't be combined with \`scope.${other}\`, which ends the fault. Remove one of them.`,
      );
  }
  const isLimited = [limits.times, limits.chance, limits.forMs].some((each) => each !== undefined);
  const lasts = untilCleared ?? (!isLimited && LASTING.has(kind));
  return lasts ? { times: Number.POSITIVE_INFINITY, ...limits } : limits;
}

export const garbleOf = ({ body }: GarbleFault): GarbleWith =>
  body === undefined
    ? { body: GARBLED_PAGE, contentType: "text/html" }
    : { body, contentType: "application/json" };

export function refusalOf({ status, from, retryAfterSeconds, message }: ErrorFault): FailWith {
  const common = { status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  if (from === "proxy" || from === "nobody") return { ...common, from };
  return { ...common, ...(message !== undefined && { message }), from: from ?? "service" };
}

export const transformOf = ({ transform, delayMs = 1_000 }: FramesFault): FrameTransform =>
  transform === "delay" ? delayedBy(delayMs) : FRAME_FAULTS[transform];

export function storageFaultOf({
  status,
  code = "AccessDenied",
  delayMs,
}: StorageRefusalFault): StorageFault {
  if (status !== undefined) return { kind: "fail", status, code };
  return delayMs === undefined ? { kind: "cut" } : { kind: "delay", delayMs };
}
