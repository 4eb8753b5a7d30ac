/** The self-signed certificate and its encoding. */
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { selfSigned } from "../../simulator/certificate";
import { bitString, bool, integer, objectId, sequence, time, utf8 } from "../../simulator/der";
import { certificateFor } from "../../simulator/own-certificate";

const NOW = Date.parse("2026-06-01T12:00:00Z");
const hex = (bytes: Buffer): string => bytes.toString("hex");
const bytes = (text: string): Buffer => Buffer.from(text, "hex");

describe("the DER encoding", () => {
  test.each([
    ["a short value", sequence(), "3000"],
    ["true", bool(true), "0101ff"],
    ["a positive integer", integer(bytes("7f")), "02017f"],
    ["an integer whose first bit is set, which needs a zero byte", integer(bytes("80")), "02020080"],
    ["an integer with leading zeros, which are dropped", integer(bytes("00000102")), "02020102"],
    ["zero", integer(bytes("0000")), "020100"],
    ["a bit string with unused bits", bitString(bytes("80"), 7), "03020780"],
    ["an object identifier", objectId("1.2.840.10045.4.3.2"), "06082a8648ce3d040302"],
    [
      "a time until 2049",
      time(Date.parse("2049-12-31T23:59:59.9Z")),
      `170d${hex(Buffer.from("491231235959Z"))}`,
    ],
    [
      "a time from 2050",
      time(Date.parse("2050-01-01T00:00:00Z")),
      `180f${hex(Buffer.from("20500101000000Z"))}`,
    ],
  ])("is correct for %s", (_, encoded, expected) => {
    expect(hex(encoded)).toBe(expected);
  });

  test.each([
    [127, "0c7f"],
    [128, "0c8180"],
    [256, "0c820100"],
    [70_000, "0c83011170"],
  ])("is correct for a text of %i bytes", (length, expected) => {
    expect(hex(utf8("x".repeat(length))).slice(0, expected.length)).toBe(expected);
  });
});

describe("a self-signed certificate", () => {
  const names = [
    "localhost",
    "*.localhost",
    "127.0.0.1",
    "::1",
    "fe80::1:2",
    "::ffff:1.2.3.4",
    "1:2:3:4:5:6:7:8",
  ];
  const { cert } = selfSigned(names, NOW);
  const certificate = new X509Certificate(cert);

  test("contains each DNS name and IP address in normalized form", () => {
    expect(certificate.subjectAltName?.split(", ")).toEqual([
      "DNS:localhost",
      "DNS:*.localhost",
      "IP Address:127.0.0.1",
      "IP Address:0:0:0:0:0:0:0:1",
      "IP Address:FE80:0:0:0:0:0:1:2",
      "IP Address:0:0:0:0:0:FFFF:102:304",
      "IP Address:1:2:3:4:5:6:7:8",
    ]);
    expect(["localhost", "evil.test"].map((name) => certificate.checkHost(name))).toEqual([
      "localhost",
      undefined,
    ]);
  });

  test("is signed with its own key and isn't a certificate authority", () => {
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    // The extended key usage of a TLS server.
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  });

  test("is valid from one day before its creation until 364 days after it", () => {
    expect(Date.parse(certificate.validFrom)).toBe(NOW - 86_400_000);
    expect(Date.parse(certificate.validTo)).toBe(NOW + 364 * 86_400_000);
  });

  test("has a new serial number and a new key each time", () => {
    const other = new X509Certificate(selfSigned(names, NOW).cert);
    expect(other.serialNumber).not.toBe(certificate.serialNumber);
    expect(other.fingerprint256).not.toBe(certificate.fingerprint256);
  });
});

describe("a simulator's certificate", () => {
  const namesOf = (host: string): string =>
    new X509Certificate(certificateFor(true, host, NOW)?.cert ?? "").subjectAltName ?? "";

  test("covers localhost and the configured host", () => {
    expect(namesOf("127.0.0.2")).toBe(
      "DNS:localhost, DNS:*.localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:127.0.0.2",
    );
  });

  test.each(["0.0.0.0", "::"])(
    "covers the names that other devices use if the simulator listens on %s",
    (host) => {
      expect(namesOf(host)).toContain("IP Address:10.0.2.2");
      expect(namesOf(host)).toContain("IP Address:127.0.0.2");
      expect(namesOf(host)).toContain("DNS:host.docker.internal");
      expect(namesOf(host)).not.toContain("0.0.0.0");
    },
  );

  test("is the certificate in the options if they contain one", () => {
    const suppliedCertificate = selfSigned(["localhost"], NOW);
    expect(certificateFor(suppliedCertificate, "localhost", NOW)).toBe(suppliedCertificate);
  });

  test("doesn't exist without HTTPS", () => {
    expect(certificateFor(false, "localhost", NOW)).toBeNull();
  });
});
