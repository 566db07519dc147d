/** The three kinds of failure that Airbyte knows: the user must act; a retry may help; a bug. */
export type FailureType = 'config_error' | 'transient_error' | 'system_error';

/**
 * A failure as Airbyte's user reads it. `message` says what happened and what to do; it never holds a secret, a
 * response body or a stack. `endsRun` marks a failure that affects every stream of the run.
 */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly failureType: FailureType;
  readonly endsRun: boolean;

  constructor(failureType: FailureType, message: string, options: { endsRun?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.failureType = failureType;
    this.endsRun = options.endsRun ?? false;
  }
}

/** Any thrown value as a ConnectorError. An unexpected one is a bug in the connector, a `system_error`. */
export function toConnectorError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  return new ConnectorError(
    'system_error',
    'The connector failed unexpectedly. This is a bug: please report it with the log of this run.',
    { cause: error },
  );
}
