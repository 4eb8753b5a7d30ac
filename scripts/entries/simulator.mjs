/** The simulator's `import` entry, a thin wrapper around simulator.js. */
import simulator from "./simulator.js";

export const {
  startSimulator,
  Faults,
  FRAME_FAULTS,
  ANY_OPERATION,
  delayedBy,
  seededRandom,
  SimulatorInputError,
  WaitError,
} = simulator;
