package dev.tributary.platform.http;

import java.io.IOException;

/** Produces a response piece by piece, on the request's own thread. */
@FunctionalInterface
public interface StreamBody {

  /**
   * Writes the whole body; the response ends when this returns.
   *
   * @throws ClientGoneException from the writer when nobody listens any more; let it pass
   */
  void writeTo(StreamWriter writer) throws IOException;
}
