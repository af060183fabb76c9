import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ApiFault, type Input } from '../../aws/service';
import type { ProgramCall, ProgramEnd } from '../line';

/** A call of S3 with the credentials of the machine. @throws ApiFault as S3 answers */
export type S3Call = (operation: 'GetObject' | 'PutObject' | 'ListObjectsV2', input: Input) => object;

/** Options that change nothing here. */
const QUIET = ['--only-show-errors', '--quiet', '--no-progress'];

/**
 * `aws s3 cp` between a file, or standard input, and an object, also with `--recursive`.
 *
 * @see https://docs.aws.amazon.com/cli/latest/reference/s3/cp.html
 */
export function awsS3({ args, folder, input }: ProgramCall, call: S3Call): ProgramEnd {
  const [service, command, ...rest] = args;
  const isRecursive = rest.includes('--recursive');
  const [from, to, ...others] = rest.filter((each) => !QUIET.includes(each) && each !== '--recursive');
  if (service !== 's3' || command !== 'cp' || from === undefined || to === undefined || others.length > 0) {
    return { code: 252, err: `aws: not rehearsed: aws ${args.join(' ')}\n` };
  }
  const target = address(to);
  const source = address(from);
  try {
    if (target && !source) upload(from === '-' ? input : resolve(folder, from), target, isRecursive, call);
    else if (source && !target) download(source, resolve(folder, to), isRecursive, call);
    else return { code: 252, err: 'aws: Error: Invalid argument type\n' };
    return { code: 0 };
  } catch (error) {
    const verb = target ? 'upload' : 'download';
    return { code: 1, err: `${verb} failed: ${from} to ${to} ${wording(error)}\n` };
  }
}

interface Address {
  readonly Bucket: string;
  readonly Key: string;
}

function address(text: string): Address | undefined {
  const [, Bucket, Key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(text) ?? [];
  return Bucket === undefined ? undefined : { Bucket, Key };
}

function upload(path: string, to: Address, isRecursive: boolean, call: S3Call): void {
  if (!isRecursive) {
    call('PutObject', { ...to, Body: readFileSync(path) });
    return;
  }
  for (const file of filesBelow(path)) {
    call('PutObject', { ...to, Key: join(to.Key, file), Body: readFileSync(join(path, file)) });
  }
}

function filesBelow(folder: string, below = ''): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}

function download({ Bucket, Key }: Address, to: string, isRecursive: boolean, call: S3Call): void {
  if (!isRecursive) {
    const isFolder = statSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
    save(call('GetObject', { Bucket, Key }), isFolder ? join(to, Key.split('/').at(-1) ?? '') : to);
    return;
  }
  for (const found of keysBelow({ Bucket, Key }, call)) {
    save(call('GetObject', { Bucket, Key: found }), join(to, found.slice(Key.length)));
  }
}

function keysBelow({ Bucket, Key }: Address, call: S3Call): readonly string[] {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = call('ListObjectsV2', {
      Bucket,
      Prefix: Key,
      EncodingType: 'url',
      ...(ContinuationToken !== undefined && { ContinuationToken }),
    }) as {
      readonly Contents?: readonly { readonly Key: string }[];
      readonly NextContinuationToken?: string;
    };
    keys.push(...(page.Contents ?? []).map((each) => decodeURIComponent(each.Key)));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys;
}

function save(answer: object, to: string): void {
  const { Body } = answer as { readonly Body: Uint8Array };
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, Body);
}

function wording(error: unknown): string {
  if (error instanceof ApiFault)
    return `An error occurred (${error.type}) when calling an operation: ${error.message}`;
  if (error instanceof Error && 'code' in error) return error.message;
  throw error;
}
