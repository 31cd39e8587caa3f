import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, ListenOptions } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import { createAdaptorServer } from '@hono/node-server';

/** A server that listens on a loopback address. */
export interface Listener {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Answers a request; the bindings are node's own request and response. */
export type Fetch = (request: Request, environment: HttpBindings) => Response | Promise<Response>;

/** Listens on a loopback address. Rejects with node's error when the port is taken (`EADDRINUSE`). */
export async function listen({
  host,
  port,
  fetch,
}: {
  host: string;
  port: number;
  fetch: Fetch;
}): Promise<Listener> {
  const server = await serve(fetch, { host, port });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    port: address.port,
    close: () => end(server),
  };
}

/** Listens on a unix socket, whose file must not be there yet; returns how to end it. */
export async function listenOnSocket(path: string, fetch: Fetch): Promise<() => Promise<void>> {
  const server = await serve(fetch, { path });
  return () => end(server);
}

async function serve(fetch: Fetch, where: ListenOptions): Promise<HttpServer> {
  const server = createAdaptorServer({
    fetch: (request, environment) => fetch(request, environment as HttpBindings),
  }) as HttpServer;
  server.listen(where);
  await once(server, 'listening');
  return server;
}

async function end(server: HttpServer): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
