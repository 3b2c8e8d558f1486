package dev.tributary.platform.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * A client that sends exactly the bytes it is told to, for requests no proper client would send.
 */
final class RawHttp implements AutoCloseable {

  private static final int READ_LIMIT_MILLIS = 10_000;

  private final Socket socket;

  RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(READ_LIMIT_MILLIS);
  }

  /** Sends text as ISO 8859-1 bytes. */
  RawHttp send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawHttp send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** All that comes until the server closes the connection; an error when it stays open. */
  String readToClose() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      byte[] buffer = new byte[8192];
      for (int read = socket.getInputStream().read(buffer);
          read >= 0;
          read = socket.getInputStream().read(buffer)) {
        all.write(buffer, 0, read);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server left the connection open after: " + all, e);
    } catch (SocketException e) {
      // A reset is a close too; what came before it counts.
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** The next bytes that come, at least one of them. */
  String readSome() throws IOException {
    byte[] buffer = new byte[8192];
    int read = socket.getInputStream().read(buffer);
    return read < 0 ? "" : new String(buffer, 0, read, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
