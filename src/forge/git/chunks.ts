import type { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';

/**
 * A stream for a web response, which ends with it when nobody reads on. (`Readable.toWeb` of Node 20 throws out of
 * nowhere, for nobody to catch, when its reader leaves while there is more.)
 */
export const webStreamOf = (stream: Readable): ReadableStream<Uint8Array> => ReadableStream.from(stream);

/** The next chunk of a stream, or null at its end; what is not asked for stays in the stream. */
export function nextChunk(stream: Readable): Promise<Buffer | null> {
  const ready = stream.read() as Buffer | null;
  if (ready !== null) return Promise.resolve(ready);
  if (stream.readableEnded || stream.destroyed) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      stream.off('readable', onReadable).off('end', onEnd).off('close', onEnd).off('error', onError);
      act();
    };
    const onReadable = () => {
      const chunk = stream.read() as Buffer | null;
      if (chunk !== null) settle(() => resolve(chunk));
    };
    const onEnd = () => settle(() => resolve(null));
    const onError = (error: Error) => settle(() => reject(error));
    stream.on('readable', onReadable).on('end', onEnd).on('close', onEnd).on('error', onError);
  });
}
