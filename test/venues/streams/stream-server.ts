// A venue's WebSocket on this machine: it answers what clients say, tells them what a test has it tell, and breaks off.
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** How one venue answers a message of a client; what it gives back is sent to that client. */
export type StreamProtocol = (message: Readonly<Record<string, unknown>>, client: StreamClient) => readonly unknown[];

export interface StreamClient {
  readonly socket: WebSocket;
  /** What it is subscribed to. */
  readonly channels: Set<string>;
}

export class StreamServer {
  readonly url: string;
  connections = 0;
  /** While it is silent, it takes what comes and says nothing, no pong either. */
  isSilent = false;
  readonly #server: WebSocketServer;
  readonly #clients = new Set<StreamClient>();

  private constructor(server: WebSocketServer, protocol: StreamProtocol) {
    this.#server = server;
    this.url = `ws://127.0.0.1:${server.address().port}`;
    server.on('connection', (socket) => {
      this.connections += 1;
      const client: StreamClient = { socket, channels: new Set() };
      this.#clients.add(client);
      socket.on('close', () => this.#clients.delete(client));
      socket.on('error', () => undefined);
      socket.on('message', (data: Buffer) => {
        if (this.isSilent) return;
        for (const answer of protocol(JSON.parse(data.toString()), client)) socket.send(JSON.stringify(answer));
      });
      if (this.isSilent) socket.pause();
    });
  }

  static async start(protocol: StreamProtocol): Promise<StreamServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise<void>((resolve) => server.on('listening', resolve));
    return new StreamServer(server, protocol);
  }

  /** How many clients hear a channel. */
  hearers(channel: string): number {
    return [...this.#clients].filter(({ channels }) => channels.has(channel)).length;
  }

  /** Tells everybody who hears a channel. */
  tell(channel: string, message: unknown): void {
    for (const { socket, channels } of this.#clients) if (channels.has(channel) && !this.isSilent) socket.send(JSON.stringify(message));
  }

  /** Goes silent on every connection there is, without an end to it. */
  goSilent(): void {
    this.isSilent = true;
    for (const { socket } of this.#clients) socket.pause();
  }

  /** Breaks every connection. */
  breakOff(): void {
    for (const { socket } of this.#clients) socket.terminate();
    this.#clients.clear();
  }

  async stop(): Promise<void> {
    this.breakOff();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
