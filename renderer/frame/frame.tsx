import type { ReactNode } from 'react';
import { FfmpegBanner } from './ffmpeg-banner.tsx';
import { LostNote } from './lost-note.tsx';
import { Rail } from './rail.tsx';

/** The rail and the page beside it; on a phone the rail is a bar at the bottom. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="flex h-dvh phone:flex-col-reverse">
      <Rail />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <FfmpegBanner />
        <main id="main" tabIndex={-1} className="min-h-0 flex-1 outline-none">
          {children}
        </main>
      </div>
      <LostNote />
    </div>
  );
}
