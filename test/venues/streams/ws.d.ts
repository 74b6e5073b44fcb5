// What is used of the package, which brings no types.
declare module 'ws' {
  import type { EventEmitter } from 'node:events';

  export interface WebSocket extends EventEmitter {
    readonly readyState: number;
    send(data: string): void;
    close(code?: number): void;
    terminate(): void;
    pause(): void;
  }

  export class WebSocketServer extends EventEmitter {
    constructor(options: { host: string; port: number });
    readonly clients: Set<WebSocket>;
    address(): { port: number };
    close(done?: () => void): void;
    on(event: 'connection', listener: (socket: WebSocket, request: { url?: string }) => void): this;
    on(event: 'listening', listener: () => void): this;
  }
}
