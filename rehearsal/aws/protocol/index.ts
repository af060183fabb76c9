import type { AwsService } from '../service';
import { cborCodec, isCbor } from './cbor';
import type { Codec, Incoming } from './codec';
import { jsonCodec } from './json';
import { ec2Codec, queryCodec } from './query';
import { restJsonCodec } from './rest-json';
import { restXmlCodec } from './rest-xml';

export type { Codec, Failure, Incoming, Outgoing } from './codec';

/** The protocol in which a request speaks to a service. */
export function codecFor({ protocol }: Pick<AwsService, 'protocol'>, { headers }: Incoming): Codec {
  if (protocol === 'json') {
    if (isCbor(headers)) return cborCodec;
    return headers['x-amz-target'] === undefined ? restJsonCodec : jsonCodec;
  }
  return { query: queryCodec, ec2: ec2Codec, restXml: restXmlCodec }[protocol];
}
