import { REPOSITORY, World } from '../constructs/ecs-service/runtime/world';
import { runCommand } from './harness';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => world.stop());

const tag = (digest: string, ref: string, ...options: readonly string[]) =>
  runCommand(world, ['image', 'tag', 'kvs-infer', '-i', `${REPOSITORY}@${digest}`, '--ref', ref, ...options]);

describe('image tag', () => {
  test('A03 a late run of an earlier release leaves 1.2 with the later one', async () => {
    const earlier = world.registry.push('earlier');
    const later = world.registry.push('later');
    await tag(earlier, 'refs/tags/v1.2.9');
    await tag(later, 'refs/tags/v1.2.10');
    const { code, stdout, stderr } = await tag(earlier, 'refs/tags/v1.2.9', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: true,
      tags: ['v1.2.9'],
      kept: [{ tag: '1.2', by: 'v1.2.10' }],
    });
    expect(stderr).toContain('1.2 stays with v1.2.10');
    expect(world.registry.tags.get('1.2')).toBe(later);
  });

  test('A03 1.2 is found to be taken on whichever page of ECR the later release stands', async () => {
    const [earlier, later] = [world.registry.push('earlier'), world.registry.push('later')];
    for (const name of ['sha-1', 'sha-2', 'v1.1.0', 'v1.3.0', 'v2.0.0', 'v1.2.4-rc.1']) {
      world.registry.push(name, name);
    }
    world.registry.push('later', 'v1.2.4', '1.2');
    await tag(earlier, 'refs/tags/v1.2.3');
    expect(world.registry.tags.get('1.2')).toBe(later);
  });

  test('A03 releases of other lines and pre-releases do not hold 1.2 back', async () => {
    const digest = world.registry.push('image');
    for (const name of ['v1.1.9', 'v1.3.0', 'v2.2.9', 'v11.2.9', 'v1.2.9-rc.1'])
      world.registry.push(name, name);
    await tag(digest, 'refs/tags/v1.2.3');
    expect(world.registry.tags.get('1.2')).toBe(digest);
  });

  test('asks for the tags of the registry only where a tag might move back', async () => {
    const digest = world.registry.push('image');
    for (const ref of ['refs/heads/main', 'refs/heads/feature', 'refs/tags/v1.2.3-rc.1'])
      await tag(digest, ref);
    expect(world.server.actions()).not.toContain('ecr:ListImages');
    await tag(digest, 'refs/tags/v1.2.3');
    expect(world.server.actions()).toContain('ecr:ListImages');
  });

  test.each([
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.docker.distribution.manifest.v2+json',
  ])('A03 an image that was pushed as %s keeps its bytes', async (mediaType) => {
    const digest = world.registry.pushAs(mediaType, 'as it was pushed');
    const { code } = await tag(digest, 'refs/tags/v1.2.3');
    expect(code).toBe(0);
    expect(world.registry.tags.get('v1.2.3')).toBe(digest);
    // Other bytes would be another image.
    expect([...world.registry.images.keys()]).toEqual([digest]);
    expect(world.registry.images.get(digest)).toMatchObject({ mediaType });
  });
});
