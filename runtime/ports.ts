import type { AwsConnection, Clock } from '../contract/deployer';
import type { Environment } from './environment';

/** A stream that text is written to. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Everything outside of the program, so that a test can run it without a process. */
export interface Ports {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** Aborts on SIGINT and SIGTERM, with the name of the signal as its reason. */
  readonly signal: AbortSignal;
  /** @throws when there is no such file */
  readFile(path: string): Promise<string>;
  /** The file as it is, for content that need not be text. @throws when there is no such file */
  readBytes(path: string): Promise<Uint8Array>;
  appendFile(path: string, text: string): Promise<void>;
  /** Writes a file anew, with the folders above it. */
  writeFile(path: string, text: string): Promise<void>;
  /** Paths of all files below a folder, from that folder on, in order. @throws when there is no such folder */
  listFiles(folder: string): Promise<readonly string[]>;
  /** How AWS is reached, besides the region, which the manifest names. */
  readonly connection: Omit<AwsConnection, 'region'>;
}
