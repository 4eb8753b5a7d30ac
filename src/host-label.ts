import { illegalArgument } from "./errors";

/** Whether a region can be a part of a host name. */
export const isHostLabel = (region: string): boolean => /^[a-z\d-]+$/i.test(region);

/** A region as a part of a host name; throws IllegalArgument for a text that would lead to another host. */
export function hostLabel(region: string, field = "region"): string {
  if (isHostLabel(region)) return region;
  throw illegalArgument(field, 'may have letters, digits and hyphens only, such as "us-east-1".');
}
