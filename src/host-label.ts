import { illegalArgument } from "./errors";

/** Whether a region can be part of a host name. */
export const isHostLabel = (region: string): boolean => /^[a-z\d-]+$/i.test(region);

/** Returns a region that can be part of a host name. Throws IllegalArgument for one that would lead to another host. */
export function hostLabel(region: string, field = "region"): string {
  if (isHostLabel(region)) return region;
  throw illegalArgument(field, 'may contain only letters, digits and hyphens, as in "us-east-1".');
}
