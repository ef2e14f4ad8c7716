/** One box of the given content (ISO/IEC 14496-12 4.2). */
export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const sizeBytes = content.reduce((total, part) => total + part.length, 8);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(sizeBytes, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...content], sizeBytes);
}

/** A box with version and flags before its content. */
export function fullBox(type: string, version: number, flags: number, ...content: readonly Buffer[]): Buffer {
  return box(type, uint32(version * 0x100_0000 + flags), ...content);
}

/** Big-endian 32-bit fields. */
export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
}

/** Big-endian 64-bit fields from integers below 2^53. */
export function uint64(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 8);
  values.forEach((value, index) => bytes.writeBigUInt64BE(BigInt(value), index * 8));
  return bytes;
}

/** Big-endian 16-bit fields. */
export function uint16(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16BE(value, index * 2));
  return bytes;
}
