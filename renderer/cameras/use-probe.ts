import { useEffect, useRef, useState } from 'react';
import type { Camera, ProbeResult } from '../../electron/contract/camera.ts';
import type { StreamName } from '../../electron/contract/ids.ts';
import { probeCamera } from '../api/cameras.ts';
import { toProbe, type CameraForm } from './camera-form.ts';

export type ProbeState =
  | { kind: 'idle' }
  | { kind: 'probing' }
  | { kind: 'found'; main: ProbeResult; sub: ProbeResult | undefined }
  | { kind: 'failed'; stream: StreamName; url: string; error: unknown };

interface Probe {
  state: ProbeState;
  /** Looks at the form's streams; true when all of them give video. False, too, when it was reset meanwhile. */
  run: (form: CameraForm) => Promise<boolean>;
  /** Forgets the outcome: what it was about has changed. */
  reset: () => void;
}

/** Tests the streams of a form, one test at a time; it ends with the component. */
export function useProbe(camera: Camera | undefined): Probe {
  const [state, setState] = useState<ProbeState>({ kind: 'idle' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const reset = (): void => {
    running.current?.abort();
    running.current = undefined;
    setState({ kind: 'idle' });
  };

  const run = async (form: CameraForm): Promise<boolean> => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState({ kind: 'probing' });
    let stream: StreamName = 'main';
    try {
      const main = await probeCamera(toProbe(form, form.url, camera), controller.signal);
      stream = 'sub';
      const hasSub = form.subUrl.trim() !== '';
      const sub = hasSub ? await probeCamera(toProbe(form, form.subUrl, camera), controller.signal) : undefined;
      setState({ kind: 'found', main, sub });
      return true;
    } catch (error) {
      if (controller.signal.aborted) return false;
      setState({ kind: 'failed', stream, url: stream === 'main' ? form.url : form.subUrl, error });
      return false;
    }
  };

  return { state, run, reset };
}
