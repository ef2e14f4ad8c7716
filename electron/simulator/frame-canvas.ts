import type { Bounds, Shape } from './shapes.ts';

/** A colour in BT.709 limited range, one byte each. */
export interface Color {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** Scenes are drawn in units of a 1280 x 720 picture, whatever the size of the frame. */
export const SCENE_WIDTH = 1280;
export const SCENE_HEIGHT = 720;

/** One I420 frame (planes Y, U, V without padding) with anti-aliased shapes drawn in scene units. */
export class FrameCanvas {
  readonly width: number;
  readonly height: number;
  /** The frame as FFmpeg's rawvideo yuv420p expects it. */
  readonly data: Buffer;
  readonly #scaleX: number;
  readonly #scaleY: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = Buffer.alloc((width * height * 3) / 2, 128);
    this.#scaleX = width / SCENE_WIDTH;
    this.#scaleY = height / SCENE_HEIGHT;
  }

  copyFrom(other: FrameCanvas): void {
    other.data.copy(this.data);
  }

  /** Blends `color` over the shape's pixels; `alpha` from 0 to 1. */
  fill(shape: Shape, color: Color, alpha = 1): void {
    const luma = this.width * this.height;
    this.#blend(shape, alpha, 1, [[0, color.y]]);
    this.#blend(shape, alpha, 2, [
      [luma, color.u],
      [luma + luma / 4, color.v],
    ]);
  }

  /** Fills rows from `topY` to `bottomY` (scene units) with a vertical gradient. */
  gradient(topY: number, bottomY: number, top: Color, bottom: Color): void {
    const first = Math.max(0, Math.round(topY * this.#scaleY));
    const last = Math.min(this.height, Math.round(bottomY * this.#scaleY));
    for (let row = first; row < last; row++) {
      const share = (row - first) / Math.max(1, last - first - 1);
      this.fillPixels(0, row, this.width, 1, mix(top, bottom, share));
    }
  }

  /** Fills a rectangle given in pixels. */
  fillPixels(x: number, y: number, width: number, height: number, color: Color): void {
    const right = Math.min(this.width, x + width);
    const bottom = Math.min(this.height, y + height);
    const luma = this.width * this.height;
    const half = this.width / 2;
    for (let row = y; row < bottom; row++) {
      this.data.fill(color.y, row * this.width + x, row * this.width + right);
      const chroma = (row >> 1) * half;
      this.data.fill(color.u, luma + chroma + (x >> 1), luma + chroma + ((right + 1) >> 1));
      this.data.fill(color.v, luma + luma / 4 + chroma + (x >> 1), luma + luma / 4 + chroma + ((right + 1) >> 1));
    }
  }

  /** Adds noise to the brightness, as a sensor does: without it a still picture would cost no bits. */
  addGrain(amplitude: number, random: () => number): void {
    const luma = this.width * this.height;
    for (let at = 0; at < luma; at++) {
      const value = (this.data[at] ?? 0) + (random() + random() - 1) * amplitude;
      this.data[at] = value < 16 ? 16 : value > 235 ? 235 : value;
    }
  }

  /** `planes` are the start and the new value of each plane that has one sample in `step` pixels both ways. */
  #blend(shape: Shape, alpha: number, step: 1 | 2, planes: readonly (readonly [start: number, value: number])[]): void {
    const width = this.width / step;
    const height = this.height / step;
    const scaleX = this.#scaleX / step;
    const scaleY = this.#scaleY / step;
    const left = Math.max(0, Math.floor(shape.left * scaleX) - 1);
    const right = Math.min(width, Math.ceil(shape.right * scaleX) + 1);
    const top = Math.max(0, Math.floor(shape.top * scaleY) - 1);
    const bottom = Math.min(height, Math.ceil(shape.bottom * scaleY) + 1);
    const solid = alpha === 1 ? solidPixels(shape, scaleX, scaleY, width, height) : null;
    for (let row = top; row < bottom; row++) {
      const y = (row + 0.5) / scaleY;
      const filled = solid !== null && row >= solid.top && row < solid.bottom ? solid : null;
      if (filled !== null) {
        for (const [start, value] of planes) {
          this.data.fill(value, start + row * width + filled.left, start + row * width + filled.right);
        }
      }
      for (let column = left; column < right; column++) {
        if (column === filled?.left) column = filled.right;
        if (column >= right) break;
        const inside = 0.5 - shape.distance((column + 0.5) / scaleX, y) * scaleY;
        if (inside <= 0) continue;
        const weight = inside >= 1 ? alpha : inside * alpha;
        for (const [start, value] of planes) {
          const before = this.data[start + row * width + column] ?? 0;
          this.data[start + row * width + column] = before + (value - before) * weight + 0.5;
        }
      }
    }
  }
}

/** The pixels of a shape's solid part, a pixel smaller so that its edge stays smooth; null when nothing is left. */
function solidPixels(shape: Shape, scaleX: number, scaleY: number, width: number, height: number): Bounds | null {
  if (shape.solid === undefined) return null;
  const left = Math.max(0, Math.ceil(shape.solid.left * scaleX) + 1);
  const right = Math.min(width, Math.floor(shape.solid.right * scaleX) - 1);
  const top = Math.max(0, Math.ceil(shape.solid.top * scaleY) + 1);
  const bottom = Math.min(height, Math.floor(shape.solid.bottom * scaleY) - 1);
  return right > left && bottom > top ? { left, top, right, bottom } : null;
}

/** `#rrggbb` to BT.709 limited range (ITU-R BT.709-6, 3.4 and 3.5). */
export function color(hex: string): Color {
  const value = Number.parseInt(hex.slice(1), 16);
  const r = ((value >> 16) & 255) / 255;
  const g = ((value >> 8) & 255) / 255;
  const b = (value & 255) / 255;
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return {
    y: Math.round(16 + 219 * y),
    u: Math.round(128 + (224 * (b - y)) / 1.8556),
    v: Math.round(128 + (224 * (r - y)) / 1.5748),
  };
}

export function mix(from: Color, to: Color, share: number): Color {
  const between = (a: number, b: number): number => Math.round(a + (b - a) * share);
  return { y: between(from.y, to.y), u: between(from.u, to.u), v: between(from.v, to.v) };
}
