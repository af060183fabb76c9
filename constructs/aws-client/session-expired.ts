import { LockstepError } from '../../contract';
import { awsErrorName } from './aws-failure';

/**
 * Says what it means when the session ends in the middle of the work: AWS goes on without it.
 *
 * @throws LockstepError `SessionExpired` in place of `AwsCallFailed`; every other error as it is
 */
export async function withinSession<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!LockstepError.is(error) || !/^ExpiredToken/.test(awsErrorName(error) ?? '')) throw error;
    const [fault] = error.faults;
    throw new LockstepError(
      'SessionExpired',
      {
        place: fault?.place ?? 'a call of AWS',
        value: fault?.value ?? error.message,
        allowed: 'a session that lasts as long as the command',
        change:
          'sign in anew and run the same command again: a deployment goes on at AWS, and the command takes it up where it is',
      },
      { cause: error },
    );
  }
}
