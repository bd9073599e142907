/**
 * Fewer system calls and frames for the same bytes. As they come, the libraries write each encrypted message to the
 * socket in four pieces and answer each received one with a window update of its own: for the small messages of
 * consensus that is most of what the network costs. Nothing here changes what is said: TCP is a byte stream, and yamux
 * lets a receiver announce its window when it likes (spec, "Flow Control").
 *
 * Both work on instances of library classes by fields that their types leave out. Where a field is not what is expected
 * here, the instance stays as it was: slower, and right.
 */
import type { Socket } from 'node:net';
import type { ConnectionEncrypter, MessageStream, Stream, StreamMuxerFactory } from '@libp2p/interface';

/** Some bytes in pieces. `subarray` joins them. */
interface Pieces {
  readonly byteLength: number;
  subarray(): Uint8Array;
}

interface TcpConnection {
  readonly socket: Socket;
  sendData(data: Pieces): { readonly sentBytes: number; readonly canSendMore: boolean };
}

function isTcp(connection: object): connection is TcpConnection {
  const { socket, sendData } = connection as Partial<TcpConnection>;
  return typeof socket?.cork === 'function' && typeof sendData === 'function';
}

/** Everything that is sent in one turn of the event loop leaves in one write. */
function gatherWrites(connection: MessageStream): void {
  if (!isTcp(connection)) return;
  const { socket } = connection;
  let gathering = false;
  connection.sendData = (data) => {
    if (!gathering) {
      gathering = true;
      socket.cork();
      setImmediate(() => {
        gathering = false;
        socket.uncork();
      });
    }
    return { sentBytes: data.byteLength, canSendMore: socket.write(data.subarray()) };
  };
}

type Components<T> = (components: T) => ConnectionEncrypter;

/** An encrypter that gathers the writes of the connections that it encrypts. */
export function gathered<T>(encrypter: Components<T>): Components<T> {
  return (components) => {
    const inner = encrypter(components);
    const secureInbound = inner.secureInbound.bind(inner);
    const secureOutbound = inner.secureOutbound.bind(inner);
    inner.secureInbound = (connection, options) => {
      gatherWrites(connection);
      return secureInbound(connection, options);
    };
    inner.secureOutbound = (connection, options) => {
      gatherWrites(connection);
      return secureOutbound(connection, options);
    };
    return inner;
  };
}

/** `StreamState.Established` of yamux: in every other state an update carries a flag that must not wait. */
const ESTABLISHED = 3;

interface YamuxStream {
  readonly state: number;
  readonly recvWindow: number;
  readonly recvWindowCapacity: number;
  sendWindowUpdate(): void;
}

function isYamux(stream: object): stream is YamuxStream {
  const { state, recvWindow, recvWindowCapacity, sendWindowUpdate } = stream as Partial<YamuxStream>;
  const numbers = [state, recvWindow, recvWindowCapacity];
  return numbers.every((field) => typeof field === 'number') && typeof sendWindowUpdate === 'function';
}

/** The sender hears of a wider window once half of it is used, as in yamux's reference implementation. */
function spareUpdates(stream: Stream): void {
  if (!isYamux(stream)) return;
  const update = stream.sendWindowUpdate.bind(stream);
  stream.sendWindowUpdate = () => {
    if (stream.state === ESTABLISHED && stream.recvWindowCapacity > stream.recvWindow / 2) return;
    update();
  };
}

/** Not by an event listener: while there is none, the muxer keeps early streams for the one that libp2p adds. */
function spareInbound(muxer: object): void {
  const accepting = muxer as { onRemoteStream?: (stream: Stream) => void };
  const onRemoteStream = accepting.onRemoteStream?.bind(muxer);
  if (!onRemoteStream) return;
  accepting.onRemoteStream = (stream) => {
    spareUpdates(stream);
    onRemoteStream(stream);
  };
}

/** A muxer whose streams announce their window once half of it is used. */
export function sparing<T>(factory: (components: T) => StreamMuxerFactory): (components: T) => StreamMuxerFactory {
  return (components) => {
    const inner = factory(components);
    return {
      protocol: inner.protocol,
      createStreamMuxer(connection) {
        const muxer = inner.createStreamMuxer(connection);
        const createStream = muxer.createStream.bind(muxer);
        muxer.createStream = async (options) => {
          const stream = await createStream(options);
          spareUpdates(stream);
          return stream;
        };
        spareInbound(muxer);
        return muxer;
      },
    };
  };
}
