import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A call of a program on a machine. */
export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  /** Folder in which it was called. */
  readonly folder: string;
  /** File with what came on its standard input, where it asked for that. */
  readonly input: string;
}

/** What a program does in the end. */
export interface ProgramEnd {
  readonly code: number;
  readonly out?: string;
  readonly err?: string;
}

/** @param gone aborts when the program has ended by itself */
export type AnswerProgram = (call: ProgramCall, gone: AbortSignal) => Promise<ProgramEnd>;

/** Fields in front of the arguments: run, program, folder, input, number of arguments. */
const HEAD = 5;

/** As a shell reports a program that was killed. */
const KILLED = 137;

/** Answers the programs of machines, which call on loopback. */
export class ProgramLine {
  private readonly runs = new Map<string, AnswerProgram>();
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port: Promise<number> | undefined;

  /** @returns the port on 127.0.0.1 */
  open(): Promise<number> {
    this.port ??= new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: false }, (socket) => this.listen(socket));
      this.server = server;
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
    return this.port;
  }

  /**
   * Calls of a run are answered so.
   *
   * @returns what ends that
   */
  register(run: string, answer: AnswerProgram): () => void {
    this.runs.set(run, answer);
    return () => void this.runs.delete(run);
  }

  close(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private listen(socket: Socket): void {
    const chunks: Buffer[] = [];
    const gone = new AbortController();
    let answered = false;
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      gone.abort();
    });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const fields = Buffer.concat(chunks).toString('utf8').split('\0');
      const count = fields[HEAD - 1];
      if (answered || count === undefined || fields.length <= HEAD + Number(count)) return;
      answered = true;
      void this.answer(fields, socket, gone.signal);
    });
  }

  private async answer(fields: readonly string[], socket: Socket, gone: AbortSignal): Promise<void> {
    const [run = '', program = '', folder = '', input = '', count = '0', ...rest] = fields;
    const args = rest.slice(0, Number(count));
    const answer = this.runs.get(run);
    const end: ProgramEnd = answer ? await answer({ program, args, folder, input }, gone) : { code: KILLED };
    const { code, out = '', err = '' } = end;
    if (!socket.destroyed) socket.end(`${code}\0${out}\0${err}\0`);
  }
}
