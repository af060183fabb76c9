import { UserData } from 'aws-cdk-lib/aws-ec2';
import type { GpuPurchase } from './gpu-capacity';

// Told of an interruption, the agent has ECS move the tasks of services away within the two minutes.
const SPOT = 'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true';
// An instance that waits in the pool is no place for tasks: it joins the cluster when it leaves the pool.
const WARM = 'ECS_WARM_POOLS_CHECK=true';

/**
 * Settings of the ECS agent.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/spot-instance-draining-linux-container.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-warm-pool.html
 */
export function agentSettings(purchase: GpuPurchase['kind']): UserData {
  const settings = [
    'ECS_AWSVPC_BLOCK_IMDS=true',
    'ECS_ENABLE_GPU_SUPPORT=true',
    ...(purchase === 'spot' ? [SPOT] : []),
    ...(purchase === 'warm' ? [WARM] : []),
  ];
  const userData = UserData.forLinux();
  userData.addCommands(...settings.map((setting) => `echo ${setting} >> /etc/ecs/ecs.config`));
  return userData;
}
