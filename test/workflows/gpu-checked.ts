import {
  type DeployManifest,
  type GpuCheckEntry,
  gpuCheckJobMinutes,
  maxSessionMinutes,
} from '../../contract';
import { registryCalls } from '../../constructs/image-registry/spec';
import { manifest } from '../fixtures/manifest';

const ACCOUNT = '111111111111';
const REGION = 'us-east-1';
const NAME = 'ml-platform/kvs-infer-gpu-check';

export const GPU_CHECK: GpuCheckEntry = {
  id: 'kvs-infer-gpu-check',
  workload: 'kvs-infer',
  environment: 'staging',
  account: ACCOUNT,
  region: REGION,
  role: 'kvs-infer-gpu-check',
  image: {
    repository: {
      name: NAME,
      uri: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${NAME}`,
      account: ACCOUNT,
      region: REGION,
    },
    context: 'services/kvs-infer/gpu-check',
    dockerfile: 'services/kvs-infer/gpu-check/Dockerfile',
    platform: 'linux/amd64',
  },
  schedule: '17 4 * * 1',
  instanceTypes: ['g4dn.xlarge', 'g4dn.2xlarge'],
  matrix: {
    cuda: ['12.1.1', '12.2.0', '12.6.3'],
    driver: ['525.85.12', '580.159.03'],
    pytorch: ['2.3.1', '2.4.0', '2.9.0'],
    exclude: [
      { cuda: '12.2.0', because: 'PyTorch 2.3 has no build for CUDA 12.2. PyTorch 2.9 has none either' },
      { cuda: '12.1.1', pytorch: '2.9.0', because: 'PyTorch 2.9.0 has no build for CUDA 12.1' },
      {
        cuda: '12.6.3',
        driver: '525.85.12',
        pytorch: '2.3.1',
        because: 'PyTorch 2.3.1 has no build for CUDA 12.6',
      },
    ],
  },
  maxParallel: 1,
  taskTimeoutMinutes: 30,
  runnerLabels: ['ubuntu-24.04'],
  constructPath: 'ml-platform-kvs-infer-gpu-check/Check',
  calls: {
    // Without a layer cache nothing is downloaded.
    build: registryCalls({
      repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${NAME}`,
      releases: false,
    }).publish.filter(({ action }) => action !== 'ecr:GetDownloadUrlForLayer'),
    run: [{ action: 'toy:RunTask', resources: [`arn:aws:toy:${REGION}:${ACCOUNT}:task/kvs-infer`] }],
  },
  spec: {},
};

/** The manifest with a GPU check of its workload. */
export function gpuChecked(change: Partial<GpuCheckEntry> = {}): DeployManifest {
  const whole = manifest();
  const check = { ...GPU_CHECK, ...change };
  return {
    ...whole,
    gpuChecks: [check],
    roles: [
      ...whole.roles,
      {
        id: check.role,
        purpose: 'check',
        name: 'ml-platform-kvs-infer-gpu-check',
        arn: `arn:aws:iam::${check.account}:role/ml-platform-kvs-infer-gpu-check`,
        account: check.account,
        environment: check.environment,
        maxSessionMinutes: maxSessionMinutes(gpuCheckJobMinutes(check)),
        constructPath: `${check.constructPath}/Role`,
      },
    ],
  };
}
