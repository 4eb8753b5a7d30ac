/** A value that the simulator can't use: a fault's scope, or a part of a snapshot. The message says what to do. */
export class SimulatorInputError extends RangeError {
  /** Where the value is, such as `scope.forMs` or `contacts[0].startedAt`. */
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`\`${field}\` ${problem}`);
    this.name = "SimulatorInputError";
    this.field = field;
  }
}
