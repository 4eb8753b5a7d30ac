import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { KeyAndCertificate } from "../certificate";
import type { Flags } from "./flags";
import { reasonOf, UserError } from "./user-error";

/** Reads a certificate and its key. Throws a UserError if they can't be used. */
export function readCertificate(files: NonNullable<Flags["certificate"]>): KeyAndCertificate {
  const cert = read("--cert", files.cert);
  const key = read("--key", files.key);
  const certificate = parsed(
    () => new X509Certificate(cert),
    `The certificate ${files.cert} must be in PEM format (--cert)`,
  );
  const privateKey: KeyObject = parsed(
    () => createPrivateKey(key),
    `The private key ${files.key} must be in PEM format, without a passphrase (--key)`,
  );
  if (!certificate.checkPrivateKey(privateKey))
    throw new UserError(`The private key ${files.key} doesn't belong to the certificate ${files.cert}.`);
  return { cert, key };
}

function read(flag: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`${flag} can't be read: ${file}: ${reasonOf(error)}.`);
  }
}

function parsed<Value>(parse: () => Value, problem: string): Value {
  try {
    return parse();
  } catch (error) {
    throw new UserError(`${problem}: ${reasonOf(error)}.`);
  }
}
