import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { ProcessExit } from '../engine/worker-launcher.ts';
import { FakeElectron } from './testing/fake-electron.ts';
import { createUtilityProcessLauncher } from './utility-process-launcher.ts';

function launch() {
  const electron = new FakeElectron('/');
  const heard: unknown[] = [];
  const handle = createUtilityProcessLauncher(electron.api.utilityProcess).launch('/worker.js', 'worker', {
    onMessage: (message) => heard.push(message),
    onOutput: (line) => heard.push(line),
    onExit: (exit: ProcessExit) => heard.push(exit),
  });
  return { handle, heard, child: electron.children[0]! };
}

describe('createUtilityProcessLauncher', () => {
  it('carries messages, output and the exit', async () => {
    const { handle, heard, child } = launch();
    expect(handle.pid).toBeUndefined();
    child.pid = 7;
    expect(handle.pid).toBe(7);
    handle.send({ type: 'start' });
    child.emit('message', { type: 'ready' });
    child.stderr.end('one\ntwo\n');
    await once(child.stderr, 'end');
    await new Promise((resolve) => setImmediate(resolve));
    child.emit('exit', 5);
    handle.send({ type: 'late' });
    expect(child.posted).toEqual([{ type: 'start' }]);
    expect(heard).toEqual([{ type: 'ready' }, 'one', 'two', { code: 5, signal: null }]);
  });

  it('kills a process that hears no SIGTERM', async () => {
    const deaf = spawn(process.execPath, ['-e', 'process.on("SIGTERM",()=>{});console.log();setInterval(()=>{},1e3)']);
    await once(deaf.stdout, 'data');
    const { handle, child } = launch();
    child.pid = deaf.pid;
    handle.kill();
    expect((await once(deaf, 'exit'))[1]).toBe('SIGKILL');
  });

  it('asks a process that has no id yet', () => {
    const { handle, child } = launch();
    handle.kill();
    expect(child.terminated).toBe(true);
  });
});
