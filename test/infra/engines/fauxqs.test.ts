import { connect as open } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { startFauxqs } from '../../../infra/local/engines/fauxqs.ts';

const answersAt = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = open({ host, port, timeout: 500 });
    const end = (answered: boolean) => () => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
    socket.once('timeout', end(false));
  });

describe('the queue engine', () => {
  it('listens on loopback and nowhere else', async () => {
    const engine = await startFauxqs({ dataDir: null });
    const port = Number(new URL(engine.endpoint).port);
    const others = Object.values(networkInterfaces()).flat().flatMap((address) => (address?.family === 'IPv4' && !address.internal ? [address.address] : []));
    // Where there is no other network, all of 127/8 is loopback, and only one address of it is ours.
    for (const host of [...others, '127.0.0.2']) expect(await answersAt(host, port)).toBe(false);
    expect(await answersAt('127.0.0.1', port)).toBe(true);
    await engine.stop();
    expect(await answersAt('127.0.0.1', port)).toBe(false);
  });
});
