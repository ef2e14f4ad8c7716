/** A shape in scene units: its bounds, and the signed distance of a point to its edge (negative inside). */
export interface Shape {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  distance(x: number, y: number): number;
}

export function circle(x: number, y: number, radius: number): Shape {
  return {
    ...bounds(x - radius, y - radius, x + radius, y + radius),
    distance: (px, py) => Math.hypot(px - x, py - y) - radius,
  };
}

export function ellipse(x: number, y: number, radiusX: number, radiusY: number): Shape {
  const smaller = Math.min(radiusX, radiusY);
  return {
    ...bounds(x - radiusX, y - radiusY, x + radiusX, y + radiusY),
    distance: (px, py) => (Math.hypot((px - x) / radiusX, (py - y) / radiusY) - 1) * smaller,
  };
}

/** A rectangle by its corner and size, with rounded corners if wanted. */
export function box(x: number, y: number, width: number, height: number, rounding = 0): Shape {
  const middleX = x + width / 2;
  const middleY = y + height / 2;
  return {
    ...bounds(x, y, x + width, y + height),
    distance: (px, py) => {
      const dx = Math.abs(px - middleX) - width / 2 + rounding;
      const dy = Math.abs(py - middleY) - height / 2 + rounding;
      return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - rounding;
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
      return Math.hypot(px - x1 - along * dx, py - y1 - along * dy) - radius;
    },
  };
}

/** A convex or concave polygon from its corners. */
export function polygon(...corners: readonly (readonly [x: number, y: number])[]): Shape {
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return {
    ...bounds(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)),
    distance: (px, py) => polygonDistance(corners, px, py),
  };
}

function bounds(left: number, top: number, right: number, bottom: number): Omit<Shape, 'distance'> {
  return { left, top, right, bottom };
}

function polygonDistance(corners: readonly (readonly [number, number])[], px: number, py: number): number {
  let nearest = Infinity;
  let inside = false;
  let [x1, y1] = corners.at(-1) ?? [0, 0];
  for (const [x2, y2] of corners) {
    const dx = x2 - x1;
    const dy = y2 - y1;
    const along = Math.min(1, Math.max(0, ((px - x1) * dx + (py - y1) * dy) / (dx * dx + dy * dy || 1)));
    nearest = Math.min(nearest, Math.hypot(px - x1 - along * dx, py - y1 - along * dy));
    if (y1 > py !== y2 > py && px < ((x1 - x2) * (py - y2)) / (y1 - y2) + x2) inside = !inside;
    x1 = x2;
    y1 = y2;
  }
  return inside ? -nearest : nearest;
}
