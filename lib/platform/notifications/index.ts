export type * from './props';
export { type Notifications, resolveNotifications } from './resolve';
export { subscriberFaults } from './rules';
export { notificationsSchema } from './schema';
