import type { TimeRange } from '../api/recordings.ts';
import { isLoss } from './gap-kind.ts';
import { ticksOf, type Tick } from './ticks.ts';
import { pxOf, type TimeScale } from './time-scale.ts';
import type { TimelineRow } from './timeline-rows.ts';

/** Colours of the theme as CSS values. */
export interface Palette {
  surface: string;
  line: string;
  lineStrong: string;
  text: string;
  muted: string;
  accent: string;
  onAccent: string;
  loss: string;
  hover: string;
}

export interface TimelinePicture {
  scale: TimeScale;
  rows: readonly TimelineRow[];
  activeId: string | undefined;
  positionMs: number;
  nowMs: number;
  marks: Partial<TimeRange>;
  hoverPx: number | undefined;
  rowPx: number;
  rulerPx: number;
  timeZone: string;
  tickLabel: (tick: Tick) => string;
}

const ROW_GAP_PX = 2;
const TICK_SPACING_PX = 84;
const FONT = '12px "Inter Variable", system-ui, sans-serif';

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  return {
    surface: value('--surface'),
    line: value('--line'),
    lineStrong: value('--line-strong'),
    text: value('--text'),
    muted: value('--muted'),
    accent: value('--accent'),
    onAccent: value('--on-accent'),
    loss: value('--loss'),
    hover: value('--hover'),
  };
}

/** Paints ruler, rows, marks, now and playhead. The context is scaled to CSS pixels. */
export function paintTimeline(context: CanvasRenderingContext2D, picture: TimelinePicture, palette: Palette): void {
  const { scale, rows, rowPx, rulerPx, marks } = picture;
  const heightPx = rulerPx + rows.length * rowPx;
  context.clearRect(0, 0, scale.widthPx, heightPx);
  const ticks = ticksOf(scale, TICK_SPACING_PX, picture.timeZone);
  rows.forEach((row, index) => paintRow(context, picture, palette, row, rulerPx + index * rowPx));
  paintTicks(context, picture, palette, ticks, heightPx);
  paintMarks(context, scale, marks, palette, rulerPx, heightPx);
  paintLine(context, pxOf(scale, picture.nowMs), rulerPx - 4, heightPx, palette.muted, [3, 3]);
  if (picture.hoverPx !== undefined) paintLine(context, picture.hoverPx, rulerPx, heightPx, palette.text, []);
  paintPlayhead(context, pxOf(scale, picture.positionMs), rulerPx, heightPx, palette);
}

function paintRow(
  context: CanvasRenderingContext2D,
  { scale, rowPx, nowMs, activeId }: TimelinePicture,
  palette: Palette,
  row: TimelineRow,
  topPx: number,
): void {
  const top = topPx + ROW_GAP_PX;
  const height = rowPx - 2 * ROW_GAP_PX;
  const nowPx = Math.min(scale.widthPx, pxOf(scale, nowMs));
  context.fillStyle = palette.hover;
  // The future stays blank, and so does the time before the camera was there.
  const bornPx = Math.max(0, pxOf(scale, Math.max(row.lifeStartMs, scale.fromMs)));
  if (nowPx > bornPx) context.fillRect(bornPx, top, nowPx - bornPx, height);
  for (const { startMs, endMs, share } of row.coverage) {
    const from = pxOf(scale, startMs);
    const to = pxOf(scale, endMs);
    if (to < 0 || from > scale.widthPx) continue;
    // Overlap by a hair, so that neighbouring stretches leave no seam; what is told twice must not look brighter.
    const width = Math.max(1, to - from + 0.3);
    context.globalAlpha = 1;
    context.fillStyle = palette.hover;
    context.fillRect(from, top, width, height);
    context.globalAlpha = 0.25 + 0.5 * share;
    context.fillStyle = row.cameraId === activeId ? palette.text : palette.lineStrong;
    context.fillRect(from, top, width, height);
  }
  context.globalAlpha = 1;
  for (const gap of row.gaps) {
    const from = Math.max(0, pxOf(scale, gap.startMs));
    const to = Math.min(nowPx, pxOf(scale, gap.endMs));
    if (to <= from) continue;
    const colour = isLoss(gap.cause) ? palette.loss : palette.lineStrong;
    paintHatching(context, from, to, top, height, palette.surface, colour);
  }
}

function paintHatching(
  context: CanvasRenderingContext2D,
  from: number,
  to: number,
  top: number,
  height: number,
  ground: string,
  colour: string,
): void {
  context.save();
  context.beginPath();
  context.rect(from, top, Math.max(1, to - from), height);
  context.clip();
  context.fillStyle = ground;
  context.fillRect(from, top, to - from, height);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  // Lines on a fixed grid, so that they stand still while the gap grows.
  for (let x = Math.floor((from - height) / 6) * 6; x < to; x += 6) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

function paintTicks(
  context: CanvasRenderingContext2D,
  { rulerPx, tickLabel, scale }: TimelinePicture,
  palette: Palette,
  ticks: readonly Tick[],
  heightPx: number,
): void {
  context.font = FONT;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (const tick of ticks) {
    context.fillStyle = palette.line;
    context.fillRect(Math.round(tick.px), rulerPx - 6, 1, heightPx - rulerPx + 6);
    context.fillStyle = tick.startsDay ? palette.text : palette.muted;
    const label = tickLabel(tick);
    const x = Math.min(Math.max(4, tick.px + 4), scale.widthPx - context.measureText(label).width - 4);
    if (tick.px > -60) context.fillText(label, x, rulerPx / 2);
  }
}

function paintMarks(
  context: CanvasRenderingContext2D,
  scale: TimeScale,
  { fromMs, toMs }: Partial<TimeRange>,
  palette: Palette,
  top: number,
  bottom: number,
): void {
  if (fromMs !== undefined && toMs !== undefined) {
    context.globalAlpha = 0.25;
    context.fillStyle = palette.accent;
    context.fillRect(pxOf(scale, fromMs), top, pxOf(scale, toMs) - pxOf(scale, fromMs), bottom - top);
    context.globalAlpha = 1;
  }
  for (const atMs of [fromMs, toMs]) {
    if (atMs !== undefined) paintLine(context, pxOf(scale, atMs), top, bottom, palette.accent, [4, 2]);
  }
}

function paintLine(
  context: CanvasRenderingContext2D,
  px: number,
  top: number,
  bottom: number,
  colour: string,
  dash: number[],
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(Math.round(px) + 0.5, top);
  context.lineTo(Math.round(px) + 0.5, bottom);
  context.stroke();
  context.setLineDash([]);
}

function paintPlayhead(
  context: CanvasRenderingContext2D,
  px: number,
  rulerPx: number,
  heightPx: number,
  palette: Palette,
): void {
  context.fillStyle = palette.accent;
  context.fillRect(Math.round(px) - 1, rulerPx - 2, 2, heightPx - rulerPx + 2);
  context.beginPath();
  context.moveTo(px - 7, rulerPx - 12);
  context.lineTo(px + 7, rulerPx - 12);
  context.lineTo(px + 7, rulerPx - 6);
  context.lineTo(px, rulerPx + 1);
  context.lineTo(px - 7, rulerPx - 6);
  context.closePath();
  context.fill();
}
