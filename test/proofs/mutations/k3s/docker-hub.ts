import { definePlatform } from '../../../../lib';
import { app, platformProps } from '../../../lib/platform-props';
import { build, editWorkflow, type Mutation, type Sources } from '../../sample';
import { inJob } from '../in-job';
import { job } from '../workflow-names';

const FILE = 'shop-deploy.yml';
const TOKEN = '${{ secrets.DOCKERHUB_TOKEN }}';
const LOGIN = '      - name: Log in to Docker Hub\n';

let built: Sources | undefined;

/** A platform whose images are kept at Docker Hub. */
export function dockerHub(): Sources {
  const tests = { go: '1.26' };
  const registry = { dockerHub: { organization: 'octo-org', username: 'octobot' } };
  built ??= build(definePlatform(platformProps({ workloads: [{ ...app(), tests, registry }] })));
  return { ...structuredClone(built) };
}

const at = (
  name: string,
  owner: Mutation['owner'],
  place: Mutation['place'],
  change: Mutation['apply'],
): Mutation => ({
  name,
  owner,
  place,
  apply: (sample) => {
    Object.assign(sample, dockerHub());
    change(sample);
  },
});
const inBuild = (from: string | RegExp, to: string) => (sample: Sources) =>
  inJob(sample, FILE, 'build-api', from, to);
const login = (name: string, from: string | RegExp, to: string): Mutation =>
  at(name, 'P11', job('build-api', FILE), inBuild(from, to));
const secret = (name: string, change: Mutation['apply'], place = 'build-api'): Mutation =>
  at(name, 'P11', job(place, FILE), change);
const tag = (name: string, from: string | RegExp, to: string, place = 'build-api'): Mutation =>
  at(name, 'P08', job(place, FILE), inBuild(from, to));

/** Images at Docker Hub: its token, and the tags that it moves. */
export const DOCKER_HUB_MUTATIONS: readonly Mutation[] = [
  login('a login as somebody else', 'username: octobot', 'username: octo-org'),
  login('a login with the name of a secret', 'username: octobot', `username: ${TOKEN}`),
  login(
    'a login with a token that stands in the file',
    `password: ${TOKEN}`,
    'password: dckr_pat_0123456789',
  ),
  login('a login at another registry', 'username: octobot', 'registry: ghcr.io\n          username: octobot'),
  login('a login that may be left out', LOGIN, `${LOGIN}        if: github.actor == 'octobot'\n`),
  login('no login before the push', new RegExp(`${LOGIN}[\\s\\S]*?\\n\\n`), ''),
  login('a login with another secret', TOKEN, '${{ secrets.OTHER_TOKEN }}'),
  secret(
    'a secret in a script',
    inBuild('          REPOSITORY:', `          TOKEN: ${TOKEN}\n          REPOSITORY:`),
  ),
  secret(
    'a secret in the build',
    inBuild('          push: true\n', `          push: true\n          secrets: token=${TOKEN}\n`),
  ),
  secret(
    'a secret beside the tests',
    (sample) =>
      inJob(
        sample,
        FILE,
        'test',
        '    timeout-minutes: 20\n',
        `    timeout-minutes: 20\n    env:\n      TOKEN: ${TOKEN}\n`,
      ),
    'test',
  ),
  secret(
    'a secret in a job that scans',
    (sample) =>
      inJob(
        sample,
        FILE,
        'scan-api',
        '    timeout-minutes: 30\n',
        `    timeout-minutes: 30\n    env:\n      TOKEN: ${TOKEN}\n`,
      ),
    'scan-api',
  ),
  secret('tests in the job with the secret', inBuild(LOGIN, `      - run: go test ./...\n\n${LOGIN}`)),
  secret(
    'an action of the repository in the job with the secret',
    inBuild(LOGIN, `      - uses: ./.github/actions/x\n\n${LOGIN}`),
  ),
  secret(
    'secrets that another workflow gets',
    (sample) =>
      editWorkflow(
        sample,
        FILE,
        '\njobs:\n',
        '\njobs:\n  more:\n    uses: ./.github/workflows/x.yml\n    secrets: inherit\n',
      ),
    'more',
  ),
  at('a secret in a file that pull requests start', 'P11', job('build-api', FILE), (sample) =>
    editWorkflow(sample, FILE, '  workflow_dispatch: {}\n', '  pull_request: {}\n  workflow_dispatch: {}\n'),
  ),
  at('a secret for the whole file', 'P11', new RegExp(FILE), (sample) =>
    editWorkflow(sample, FILE, '\njobs:\n', `\nenv:\n  TOKEN: ${TOKEN}\n\njobs:\n`),
  ),
  at('a secret that no workflow reads', 'P11', 'secrets.SPARE_TOKEN', (sample) => {
    const spare = { name: 'SPARE_TOKEN', purpose: 'nothing', environments: [] };
    sample.manifest = { ...sample.manifest, secrets: [...sample.manifest.secrets, spare] };
  }),
  at('a secret that nobody declared', 'P11', job('build-api', FILE), (sample) => {
    sample.manifest = { ...sample.manifest, secrets: [] };
  }),
  tag(
    'a tag that every build moves',
    'tags: ${{ steps.name.outputs.tag }}',
    'tags: docker.io/octo-org/shop-api:latest',
  ),
  tag('a tag of few characters of the commit', '${GITHUB_SHA:0:12}', '${GITHUB_SHA:0:4}', 'deploy-staging'),
  tag('a tag of a branch', '${GITHUB_SHA:0:12}', '$GITHUB_REF_NAME', 'deploy-staging'),
  tag(
    'a repository that is chosen in the run',
    /REPOSITORY: \S+/,
    'REPOSITORY: ${{ github.event.repository.name }}',
    'deploy-staging',
  ),
  at(
    'a build for Docker Hub on whatever ref',
    'P08',
    job('build-api', FILE),
    inBuild(/ {6}- name: Refuse a ref[\s\S]*?esac\n\n/, ''),
  ),
  at(
    'a build for Docker Hub that may mint tokens',
    'P02',
    /shop-deploy\.yml:\d+ build-api, permissions$/,
    inBuild('      contents: read', '      id-token: write\n      contents: read'),
  ),
  at(
    'a digest that Docker Hub did not give',
    'P08',
    job('build-api', FILE),
    inBuild('digest: ${{ steps.build.outputs.digest }}', 'digest: ${{ steps.name.outputs.tag }}'),
  ),
];
