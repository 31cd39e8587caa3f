import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import { createAdaptorServer } from '@hono/node-server';

/** A server that listens. */
export interface Listener {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a loopback address. Rejects with node's error when the port is taken (`EADDRINUSE`). */
export async function listen(options: {
  host: string;
  port: number;
  fetch: (request: Request, environment: HttpBindings) => Promise<Response>;
}): Promise<Listener> {
  const { host } = options;
  const server = createAdaptorServer({
    fetch: (request, environment) => options.fetch(request, environment as HttpBindings),
  }) as Server;
  server.listen(options.port, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
