import type { Command } from 'commander';
import type { InvokeAnswer } from '../../contract/deployer';
import { LockstepError } from '../../contract/errors';
import type { Report } from '../report';
import type { Session } from '../session';
import type { CommandContext } from './options';
import { addTargetVerb, type TargetOptions } from './target-verb';
import { notSupported } from './verb-not-supported';

interface InvokeOptions extends TargetOptions {
  readonly payload?: string;
  readonly contentType?: string;
}

const FIRST_ERROR_STATUS = 400;

export function addInvoke(program: Command, context: CommandContext): void {
  addTargetVerb<'invoke', InvokeOptions>(program, context, {
    name: 'invoke',
    description: 'Send one request to what serves, and print the answer',
    options: (command) =>
      command
        .option('-p, --payload <file>', 'body of the request (default: the sample payload of the workload)')
        .option('--content-type <type>', 'content type of the request (default: that of the sample payload)'),
    exampleTarget: 'bikeshare --environment staging',
    example: '--payload services/bikeshare/payload.json',
    json: 'answer: { status, contentType, body, milliseconds }',
    exits: { done: 'the request was answered', failed: 'the answer is an error' },
    run: async ({ session, entry, deployer, options, name }) => {
      if (!deployer.invoke) throw notSupported('invoke', entry);
      const { payload, contentType } = options;
      const answer = await deployer.invoke(
        {
          ...(payload === undefined ? {} : { body: await payloadOf(session, payload) }),
          ...(contentType === undefined ? {} : { contentType }),
        },
        session.context,
      );
      return answerReport(answer, name);
    },
  });
}

/** @throws LockstepError `InvalidArgument` */
async function payloadOf({ ports }: Session, path: string): Promise<Uint8Array> {
  try {
    return await ports.readBytes(path);
  } catch (error) {
    throw new LockstepError(
      'InvalidArgument',
      {
        place: '--payload',
        value: JSON.stringify(path),
        allowed: 'a file that can be read',
        change: 'correct the path, which is relative to the current folder',
      },
      { cause: error },
    );
  }
}

function answerReport(answer: InvokeAnswer, name: string): Report {
  const { status, contentType, body, milliseconds } = answer;
  const failed = status >= FIRST_ERROR_STATUS;
  return {
    title: `${name}: answered ${status} after ${milliseconds} ms`,
    facts: contentType === '' ? [] : [['content type', contentType]],
    sections: body === '' ? [] : [{ title: 'Answer', lines: body.split(/\r?\n/) }],
    data: { answer },
    ...(failed
      ? {
          failure: new LockstepError('InvocationRefused', {
            place: name,
            value: `status ${status}`,
            allowed: `a status below ${FIRST_ERROR_STATUS}`,
            change: 'compare the payload with what the service takes',
          }),
        }
      : {}),
  };
}
