import { illegalArgument } from "./errors";

/** Whether a region is a valid part of a host name. */
export const isHostLabel = (region: string): boolean => /^[a-z\d-]+$/i.test(region);

/**
 * Returns the region. Throws IllegalArgument if the region isn't a valid part of a host name, because requests could
 * then go to another host.
 */
export function hostLabel(region: string, field = "region"): string {
  if (isHostLabel(region)) return region;
  throw illegalArgument(field, 'may contain only letters, digits and hyphens, as in "us-east-1".');
}
