import { closeSync, openSync, writeSync } from 'node:fs';

/** Keeps the virtual time in a file, where processes read it. The number of digits does not change for centuries. */
export class TimeFile {
  private readonly descriptor: number;
  private open = true;

  constructor(
    readonly path: string,
    now: number,
  ) {
    this.descriptor = openSync(path, 'w');
    this.write(now);
  }

  write(now: number): void {
    if (this.open) writeSync(this.descriptor, String(Math.trunc(now)), 0, 'latin1');
  }

  close(): void {
    if (this.open) closeSync(this.descriptor);
    this.open = false;
  }
}
