export { Channels } from './channels';
export {
  PAGERDUTY_HOST,
  pagerDutyHandler,
  pagerDutyUrl,
  SLACK_HOST,
  slackHandler,
  slackWebhook,
} from './handlers';
export { CHANNELS, type ChannelName, type Told } from './state';
export { channelsOf, toldAbout, toldFacts } from './told';
