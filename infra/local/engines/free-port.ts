import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** Finds a port that nobody listens on at present; somebody may take it before it is used. */
export const findFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, LOOPBACK, () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('the probe for a free port has no port itself'));
      });
    });
  });
