package dev.tributary.app.http;

import java.net.URI;

/** Where the four services listen. */
public record Endpoints(URI ingest, URI trainer, URI evaluator, URI serve) {

  /** All on the loopback address. */
  public static Endpoints onLoopback(int ingest, int trainer, int evaluator, int serve) {
    return new Endpoints(at(ingest), at(trainer), at(evaluator), at(serve));
  }

  private static URI at(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }
}
