export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A shape in scene units: its bounds, and the signed distance of a point to its edge (negative inside). */
export interface Shape extends Bounds {
  /** A rectangle that lies wholly inside, if there is a useful one: it is filled without asking for distances. */
  readonly solid?: Bounds;
  distance(x: number, y: number): number;
}

export function circle(x: number, y: number, radius: number): Shape {
  return {
    ...around(x, y, radius, radius),
    solid: around(x, y, radius * INSCRIBED, radius * INSCRIBED),
    distance: (px, py) => Math.sqrt((px - x) ** 2 + (py - y) ** 2) - radius,
  };
}

export function ellipse(x: number, y: number, radiusX: number, radiusY: number): Shape {
  const smaller = Math.min(radiusX, radiusY);
  return {
    ...around(x, y, radiusX, radiusY),
    solid: around(x, y, radiusX * INSCRIBED, radiusY * INSCRIBED),
    distance: (px, py) => (Math.sqrt(((px - x) / radiusX) ** 2 + ((py - y) / radiusY) ** 2) - 1) * smaller,
  };
}

/** A rectangle by its corner and size, with rounded corners if wanted. */
export function box(x: number, y: number, width: number, height: number, rounding = 0): Shape {
  const middleX = x + width / 2;
  const middleY = y + height / 2;
  return {
    ...bounds(x, y, x + width, y + height),
    solid: bounds(x + rounding, y + rounding, x + width - rounding, y + height - rounding),
    distance: (px, py) => {
      const dx = Math.abs(px - middleX) - width / 2 + rounding;
      const dy = Math.abs(py - middleY) - height / 2 + rounding;
      return Math.sqrt(Math.max(dx, 0) ** 2 + Math.max(dy, 0) ** 2) + Math.min(Math.max(dx, dy), 0) - rounding;
    },
  };
}

/** A thick line with round ends. */
export function limb(x1: number, y1: number, x2: number, y2: number, thickness: number): Shape {
  const radius = thickness / 2;
  const dx = x2 - x1;
  const dy = y2 - y1;
  const length2 = dx * dx + dy * dy || 1;
  return {
    ...bounds(
      Math.min(x1, x2) - radius,
      Math.min(y1, y2) - radius,
      Math.max(x1, x2) + radius,
      Math.max(y1, y2) + radius,
    ),
    distance: (px, py) => {
      const along = Math.min(1, Math.max(0, ((px - x1) * dx + (py - y1) * dy) / length2));
      return Math.sqrt((px - x1 - along * dx) ** 2 + (py - y1 - along * dy) ** 2) - radius;
    },
  };
}

/** A convex or concave polygon from its corners. */
export function polygon(...corners: readonly (readonly [x: number, y: number])[]): Shape {
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const points = Float64Array.from(corners.flat());
  return {
    ...bounds(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)),
    distance: (px, py) => polygonDistance(points, px, py),
  };
}

// Distances use Math.sqrt: Math.hypot guards against overflow that cannot happen here, at many times the price.

/** Half the side of the square in a circle of radius 1, and a little less. */
const INSCRIBED = 0.7;

function bounds(left: number, top: number, right: number, bottom: number): Bounds {
  return { left, top, right, bottom };
}

function around(x: number, y: number, radiusX: number, radiusY: number): Bounds {
  return bounds(x - radiusX, y - radiusY, x + radiusX, y + radiusY);
}

/** `points` holds x and y in turn: this runs for each pixel, and flat numbers are several times faster than pairs. */
function polygonDistance(points: Float64Array, px: number, py: number): number {
  let nearest = Infinity;
  let inside = false;
  let x1 = points[points.length - 2] ?? 0;
  let y1 = points[points.length - 1] ?? 0;
  for (let at = 0; at < points.length; at += 2) {
    const x2 = points[at] ?? 0;
    const y2 = points[at + 1] ?? 0;
    const dx = x2 - x1;
    const dy = y2 - y1;
    const along = Math.min(1, Math.max(0, ((px - x1) * dx + (py - y1) * dy) / (dx * dx + dy * dy || 1)));
    const offX = px - x1 - along * dx;
    const offY = py - y1 - along * dy;
    nearest = Math.min(nearest, offX * offX + offY * offY);
    if (y1 > py !== y2 > py && px < ((x1 - x2) * (py - y2)) / (y1 - y2) + x2) inside = !inside;
    x1 = x2;
    y1 = y2;
  }
  return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
}
