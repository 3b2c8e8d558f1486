package dev.tributary.app.cli.records;

import dev.tributary.app.http.GatewayClient;
import dev.tributary.app.http.ServiceHttp;
import java.net.URI;
import picocli.CommandLine.Option;

/** Where the ingest service is. */
final class IngestOption {

  @Option(
      names = "--ingest-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8081",
      description = "Where the ingest service listens; default ${DEFAULT-VALUE}.")
  private URI url;

  GatewayClient client() {
    return new GatewayClient(url);
  }

  ServiceHttp http() {
    return new ServiceHttp(url);
  }
}
