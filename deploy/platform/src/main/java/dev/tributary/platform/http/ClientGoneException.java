package dev.tributary.platform.http;

import java.io.IOException;

/**
 * The client closed its connection before the whole response was sent. Stop the work that was for
 * it.
 */
public final class ClientGoneException extends IOException {

  private static final long serialVersionUID = 1L;

  public ClientGoneException(Throwable cause) {
    super("the client closed the connection", cause);
  }
}
