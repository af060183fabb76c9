import net from 'node:net';
import type { Word } from '../settings';

/** The way to the clock. It is opened with the first wait, so that a process without waits costs nothing. */
export interface Line {
  /** Says something, unless it was the last thing said. A signal makes it worth saying again. */
  say(word: Word): void;
  /** Whether the process has to stay alive for its timers. */
  hold(needed: boolean): void;
  /** Tells the clock, before anything else, that a signal was handled. */
  heard(): void;
}

/**
 * @param answered is called when time has passed
 */
export function lineTo(port: number, answered: () => void): Line {
  let socket: net.Socket | undefined;
  let held = false;
  let last = '';
  // The prototype's own method: by the time of the first wait everything else may have been replaced.
  const { connect } = net.Socket.prototype;
  const open = (): net.Socket => {
    const made = new net.Socket();
    Reflect.apply(connect, made, [port, '127.0.0.1']);
    made.setNoDelay(true);
    made.on('data', answered);
    // The rehearsal has ended; so does a process that waits.
    made.on('error', () => undefined);
    if (!held) made.unref();
    return made;
  };
  const send = (word: Word): void => {
    socket ??= open();
    socket.write(`${JSON.stringify(word)}\n`);
  };
  return {
    say: (word) => {
      const text = JSON.stringify(word);
      if (text === last || (socket === undefined && word.kind !== 'waits')) return;
      last = text;
      send(word);
    },
    hold: (needed) => {
      if (needed === held) return;
      held = needed;
      if (needed) {
        socket ??= open();
        socket.ref();
      } else socket?.unref();
    },
    heard: () => {
      last = '';
      send({ kind: 'heard' });
    },
  };
}
