import { z } from 'zod';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-securitygroup-ingress.html */
const rule = z.looseObject({ IpProtocol: z.string(), Description: z.string().optional() });

/** Resources of EC2 that calls can see. What calls cannot see of them stays open. */
export const vpcProperties = z.looseObject({ CidrBlock: z.string() });
export const subnetProperties = z.looseObject({
  VpcId: z.string(),
  CidrBlock: z.string().optional(),
  AvailabilityZone: z.string().optional(),
});
export const securityGroupProperties = z.looseObject({
  GroupDescription: z.string(),
  GroupName: z.string().optional(),
  VpcId: z.string().optional(),
  SecurityGroupIngress: z.array(rule).default([]),
  SecurityGroupEgress: z.array(rule).default([]),
});
export const instanceProperties = z.looseObject({
  InstanceType: z.string().default('m1.small'),
  SubnetId: z.string().optional(),
  ImageId: z.string().optional(),
  /** Name of the profile. */
  IamInstanceProfile: z.string().optional(),
});

/** One line of a resource's `Tags`. */
export const tags = z.array(z.object({ Key: z.string(), Value: z.string() })).default([]);
