// Checks a proof of `rapporteur checkpoint prove` or `grown` with nothing of rapporteur's: Node's Ed25519 and SHA-256, and
// BLAKE3 of @noble/hashes. The forms: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, RFC 6962 (2.1.1 and 2.1.2).
//
//   node proof.mjs PROOF VERIFIER_KEY
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { blake3 } from "@noble/hashes/blake3.js";

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const node = (left, right) => sha256(Buffer.from([1]), left, right);
const bytes = (base64) => {
  const found = Buffer.from(base64, "base64");
  if (found.toString("base64") !== base64) fail("what is no base64");
  return found;
};
const fail = (why) => {
  console.error(`does not hold: ${why}`);
  process.exit(1);
};

/** The public key of a verifier key, and the four bytes that name it. */
function keyOf(text) {
  const [name, id, key] = text.trim().split(/\+(.{8})\+/);
  const raw = bytes(key).subarray(1);
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
  const expected = sha256(Buffer.from(`${name}\n`), bytes(key)).subarray(0, 4);
  if (expected.toString("hex") !== id) fail("the verifier key does not match its own hash");
  return { name, id: expected, key: createPublicKey({ key: der, format: "der", type: "spki" }) };
}

/** Size and root of a signed note. */
function open(note, verifier) {
  const at = note.lastIndexOf("\n\n");
  const text = note.slice(0, at + 1);
  const signed = note
    .slice(at + 2)
    .split("\n")
    .map((line) => line.match(/^\u2014 (\S+) (\S+)$/))
    .filter((match) => match?.[1] === verifier.name)
    .map((match) => bytes(match[2]))
    .filter((signature) => signature.subarray(0, 4).equals(verifier.id));
  if (!signed.some((signature) => verify(null, Buffer.from(text), verifier.key, signature.subarray(4)))) {
    fail("no signature of this key");
  }
  const [origin, size, root] = text.split("\n");
  if (origin !== verifier.name) fail("another origin");
  return { size: BigInt(size), root: bytes(root) };
}

/** The root to which a path leads from a leaf (RFC 6962, 2.1.1, as RFC 9162, 2.1.3.2 computes it). */
function rootFrom(leaf, index, size, path) {
  let [at, last, hash] = [index, size - 1n, leaf];
  for (const other of path) {
    if (last === 0n) fail("the path is too long");
    if (at % 2n === 1n || at === last) {
      hash = node(other, hash);
      while (at % 2n === 0n && at !== 0n) [at, last] = [at >> 1n, last >> 1n];
    } else {
      hash = node(hash, other);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  if (last !== 0n) fail("the path is too short");
  return hash;
}

/** Whether hashes lead from one root to another (RFC 9162, 2.1.4.2). */
function grows(older, newer, hashes) {
  if (older.size === newer.size) return older.root.equals(newer.root);
  const path = [...hashes];
  if ((older.size & (older.size - 1n)) === 0n) path.unshift(older.root);
  let [at, last] = [older.size - 1n, newer.size - 1n];
  while (at % 2n === 1n) [at, last] = [at >> 1n, last >> 1n];
  let [old, now] = [path[0], path[0]];
  for (const hash of path.slice(1)) {
    if (last === 0n) return false;
    if (at % 2n === 1n || at === last) {
      [old, now] = [node(hash, old), node(hash, now)];
      while (at % 2n === 0n && at !== 0n) [at, last] = [at >> 1n, last >> 1n];
    } else {
      now = node(now, hash);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n && old.equals(older.root) && now.equals(newer.root);
}

const [file, key] = process.argv.slice(2);
const verifier = keyOf(key);
const proof = JSON.parse(readFileSync(file, "utf8"));
if (proof.hashes) {
  const [older, newer] = [open(proof.older, verifier), open(proof.newer, verifier)];
  if (!grows(older, newer, proof.hashes.map(bytes))) fail("the newer log is another");
  console.log(`holds: ${older.size} of ${newer.size}`);
} else {
  const { size, root } = open(proof.checkpoint, verifier);
  const header = bytes(proof.header);
  const hash = Buffer.from(blake3(header));
  const [kept, storedHash, salt, payload] = cbor(bytes(proof.stored));
  if (!storedHash.equals(hash)) fail("the stored event has another hash");
  // The header is a prefix and a CBOR map whose first entry, 0, is the position.
  const prefix = "rapporteur event header 1\0";
  if (header.subarray(0, prefix.length).toString("latin1") !== prefix) fail("the header says that it is something else");
  const hashed = cbor(header.subarray(prefix.length));
  for (const [number, value] of hashed) {
    const other = kept.get(number);
    if (Buffer.isBuffer(value) ? !value.equals(other) : JSON.stringify(value) !== JSON.stringify(other)) {
      fail("the stored event has another header");
    }
  }
  // Number 0 of a header is its position, number 11 the hash of salt and payload; what was redacted has neither of the two.
  if (payload && !Buffer.from(blake3(Buffer.concat([salt, payload]))).equals(hashed.get(11))) {
    fail("the payload is not the one that was recorded");
  }
  const position = BigInt(hashed.get(0));
  const leaf = sha256(Buffer.from([0]), hash);
  if (!rootFrom(leaf, position - 1n, size, proof.path.map(bytes)).equals(root)) fail("another root");
  console.log(`holds: position ${position} of ${size}`);
}

/** A value of CBOR: whole numbers, bytes, texts, arrays, maps and null; nothing may follow it. */
function cbor(given) {
  let at = 0;
  const take = (length) => given.subarray(at, (at += length));
  const value = () => {
    const [first] = take(1);
    const [kind, short] = [first >> 5, first & 31];
    if (first === 0xf6) return null;
    const size = { 24: 1, 25: 2, 26: 4, 27: 8 }[short];
    const number = size ? Number(`0x${take(size).toString("hex")}`) : short;
    if (short > 27 || !Number.isSafeInteger(number)) fail("a number that is too large");
    if (kind === 0) return number;
    if (kind === 1) return -1 - number;
    if (kind === 2) return take(number);
    if (kind === 3) return take(number).toString("utf8");
    if (kind === 4) return Array.from({ length: number }, value);
    if (kind === 5) return new Map(Array.from({ length: number }, () => [value(), value()]));
    return fail("CBOR of a kind that no event has");
  };
  const found = value();
  if (at !== given.length) fail("bytes after the event");
  return found;
}
