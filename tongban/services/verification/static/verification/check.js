// Checks a credential in the browser with the key set and the status lists alone: nothing here asks the network.
// The twin of foundation/credentials/rules; tests/test_browser.py gives both the same texts.

const ROOT = "1.2.156.3005.2";
const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.";
const FACE = -65601;
const LENGTH = 131072;
const SLACK = 10 * 60 * 1000;
const MESSAGES = ["valid", "suspended", "revoked", "superseded"];

class Unreadable extends Error {}

// --- CBOR (RFC 8949): the few kinds a credential has -------------------------------------------------------------------

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(count) {
    if (!Number.isSafeInteger(count) || this.at + count > this.bytes.length) throw new Unreadable();
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  length(more) {
    if (more < 24) return more;
    if (more > 27) throw new Unreadable();
    let value = 0;
    for (const byte of this.take(1 << (more - 24))) value = value * 256 + byte;
    return value;
  }

  value(depth = 0) {
    if (depth > 4) throw new Unreadable();
    const [first] = this.take(1);
    const length = this.length(first & 31);
    switch (first >> 5) {
      case 0: return length;
      case 1: return -1 - length;
      case 2: return this.take(length);
      case 3: return new TextDecoder("utf-8", { fatal: true }).decode(this.take(length));
      case 4: return this.several(length, () => this.value(depth + 1));
      case 5: return new Map(this.several(length, () => [this.value(depth + 1), this.value(depth + 1)]));
      default: throw new Unreadable();
    }
  }

  several(count, one) {
    if (count > this.bytes.length) throw new Unreadable();
    return Array.from({ length: count }, one);
  }
}

function decoded(bytes) {
  const reader = new Reader(bytes);
  const value = reader.value();
  if (reader.at !== bytes.length) throw new Unreadable();
  return value;
}

function head(kind, length) {
  if (length < 24) return [(kind << 5) | length];
  return length < 256 ? [(kind << 5) | 24, length] : [(kind << 5) | 25, length >> 8, length & 255];
}

function signedBytes(protectedHeader, payload) {
  const context = new TextEncoder().encode("Signature1");
  return new Uint8Array([
    ...head(4, 4), ...head(3, context.length), ...context, ...head(2, protectedHeader.length), ...protectedHeader,
    ...head(2, 0), ...head(2, payload.length), ...payload,
  ]);
}

// --- the envelope and its claims ---------------------------------------------------------------------------------------

