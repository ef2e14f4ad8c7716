/**
 * The built-in cameras that need no hardware: `demo:<key>` is a source URL, and the simulator serves `<key>/main` and
 * `<key>/sub`. The names are what a new database is given; a user may rename them.
 */
export const DEMO_CAMERAS = [
  { key: 'front-door', name: 'Front door' },
  { key: 'yard', name: 'Yard' },
  { key: 'gate', name: 'Gate' },
  { key: 'garage', name: 'Garage' },
] as const;

export type DemoCameraKey = (typeof DEMO_CAMERAS)[number]['key'];

/** The key of a demo source such as `demo:yard`; undefined for any other URL and for a key that does not exist. */
export function demoCameraKey(url: string): DemoCameraKey | undefined {
  return DEMO_CAMERAS.find(({ key }) => url === `demo:${key}`)?.key;
}
