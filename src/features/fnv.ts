const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * FNV-1a of 32 bits over the UTF-8 bytes of a text; 0 becomes 1, so that 0 can stand for no text.
 *
 * Source: the FNV hash of Fowler, Noll and Vo.
 */
export function fnv(text: string): number {
  let hash = OFFSET;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return fnvOfBytes(Buffer.from(text));
    hash = Math.imul(hash ^ code, PRIME);
  }
  return hash >>> 0 || 1;
}

function fnvOfBytes(bytes: Uint8Array): number {
  let hash = OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0 || 1;
}
