import { loadReference } from '../../../proofs/iam';

const SERVICES = ['ecs', 'ecr', 'sts', 'ssm', 's3', 'iam', 'sagemaker', 'logs'];

describe('the reference of actions', () => {
  test('knows the resources and keys of an action, in any case', async () => {
    const reference = await loadReference(SERVICES);
    const update = reference.action('ECS:updateservice');
    expect(update).toMatchObject({ action: 'ecs:UpdateService', accessLevel: 'Write' });
    expect(update.resourceTypes).toEqual([
      {
        name: 'service',
        required: true,
        arn: 'arn:${Partition}:ecs:${Region}:${Account}:service/${ClusterName}/${ServiceName}',
      },
    ]);
    // One key of the action, one of the action on the type, one of the type.
    expect(update.conditionKeys).toEqual(
      expect.arrayContaining(['ecs:task-definition', 'ecs:cluster', 'ecs:ResourceTag/${TagKey}']),
    );
    expect(new Set(update.conditionKeys).size).toBe(update.conditionKeys.length);
  });

  test('knows which actions exist and which have no resources', async () => {
    const reference = await loadReference(SERVICES);
    expect(reference.actionExists('ecs:UpdateService')).toBe(true);
    expect(reference.actionExists('ecs:UpdateServices')).toBe(false);
    expect(reference.actionExists('ecs:constructor')).toBe(false);
    expect(reference.action('ecr:GetAuthorizationToken').resourceTypes).toEqual([]);
    expect(
      reference
        .action('sagemaker:UpdateEndpoint')
        .resourceTypes.map(({ name }) => name)
        .sort(),
    ).toEqual(['endpoint', 'endpoint-config']);
  });

  test('lists the actions of a service in order', async () => {
    const names = (await loadReference(['ECR'])).actionsOf('ecr').map(({ action }) => action);
    expect(names).toEqual([...names].sort());
    expect(names).toContain('ecr:PutImage');
    expect(names.every((name) => name.startsWith('ecr:'))).toBe(true);
  });

  test('knows the global keys', async () => {
    const { isGlobalKey } = await loadReference([]);
    expect(['aws:SourceIp', 'AWS:sourceip', 'aws:PrincipalTag/team'].every(isGlobalKey)).toBe(true);
    expect(['ecs:cluster', 'aws:PrincipalTag', 'aws:SourceIpX'].some(isGlobalKey)).toBe(false);
  });

  test('refuses what it does not know', async () => {
    const refused = expect.objectContaining({ code: 'UnsupportedPolicy' });
    await expect(loadReference(['escs'])).rejects.toThrow(refused);
    const reference = await loadReference(['ecs']);
    expect(() => reference.actionExists('ecr:PutImage')).toThrow(/a loaded service \(ecs\)/);
    expect(() => reference.action('ecs:Nothing')).toThrow(refused);
    expect(() => reference.actionsOf('ecr')).toThrow(refused);
  });

  test('reads a service once', async () => {
    const [first, second] = [await loadReference(['ecs']), await loadReference(['ecs', 'ecr'])];
    expect(second.action('ecs:UpdateService')).toBe(first.action('ecs:UpdateService'));
  });
});
