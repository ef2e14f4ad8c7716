import type { LiveFragment, LiveInit } from '../contract/worker-protocol.ts';
import { GopCache } from './gop-cache.ts';
import type { LiveViewer } from './live-viewer.ts';
import type { LiveListener } from './ports.ts';

/** What the stream does: nothing heard yet, on air, or gone with the reason that its viewers were told. */
type State = { kind: 'silent' } | { kind: 'live'; init: LiveInit } | { kind: 'ended'; reason: string };

/** One stream of a camera and all who watch it. */
export class LiveChannel implements LiveListener {
  readonly #viewers = new Set<LiveViewer>();
  readonly #gop = new GopCache();
  #state: State = { kind: 'silent' };

  get viewerCount(): number {
    return this.#viewers.size;
  }

  add(viewer: LiveViewer): void {
    this.#viewers.add(viewer);
    if (this.#state.kind === 'live') viewer.begin(this.#state.init, this.#gop.fragments);
    if (this.#state.kind === 'ended') viewer.ended(this.#state.reason);
  }

  remove(viewer: LiveViewer): void {
    this.#viewers.delete(viewer);
  }

  onInit(init: LiveInit): void {
    this.#state = { kind: 'live', init };
    this.#gop.clear();
    for (const viewer of this.#viewers) viewer.begin(init, []);
  }

  onFragment(fragment: LiveFragment): void {
    this.#gop.push(fragment);
    for (const viewer of this.#viewers) viewer.fragment(fragment);
  }

  onEnded(reason: string): void {
    this.#state = { kind: 'ended', reason };
    this.#gop.clear();
    for (const viewer of this.#viewers) viewer.ended(reason);
  }
}
