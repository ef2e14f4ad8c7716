declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';

  interface RollingFile extends EventEmitter {
    write(line: string): boolean;
    end(): void;
  }

  export default function pinoRoll(options: {
    file: string;
    extension?: string;
    size?: string;
    mkdir?: boolean;
    limit?: { count: number };
  }): Promise<RollingFile>;
}
