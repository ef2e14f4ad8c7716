/** What a pointer on the timeline asks for. Pixels are CSS pixels from its left edge. */
export interface GestureHandlers {
  onPan: (byPx: number) => void;
  onZoom: (aboutPx: number, factor: number) => void;
  /** `isHeld` while the pointer is still down: more will follow. */
  onSeek: (px: number, isHeld: boolean) => void;
  onHover: (place: { px: number; py: number } | undefined) => void;
}

/** What a press at this place begins: pressing the ruler or the playhead scrubs, the rows are dragged. */
export type PressKind = 'scrub' | 'pan';

type Gesture =
  | { kind: 'none' }
  | { kind: 'scrub'; px: number }
  /** `movedPx`: a press that has hardly moved is a click. */
  | { kind: 'pan'; lastPx: number; movedPx: number }
  | { kind: 'pinch'; lastCentrePx: number; lastDistancePx: number };

const CLICK_PX = 5;
const SHORTEST_PINCH_PX = 20;

/** Turns pointer events into panning, scrubbing, clicking and pinching. */
export class TimelineGestures {
  readonly #handlers: GestureHandlers;
  readonly #pressKind: (px: number, py: number) => PressKind;
  readonly #pointers = new Map<number, number>();
  #gesture: Gesture = { kind: 'none' };

  constructor(handlers: GestureHandlers, pressKind: (px: number, py: number) => PressKind) {
    this.#handlers = handlers;
    this.#pressKind = pressKind;
  }

  down(pointerId: number, px: number, py: number): void {
    this.#pointers.set(pointerId, px);
    if (this.#pointers.size === 2) {
      this.#endScrub();
      this.#gesture = { kind: 'pinch', ...this.#pinch() };
      return;
    }
    if (this.#pointers.size > 2) return;
    if (this.#pressKind(px, py) === 'pan') {
      this.#gesture = { kind: 'pan', lastPx: px, movedPx: 0 };
      return;
    }
    this.#gesture = { kind: 'scrub', px };
    this.#handlers.onSeek(px, true);
  }

  move(pointerId: number, px: number, py: number, isTouch: boolean): void {
    if (!this.#pointers.has(pointerId)) {
      this.#handlers.onHover({ px, py });
      return;
    }
    this.#pointers.set(pointerId, px);
    const gesture = this.#gesture;
    if (!isTouch) this.#handlers.onHover(gesture.kind === 'scrub' ? { px, py } : undefined);
    switch (gesture.kind) {
      case 'scrub':
        gesture.px = px;
        this.#handlers.onSeek(px, true);
        break;
      case 'pan': {
        const byPx = px - gesture.lastPx;
        gesture.movedPx += Math.abs(byPx);
        gesture.lastPx = px;
        if (gesture.movedPx >= CLICK_PX) this.#handlers.onPan(byPx);
        break;
      }
      case 'pinch': {
        const { lastCentrePx, lastDistancePx } = this.#pinch();
        this.#handlers.onPan(lastCentrePx - gesture.lastCentrePx);
        this.#handlers.onZoom(lastCentrePx, lastDistancePx / gesture.lastDistancePx);
        this.#gesture = { kind: 'pinch', lastCentrePx, lastDistancePx };
        break;
      }
      case 'none':
        break;
    }
  }

  up(pointerId: number, isCancelled: boolean): void {
    const px = this.#pointers.get(pointerId);
    if (px === undefined) return;
    this.#pointers.delete(pointerId);
    const gesture = this.#gesture;
    if (gesture.kind === 'scrub') this.#endScrub();
    if (gesture.kind === 'pan' && !isCancelled && gesture.movedPx < CLICK_PX) this.#handlers.onSeek(px, false);
    // A finger that stays after a pinch begins nothing new.
    this.#gesture = { kind: 'none' };
  }

  leave(): void {
    this.#handlers.onHover(undefined);
  }

  #endScrub(): void {
    if (this.#gesture.kind === 'scrub') this.#handlers.onSeek(this.#gesture.px, false);
  }

  #pinch(): { lastCentrePx: number; lastDistancePx: number } {
    const [a = 0, b = 0] = this.#pointers.values();
    return { lastCentrePx: (a + b) / 2, lastDistancePx: Math.max(SHORTEST_PINCH_PX, Math.abs(a - b)) };
  }
}
