/** A line, whether its handler ran in Angular's zone, and whether the view shows it. */
export interface Shown {
  readonly line: string;
  readonly inZone: boolean;
  readonly rendered: boolean;
}
