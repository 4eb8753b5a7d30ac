/**
 * A self-signed certificate for the simulator's own addresses. Node can sign but can't create a certificate, so this
 * file encodes one: X.509 v3 (RFC 5280) in DER.
 */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { URL } from "node:url";
import {
  bitString,
  bool,
  explicit,
  integer,
  objectId,
  octets,
  sequence,
  set,
  tagged,
  time,
  utf8,
} from "./der";

/** A certificate and its private key, both PEM. */
export interface KeyAndCertificate {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
/** Browsers accept no more than 398 days. */
const LIFE_DAYS = 365;

const OID = {
  commonName: "2.5.4.3",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  serverAuthentication: "1.3.6.1.5.5.7.3.1",
  subjectAlternativeName: "2.5.29.17",
} as const;

/** The tags for the two kinds of subject alternative names. */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** Makes a certificate for these host names and IP addresses, valid from yesterday for about a year. */
export function selfSigned(names: readonly string[], nowMs: number): KeyAndCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(objectId(OID.ecdsaWithSha256));
  const name = sequence(set(sequence(objectId(OID.commonName), utf8("connect-chat-simulator"))));
  // The certificate must be valid for a device whose clock is a little behind, such as a phone.
  const startsAt = nowMs - DAY_MS;
  const toSign = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    algorithm,
    name,
    sequence(time(startsAt), time(startsAt + LIFE_DAYS * DAY_MS)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(...extensions(names))),
  );
  const signature = sign("sha256", toSign, privateKey);
  return {
    cert: pem("CERTIFICATE", sequence(toSign, algorithm, bitString(signature))),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function extensions(names: readonly string[]): Buffer[] {
  const extension = (id: string, value: Buffer, critical = false): Buffer =>
    sequence(objectId(id), ...(critical ? [bool(true)] : []), octets(value));
  return [
    // Not a certificate authority, so that trusting this certificate doesn't make a browser trust other certificates.
    extension(OID.basicConstraints, sequence(), true),
    // The first bit is digitalSignature.
    extension(OID.keyUsage, bitString(Buffer.from([0x80]), 7), true),
    extension(OID.extendedKeyUsage, sequence(objectId(OID.serverAuthentication))),
    extension(OID.subjectAlternativeName, sequence(...names.map(alternativeName))),
  ];
}

function alternativeName(name: string): Buffer {
  if (isIPv4(name)) return tagged(IP_ADDRESS, Buffer.from(name.split(".").map(Number)));
  if (isIPv6(name)) return tagged(IP_ADDRESS, ipv6Bytes(name));
  return tagged(DNS_NAME, Buffer.from(name, "latin1"));
}

/** The 16 bytes of an IPv6 address. */
function ipv6Bytes(address: string): Buffer {
  // The URL parser writes an embedded IPv4 address as two groups, so that only groups remain.
  const normalized = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
  const [head = "", tail] = normalized.split("::");
  const groups = (text: string): string[] => text.split(":").filter((group) => group !== "");
  const [before, after] = [groups(head), groups(tail ?? "")];
  const all = [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
  return Buffer.concat(all.map((group) => Buffer.from(group.padStart(4, "0"), "hex")));
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}
