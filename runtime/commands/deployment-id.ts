/**
 * A deployment's identifier without what stands before the last slash. Jobs hand it on in this form, for
 * GitHub drops job outputs that hold a masked value, such as the account id in an ARN.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs
 */
export function deploymentId(identifier: string): string {
  return identifier.slice(identifier.lastIndexOf('/') + 1);
}
