/** The simulator under `import`: a thin entry over the one implementation. */
import simulator from "./simulator.js";

export const { startSimulator, Faults, FRAME_FAULTS, ANY_OPERATION, delayedBy, seededRandom } = simulator;
