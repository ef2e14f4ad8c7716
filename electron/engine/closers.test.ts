import { describe, expect, it } from 'vitest';
import { Closers } from './closers.ts';
import { createLog } from './log.ts';

describe('Closers', () => {
  it('closes in the opposite order, the rest too when one fails, and each once', async () => {
    let logged = '';
    const closers = new Closers(createLog('error', (line) => (logged += line)));
    const closed: string[] = [];
    closers.add('first', () => closed.push('first'));
    closers.add('second', async () => {
      await Promise.resolve();
      closed.push('second');
    });
    closers.add('third', () => Promise.reject(new Error('stuck')));
    await closers.closeAll();
    await closers.closeAll();
    expect(closed).toEqual(['second', 'first']);
    expect(logged).toMatch(/third.*did not close/);
  });

  it('gives up what is still being built, and closes that, too', async () => {
    const closers = new Closers(createLog('silent', () => {}));
    const closed: string[] = [];
    closers.refuseMore();
    expect(() => closers.add('late', () => closed.push('late'))).toThrow('closed while it was starting');
    await closers.closeAll();
    expect(closed).toEqual(['late']);
  });
});
