/** The part of DER, ASN.1's binary encoding (X.690), that a certificate needs. Each function encodes one value. */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context: 0x80,
  constructed: 0x20,
} as const;

/** Tag, length, content. */
function value(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
}

/** Lengths up to 127 take one byte. A longer length is encoded as its number of bytes, followed by those bytes. */
function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = base256(length);
  return [0x80 | bytes.length, ...bytes];
}

function base256(number: number): number[] {
  const rest = Math.floor(number / 256);
  return [...(rest > 0 ? base256(rest) : []), number % 256];
}

export const sequence = (...values: readonly Buffer[]): Buffer => value(TAG.sequence, ...values);

export const set = (...values: readonly Buffer[]): Buffer => value(TAG.set, ...values);

export const bool = (flag: boolean): Buffer => value(TAG.boolean, Buffer.from([flag ? 0xff : 0]));

/** A positive integer, from its big-endian bytes. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first < 0 ? Buffer.from([0]) : bytes.subarray(first);
  // The first bit is the sign.
  const isNegative = ((significant[0] ?? 0) & 0x80) !== 0;
  return value(TAG.integer, ...(isNegative ? [Buffer.from([0])] : []), significant);
}

export const octets = (bytes: Buffer): Buffer => value(TAG.octetString, bytes);

/** `unusedBits` is the number of bits at the end of the last byte that don't count. */
export const bitString = (bytes: Buffer, unusedBits = 0): Buffer =>
  value(TAG.bitString, Buffer.from([unusedBits]), bytes);

export const utf8 = (text: string): Buffer => value(TAG.utf8, Buffer.from(text));

/** An object identifier, in dotted form. */
export function objectId(id: string): Buffer {
  const [first = 0, second = 0, ...rest] = id.split(".").map(Number);
  return value(TAG.objectId, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Seven bits per byte. All bytes but the last have the top bit set. */
function base128(number: number): number[] {
  const groups = [number & 0x7f];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128))
    groups.unshift((rest & 0x7f) | 0x80);
  return groups;
}

/** A time in whole seconds. As certificates require, it is a UTCTime until 2049 and a GeneralizedTime after that. */
export function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/\.\d+/, "").replace(/[-T:]/g, "");
  return new Date(ms).getUTCFullYear() < 2050
    ? value(TAG.utcTime, Buffer.from(text.slice(2)))
    : value(TAG.generalizedTime, Buffer.from(text));
}

/** A value whose tag is replaced with a number that its context defines. */
export const tagged = (number: number, bytes: Buffer): Buffer => value(TAG.context | number, bytes);

/** A value wrapped in a number that its context defines. */
export const explicit = (number: number, wrapped: Buffer): Buffer =>
  value(TAG.context | TAG.constructed | number, wrapped);
