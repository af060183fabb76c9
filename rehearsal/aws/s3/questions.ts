import { optionalString } from '../modelled-members';
import { type Input, type Question, stringOf } from '../service';
import { currentOf, questionAbout, type S3Holder } from './buckets';

/** Condition keys by member of the request, where the request has it. */
function contextOf(input: Input, keys: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const given = Object.entries(keys).filter(([, member]) => input[member] !== undefined);
  return Object.fromEntries(given.map(([key, member]) => [key, String(input[member])]));
}

export const listContext = (input: Input): Readonly<Record<string, string>> =>
  contextOf(input, { 's3:prefix': 'Prefix', 's3:delimiter': 'Delimiter', 's3:max-keys': 'MaxKeys' });

export function putQuestion(s3: S3Holder, input: Input): Question {
  const context = contextOf(input, {
    's3:x-amz-acl': 'ACL',
    's3:x-amz-server-side-encryption': 'ServerSideEncryption',
    's3:if-match': 'IfMatch',
    's3:if-none-match': 'IfNoneMatch',
  });
  return questionAbout(s3, 'PutObject', input, { key: stringOf(input, 'Key'), context });
}

/** That an object is missing is told only to whom may list the bucket; others are denied. */
export const readQuestions =
  (s3: S3Holder) =>
  (input: Input): readonly Question[] => {
    const key = stringOf(input, 'Key');
    const versionId = optionalString(input, 'VersionId');
    const action = versionId === undefined ? 'GetObject' : 'GetObjectVersion';
    const context = contextOf(input, { 's3:versionid': 'VersionId' });
    const bucket = s3.state.buckets.get(stringOf(input, 'Bucket'));
    const isMissing = bucket && versionId === undefined && currentOf(bucket, key) === undefined;
    const asked = questionAbout(s3, action, input, { key, context });
    return isMissing ? [asked, questionAbout(s3, 'ListBucket', input, {})] : [asked];
  };

export function deleteQuestion(
  s3: S3Holder,
  input: Input,
  key: string,
  versionId: string | undefined,
): Question {
  const action = versionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion';
  const context = contextOf({ versionId }, { 's3:versionid': 'versionId' });
  return questionAbout(s3, action, input, { key, context });
}
