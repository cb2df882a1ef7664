/* Sealing: HPKE of RFC 9180, base mode, with what the browser itself brings (WebCrypto) and nothing else.
   Suite: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. tests/golden/hpke holds the RFC's own vectors. */

const encoder = new TextEncoder();
const version = encoder.encode("HPKE-v1");
const kem = join(encoder.encode("KEM"), [0x00, 0x10]);
const suite = join(encoder.encode("HPKE"), [0x00, 0x10, 0x00, 0x01, 0x00, 0x01]);
const nothing = new Uint8Array(0);
const curve = { name: "ECDH", namedCurve: "P-256" };

export function join(...pieces) {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function sha256(bytes) {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

async function hmac(key, message) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

/* An empty salt is 32 zero bytes (RFC 5869); browsers refuse a key of no bytes. */
function extract(id, salt, label, material) {
  return hmac(salt.length ? salt : new Uint8Array(32), join(version, id, encoder.encode(label), material));
}

/* Nothing longer than one block of SHA-256 is asked for. */
async function expand(id, secret, label, info, length) {
  const labelled = join([length >> 8, length & 255], version, id, encoder.encode(label), info);
  return (await hmac(secret, join(labelled, [1]))).slice(0, length);
}

export function freshPair() {
  return crypto.subtle.generateKey(curve, true, ["deriveBits"]);
}

/* Return what only the holder of the private key opens: the one-time public key, then the ciphertext.
   A test may give a one-time key pair of its own; everybody else leaves it out. */
export async function seal(publicKey, info, plain, { extra = nothing, pair = null } = {}) {
  const recipient = await crypto.subtle.importKey("raw", publicKey, curve, true, []);
  const once = pair ?? (await freshPair());
  const enclosed = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
  const agreed = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: recipient }, once.privateKey, 256));

  const shared = await expand(kem, await extract(kem, nothing, "eae_prk", agreed), "shared_secret", join(enclosed, publicKey), 32);
  const context = join([0], await extract(suite, nothing, "psk_id_hash", nothing), await extract(suite, nothing, "info_hash", info));
  const secret = await extract(suite, shared, "secret", nothing);
  const key = await crypto.subtle.importKey("raw", await expand(suite, secret, "key", context, 16), "AES-GCM", false, ["encrypt"]);
  const iv = await expand(suite, secret, "base_nonce", context, 12);
  const closed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: extra }, key, plain));
  return join(enclosed, closed);
}
