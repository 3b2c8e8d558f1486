package dev.tributary.app.cli.records;

import dev.tributary.app.http.ChatClient;
import java.net.URI;
import picocli.CommandLine.Option;

/** Where the server is. */
final class ServeOption {

  @Option(
      names = "--serve-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "Where the server listens, for --ask; default ${DEFAULT-VALUE}.")
  private URI url;

  ChatClient client() {
    return new ChatClient(url);
  }
}
