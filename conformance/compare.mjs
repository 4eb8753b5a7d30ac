// Compares two values leaf by leaf and checks their differences against the intended differences.

export const ABSENT = "<absent>";

const isObject = (value) => typeof value === "object" && value !== null;
const isList = (value) => Array.isArray(value);
const pathOf = (path, key) =>
  typeof key === "number" ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
const at = (object, key) => (Object.hasOwn(object, key) ? object[key] : ABSENT);
export const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Returns the differences as `{path: [upstream's, ours]}`. The root's path is "". Arrays of different lengths are one
 * difference, because the extra element can't be identified.
 */
export function differences(upstream, ours, path = "", found = {}) {
  if (isSame(upstream, ours)) return found;
  if (isList(upstream) && isList(ours) && upstream.length === ours.length) {
    upstream.forEach((each, index) => differences(each, ours[index], pathOf(path, index), found));
  } else if (isObject(upstream) && isObject(ours) && !isList(upstream) && !isList(ours)) {
    for (const key of new Set([...Object.keys(upstream), ...Object.keys(ours)])) {
      differences(at(upstream, key), at(ours, key), pathOf(path, key), found);
    }
  } else found[path] = [upstream, ours];
  return found;
}

/** Indexes the intended differences `{row, ours: {path: value}}` by observation. Each has at most one. */
export function intendedByObservation(rows) {
  const byId = new Map();
  for (const { row, in: ids, ours } of rows) {
    for (const id of ids) {
      if (byId.has(id)) throw new Error(`"${id}" is in two intended differences.`);
      byId.set(id, { row, ours });
    }
  }
  return byId;
}

/**
 * Compares two runs. Each observation is equal, differs exactly as intended (our library has the listed values at the
 * listed paths), or fails. An intended difference that no longer occurs also fails.
 */
export function judge(upstream, ours, rows) {
  const intended = intendedByObservation(rows);
  const verdict = { equal: [], intended: [], failures: [] };
  for (const id of new Set([...upstream.keys(), ...ours.keys(), ...intended.keys()])) {
    const found = differences(upstream.get(id) ?? ABSENT, ours.get(id) ?? ABSENT);
    const { row, ours: expected = {} } = intended.get(id) ?? {};
    const wrong = findWrong(found, expected);
    if (Object.keys(wrong).length > 0) verdict.failures.push({ id, row, wrong });
    else if (row === undefined) verdict.equal.push(id);
    else verdict.intended.push({ id, row });
  }
  return verdict;
}

function findWrong(found, expected) {
  const wrong = {};
  for (const path of new Set([...Object.keys(found), ...Object.keys(expected)])) {
    if (!(path in found)) wrong[path] = { stale: true, expected: expected[path] };
    else if (!(path in expected)) wrong[path] = { upstream: found[path][0], ours: found[path][1] };
    else if (!isSame(found[path][1], expected[path])) {
      wrong[path] = { upstream: found[path][0], ours: found[path][1], expected: expected[path] };
    }
  }
  return wrong;
}
