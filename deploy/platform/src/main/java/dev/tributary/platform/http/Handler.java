package dev.tributary.platform.http;

/**
 * Answers the requests of one route. Called on a virtual thread of its own, so it may block; many
 * calls run at once.
 */
@FunctionalInterface
public interface Handler {

  /**
   * @throws HttpException to answer with that error
   * @throws dev.tributary.foundation.error.RetriableException to answer 503 with {@code
   *     Retry-After}
   * @throws Exception anything else answers 500 without details; the cause is logged under the
   *     request id
   */
  Response handle(Request request) throws Exception;
}
