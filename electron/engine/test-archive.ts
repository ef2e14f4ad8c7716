import { crc32 } from 'node:zlib';
import { openPromise } from 'yauzl';

/** The names in a ZIP file, sorted, once every entry has been unpacked and its checksum compared. */
export async function checkedArchiveNames(path: string): Promise<string[]> {
  const zip = await openPromise(path);
  const names: string[] = [];
  for await (const entry of zip.eachEntry()) {
    let checksum = 0;
    for await (const chunk of await zip.openReadStreamPromise(entry)) checksum = crc32(chunk as Buffer, checksum);
    if (checksum !== entry.crc32) throw new Error(`${entry.fileName} is damaged`);
    names.push(entry.fileName);
  }
  return names.sort();
}
