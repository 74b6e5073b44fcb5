// A request written byte by byte, since clients refuse to send what an attacker would.
import { connect } from 'node:net';
import type { Wire } from '../../functions/order-webhook/attacks.ts';

/** Posts over a connection of its own and gives the status of the answer; 0 where there was none. */
export const postRaw = async (address: string, { headers, body }: Wire): Promise<number> => {
  const url = new URL(address);
  const lines = [
    `POST ${url.pathname} HTTP/1.1`,
    `Host: ${url.host}`,
    `Content-Length: ${body.byteLength}`,
    'Connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  const answer = await new Promise<string>((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(url.port), url.hostname, () => {
      socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]));
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    // What the server did not read any more breaks the connection after its answer.
    socket.once('error', () => undefined);
    socket.once('close', () => {
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
  });
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
};
