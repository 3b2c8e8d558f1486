package dev.tributary.platform.http;

import java.nio.charset.StandardCharsets;

/** The client's end of a streaming response. Each call is sent at once. For one thread. */
public interface StreamWriter {

  /**
   * Sends bytes and waits until they are handed to the network.
   *
   * @throws ClientGoneException when the client has closed the connection or takes nothing for the
   *     idle timeout
   */
  void write(byte[] bytes) throws ClientGoneException;

  /**
   * Sends one server-sent event: {@code data: …} and an empty line. Line breaks in the data become
   * further data lines.
   */
  default void event(String data) throws ClientGoneException {
    write(("data: " + data.replace("\n", "\ndata: ") + "\n\n").getBytes(StandardCharsets.UTF_8));
  }
}
