import { SAGEMAKER } from '../../sagemaker-contract';
import type { Contract } from '../contract';
import { CLOUDFORMATION } from './cloudformation';
import { EC2 } from './ec2';
import { ECR } from './ecr';
import { ECS } from './ecs';
import { AUTOSCALING, CLOUDWATCH, ELBV2 } from './ecs-neighbours';
import { LAMBDA } from './lambda';
import { LOGS } from './logs';
import { S3 } from './s3';
import { SNS } from './sns';
import { SSM } from './ssm';
import { STS } from './sts';

/** IAM has no operations of its own: it is asked about those of the others. Machines, and what is not of AWS, have none. */
export const CONTRACT: Contract = {
  sts: STS,
  iam: [],
  dockerHub: [],
  channels: [],
  github: [],
  ec2: EC2,
  ecs: ECS,
  elbv2: ELBV2,
  cloudformation: CLOUDFORMATION,
  cloudwatch: CLOUDWATCH,
  autoscaling: AUTOSCALING,
  ecr: ECR,
  ssm: SSM,
  lambda: LAMBDA,
  logs: LOGS,
  machines: [],
  s3: S3,
  sns: SNS,
  sagemaker: SAGEMAKER,
};
