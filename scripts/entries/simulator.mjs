/** The simulator's ES module entry: a thin wrapper around the one implementation. */
import simulator from "./simulator.js";

export const { startSimulator, Faults, FRAME_FAULTS, ANY_OPERATION, delayedBy, seededRandom } = simulator;
