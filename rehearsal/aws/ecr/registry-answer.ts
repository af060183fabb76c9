import { type ApiFault } from '../service';

/** An answer of the Docker registry protocol. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Code and status of the registry for each exception of the API. */
const CODES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  AccessDeniedException: ['DENIED', 403],
  Denied: ['DENIED', 403],
  EmptyUploadException: ['BLOB_UPLOAD_INVALID', 400],
  ExpiredTokenException: ['DENIED', 403],
  ImageDigestDoesNotMatchException: ['DIGEST_INVALID', 400],
  ImageNotFoundException: ['MANIFEST_UNKNOWN', 404],
  ImageTagAlreadyExistsException: ['TAG_INVALID', 400],
  InvalidLayerException: ['DIGEST_INVALID', 400],
  InvalidLayerPartException: ['BLOB_UPLOAD_INVALID', 416],
  InvalidParameterException: ['MANIFEST_INVALID', 400],
  LayerPartTooSmallException: ['BLOB_UPLOAD_INVALID', 400],
  LayersNotFoundException: ['BLOB_UNKNOWN', 404],
  ReferencedImagesNotFoundException: ['MANIFEST_BLOB_UNKNOWN', 404],
  RepositoryNotFoundException: ['NAME_UNKNOWN', 404],
  ThrottlingException: ['TOOMANYREQUESTS', 429],
  Unauthorized: ['UNAUTHORIZED', 401],
  Unsupported: ['UNSUPPORTED', 405],
  UnsupportedImageTypeException: ['MANIFEST_INVALID', 400],
  UploadNotFoundException: ['BLOB_UPLOAD_UNKNOWN', 404],
};

/**
 * A fault in the registry's own words.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
 */
export function faultAnswer({ type, message, status }: ApiFault): RegistryAnswer {
  const [code, ownStatus] = CODES[type] ?? ['UNKNOWN', status];
  const headers = { 'www-authenticate': 'Basic realm="ECR",service="ecr.amazonaws.com"' };
  return jsonAnswer(ownStatus, { errors: [{ code, message }] }, ownStatus === 401 ? headers : {});
}

export function jsonAnswer(
  status: number,
  content: object,
  headers: Readonly<Record<string, string>> = {},
): RegistryAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(content)),
  };
}
