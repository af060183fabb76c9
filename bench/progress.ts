/** Where a run is. */
export interface Progress {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

const CLEAR_LINE = '\r\u001b[2K';

/** One line that is written over on a terminal; nothing at all elsewhere. */
export function progressLine(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show: (text) => void stream.write(`${CLEAR_LINE}${text.slice(0, stream.columns - 1)}`),
    clear: () => void stream.write(CLEAR_LINE),
  };
}
