import { type Emulator, REGION } from './emulator';

/** A request as no SDK would send it. */
export async function post(
  { endpoint, settings }: Emulator,
  service: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
  path = '/',
) {
  const { credentials } = settings();
  const scope = `${credentials.accessKeyId}/20261120/${REGION}/${service}/aws4_request`;
  const answer = await fetch(endpoint + path, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'x-amz-security-token': credentials.sessionToken,
      ...headers,
    },
    body,
  });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
}
