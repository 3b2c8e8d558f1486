package dev.tributary.platform.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Puts a {@link Response} on the wire. */
final class ResponseWriter {

  private ResponseWriter() {}

  /** Sends it whole, or piece by piece on the calling thread. */
  static void send(Response from, org.eclipse.jetty.server.Response to, Callback callback)
      throws IOException {
    to.setStatus(from.status());
    from.headers().forEach((name, value) -> to.getHeaders().put(name, value));
    if (from.stream() == null) {
      to.write(true, ByteBuffer.wrap(from.body()), callback);
      return;
    }
    from.stream().writeTo(bytes -> writeNow(to, bytes));
    to.write(true, BufferUtil.EMPTY_BUFFER, callback);
  }

  private static void writeNow(Content.Sink to, byte[] bytes) throws ClientGoneException {
    try (Blocker.Callback sent = Blocker.callback()) {
      to.write(false, ByteBuffer.wrap(bytes), sent);
      sent.block();
    } catch (IOException e) {
      throw new ClientGoneException(e);
    }
  }
}