function bytesOf(digits) {
  let hex = BigInt(digits).toString(16);
  if (hex.length % 2) hex = `0${hex}`;
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const areBytes = (...values) => values.every((value) => value instanceof Uint8Array);

export function opened(text) {
  try {
    const found = text.length < 4000 && /^(?:.{0,300}#)?([1-9][0-9]{100,2466})$/.exec(text.replace(/\s/g, ""));
    if (!found) throw new Unreadable();
    const body = decoded(bytesOf(found[1]));
    if (!Array.isArray(body) || body.length !== 4 || !(body[1] instanceof Map) || body[1].size) throw new Unreadable();
    const [protectedHeader, , payload, signature] = body;
    if (!areBytes(protectedHeader, payload, signature) || signature.length !== 64) throw new Unreadable();
    const header = decoded(protectedHeader);
    const kid = header instanceof Map && header.size === 2 && header.get(1) === -7 && header.get(4);
    if (!areBytes(kid) || kid.length !== 8) throw new Unreadable();
    return { claims: claimsOf(decoded(payload)), kid: hexOf(kid), signed: signedBytes(protectedHeader, payload), signature };
  } catch {
    return null; // whatever was wrong with it, it is no credential
  }
}

function claimsOf(found) {
  const [kind, number, holder, issuer, from, until, list, place] = found.get(FACE);
  const claims = {
    city: found.get(1), subject: subjectOf(found.get(2)), issuedAt: new Date(found.get(6) * 1000),
    kind, number, holder, issuer, validFrom: dayOf(from), validUntil: until === 0 ? null : dayOf(until), list, place,
  };
  const texts = [claims.city, claims.subject, kind, number, holder, issuer];
  if (!texts.every((text) => typeof text === "string" && text.length <= 200)) throw new Unreadable();
  if (![found.get(6), list, place].every((number) => Number.isSafeInteger(number) && number >= 0)) throw new Unreadable();
  return claims;
}

function subjectOf(subject) {
  if (!areBytes(subject)) return subject;
  let number = BigInt(`0x${hexOf(subject)}`);
  let rest = "";
  for (const base = BigInt(SIGNS.length); number; number /= base) rest = SIGNS[Number(number % base)] + rest;
  return `${ROOT}.${rest}`;
}

function dayOf(number) {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(String(number)) ?? [];
  const text = `${year}-${month}-${day}`;
  if (Number.isNaN(Date.parse(text)) || new Date(text).getUTCDate() !== Number(day)) throw new Unreadable();
  return text;
}

// --- signatures --------------------------------------------------------------------------------------------------------

async function isSigned(pem, signature, data) {
  try {
    const body = pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
    const der = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
    const key = await crypto.subtle.importKey("spki", der, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, data);
  } catch {
    return false;
  }
}

/** r and s side by side, as browsers want them, from DER. */
function rawOf(der) {
  const half = (at) => {
    const bytes = der.subarray(at + 2, at + 2 + der[at + 1]);
    const raw = new Uint8Array(32);
    const kept = bytes.subarray(Math.max(0, bytes.length - 32));
    raw.set(kept, 32 - kept.length);
    return raw;
  };
  return new Uint8Array([...half(2), ...half(4 + der[3])]);
}

// --- the status list ---------------------------------------------------------------------------------------------------

async function expanded(encoded) {
  const packed = Uint8Array.from(atob(encoded.slice(1).replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A published list, or null when no key of the set signed it. */
export async function readList(published, keys) {
  try {
    const data = new TextEncoder().encode(published.text);
    for (const one of published.signatures.filter((entry) => entry.alg === "p256")) {
      const key = keyNamed(keys, one.kid);
      const raw = rawOf(Uint8Array.from(atob(one.value), (char) => char.charCodeAt(0)));
      if (key && (await isSigned(key.pem, raw, data))) {
        const body = JSON.parse(published.text);
        const bits = await expanded(body.encodedList);
        if (body.kind !== "tongban.status" || bits.length !== LENGTH / 4) return null;
        return { number: body.list, issuedAt: new Date(body.issued_at), nextUpdate: new Date(body.next_update), bits };
      }
    }
  } catch {
    // not a list of ours
  }
  return null;
}

const keyNamed = (keys, kid) => keys.keys.find((key) => key.kid === kid && key.alg === "p256" && key.use === "credential");

// --- the answer --------------------------------------------------------------------------------------------------------

/** `keys` is the downloaded key set, `lists` what `readList` answered with, `at` this moment. */
export async function check(text, keys, lists, at) {
  const envelope = opened(text);
  if (!envelope) return { answer: "unreadable", steps: [{ step: "form", ok: false }], doubts: [] };
  const steps = [{ step: "form", ok: true }, ...(await origin(envelope, keys))];
  const last = steps[steps.length - 1];
  if (!last.ok) return { answer: last.answer, steps, doubts: [] };
  const { claims } = envelope;
  const list = lists.find((one) => one && one.number === claims.list);
  const state = list && claims.place < LENGTH ? (list.bits[claims.place >> 2] >> (6 - (claims.place % 4) * 2)) & 3 : null;
  steps.push(clock(claims, list, at));
  steps.push(state === null ? { step: "status", ok: null } : { step: "status", ok: !state, answer: MESSAGES[state] });
  steps.push(period(claims, at));
  const doubts = state === null ? ["no_list"] : list.nextUpdate < at ? ["stale_list"] : [];
  const failed = steps.find((step) => step.ok === false);
  return { answer: failed ? failed.answer : "valid", steps, claims, asOf: state === null ? null : list.issuedAt, doubts };
}

async function origin({ claims, kid, signed, signature }, keys) {
  const key = keyNamed(keys, kid);
  if (claims.city !== keys.city || !key) return [{ step: "city", ok: false, answer: "foreign" }];
  const steps = [{ step: "city", ok: true }];
  if (!(await isSigned(key.pem, signature, signed))) return [...steps, { step: "signature", ok: false, answer: "altered" }];
  const held = +new Date(key.from) - SLACK <= +claims.issuedAt && +claims.issuedAt <= +new Date(key.until);
  return [...steps, { step: "signature", ok: true }, { step: "key", ok: held, answer: "altered" }];
}

function clock(claims, list, at) {
  const signed = Math.max(+claims.issuedAt, list ? +list.issuedAt : 0);
  return { step: "clock", ok: signed <= +at + SLACK, answer: "clock" };
}

function period(claims, at) {
  const today = new Date(+at + 8 * 3600 * 1000).toISOString().slice(0, 10); // in China
  if (today < claims.validFrom) return { step: "period", ok: false, answer: "not_yet" };
  return { step: "period", ok: !claims.validUntil || claims.validUntil >= today, answer: "expired" };
}
