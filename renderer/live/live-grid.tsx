import { useEffect, useRef } from 'react';
import { useSize } from '../ui/use-size.ts';
import { LiveTile } from './live-tile.tsx';
import type { Grid } from './use-grid.ts';

/** The tiles, edge to edge. */
export function LiveGrid({ grid, loaded }: { grid: Grid; loaded: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  const { setAspect, shape, cameras, enlargedId } = grid;
  useEffect(() => {
    if (size && size.height > 0) setAspect(size.width / size.height);
  }, [size, setAspect]);

  const tiles = cameras.map((camera, index) => (
    <LiveTile
      key={camera.id}
      camera={camera}
      digit={index < 9 ? index + 1 : undefined}
      isChosen={camera.id === grid.chosenId}
      isEnlarged={camera.id === enlargedId}
      isCovered={enlargedId !== undefined && camera.id !== enlargedId}
      onChoose={() => grid.choose(camera.id)}
      onToggleEnlarged={() => grid.toggleEnlarged(camera.id)}
    />
  ));
  if (grid.isColumn) {
    return (
      <div ref={element} className="relative h-full overflow-y-auto bg-bg">
        <div className="flex flex-col gap-0.5">{tiles}</div>
      </div>
    );
  }
  const empty = loaded ? shape.columns * shape.rows - cameras.length : 0;
  return (
    <div
      ref={element}
      className="relative grid h-full gap-0.5 bg-bg"
      style={{
        gridTemplateColumns: `repeat(${shape.columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${shape.rows}, minmax(0, 1fr))`,
      }}
    >
      {tiles}
      {Array.from({ length: empty }, (_, index) => (
        <div key={index} aria-hidden className="bg-surface" />
      ))}
    </div>
  );
}
