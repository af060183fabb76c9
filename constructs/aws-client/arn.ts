/**
 * What stands behind the last slash of an ARN: the id of a deployment or a task, the `family:revision` of
 * a task definition. Short enough for a line that people read.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
