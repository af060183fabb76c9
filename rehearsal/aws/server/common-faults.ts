import { ApiFault, type Protocol } from '../service';

/** Faults that every service answers with, each protocol in its own words. */
export type CommonFault =
  'denied' | 'expired' | 'invalid' | 'serverError' | 'throttle' | 'unsigned' | 'unknownKey';

type Answer = readonly [type: string, status: number, message: string];

const EXPIRED = 'The security token included in the request is expired';
const UNKNOWN = 'The security token included in the request is invalid';
const UNSIGNED = 'Missing Authentication Token';
const BUSY = 'Service Unavailable';

/**
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const ANSWERS: Readonly<Record<Protocol, Readonly<Record<CommonFault, Answer>>>> = {
  json: {
    denied: ['AccessDeniedException', 400, ''],
    expired: ['ExpiredTokenException', 400, EXPIRED],
    invalid: ['ValidationException', 400, ''],
    serverError: ['ServiceUnavailableException', 503, BUSY],
    throttle: ['ThrottlingException', 400, 'Rate exceeded'],
    unsigned: ['MissingAuthenticationTokenException', 400, UNSIGNED],
    unknownKey: ['UnrecognizedClientException', 400, UNKNOWN],
  },
  query: {
    denied: ['AccessDenied', 403, ''],
    expired: ['ExpiredToken', 403, EXPIRED],
    invalid: ['ValidationError', 400, ''],
    serverError: ['ServiceUnavailable', 503, BUSY],
    throttle: ['Throttling', 400, 'Rate exceeded'],
    unsigned: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
    unknownKey: ['InvalidClientTokenId', 403, UNKNOWN],
  },
  ec2: {
    denied: ['UnauthorizedOperation', 403, 'You are not authorized to perform this operation. '],
    expired: ['RequestExpired', 400, 'Request has expired.'],
    invalid: ['InvalidParameterValue', 400, ''],
    serverError: ['Unavailable', 503, BUSY],
    throttle: ['RequestLimitExceeded', 503, 'Request limit exceeded.'],
    unsigned: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
    unknownKey: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
  },
  restXml: {
    denied: ['AccessDenied', 403, ''],
    expired: ['ExpiredToken', 400, 'The provided token has expired.'],
    invalid: ['InvalidArgument', 400, ''],
    serverError: ['ServiceUnavailable', 503, 'Please reduce your request rate.'],
    throttle: ['SlowDown', 503, 'Please reduce your request rate.'],
    unsigned: ['AccessDenied', 403, 'Access Denied'],
    unknownKey: [
      'InvalidAccessKeyId',
      403,
      'The AWS Access Key Id you provided does not exist in our records.',
    ],
  },
};

/** @param detail behind the words that every such answer has */
export function commonFault(protocol: Protocol, fault: CommonFault, detail = ''): ApiFault {
  const [type, status, message] = ANSWERS[protocol][fault];
  return new ApiFault(type, message + detail, status);
}
