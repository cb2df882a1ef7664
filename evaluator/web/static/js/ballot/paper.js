/* A ballot as bytes: the canonical form, the padding, the locks. The same few lines stand in rules/sealing.py. */

import { fromHex, join, seal, sha256 } from "./hpke.js";

const encoder = new TextEncoder();

/* Plain data in its one form: sorted keys, no spaces (RFC 8785 for data without fractions). */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

export function digest(tag, value) {
  return sha256(join(encoder.encode(tag), [0], encoder.encode(canonical(value))));
}

export function written(pollHash, part, choice, pad, words = null) {
  const content = { v: 1, poll: pollHash, part, choice };
  if (words) content.tracker = words;
  const plain = encoder.encode(canonical(content));
  if (plain.length > pad) throw new Error("the ballot does not fit");
  return join(plain, new Uint8Array(pad - plain.length));
}

/* The inner lock first, the outer lock last: the holders open them the other way round. */
export async function enclose(plain, layers, pollHash, part) {
  let content = plain;
  for (const { layer, public_key: key } of [...layers].reverse()) {
    content = await seal(fromHex(key), encoder.encode(`cv1.seal\0${layer}\0${pollHash}\0${part}`), content);
  }
  return content;
}
