import type { IIngressRoute } from '@kubernetes-models/traefik/traefik.io/v1alpha1/IngressRoute';
import type { ITraefikService } from '@kubernetes-models/traefik/traefik.io/v1alpha1/TraefikService';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IStatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { IService } from 'kubernetes-models/v1/Service';

/** Every kind of object that is rendered. Only types are imported: they cost nothing at run time. */
export type KubernetesObject =
  | IConfigMap
  | IDeployment
  | IHorizontalPodAutoscaler
  | IIngressRoute
  | INamespace
  | INetworkPolicy
  | IPodDisruptionBudget
  | IService
  | IStatefulSet
  | ITraefikService;

export type {
  IConfigMap,
  IDeployment,
  IHorizontalPodAutoscaler,
  IIngressRoute,
  INamespace,
  INetworkPolicy,
  IPodDisruptionBudget,
  IService,
  IStatefulSet,
  ITraefikService,
};

/** What every pod has. */
export type PodTemplate = NonNullable<IDeployment['spec']>['template'];
export type PodSpec = NonNullable<PodTemplate['spec']>;
export type Container = PodSpec['containers'][number];
