package dev.tributary.app.cli.adapters;

import dev.tributary.foundation.AdapterId;
import picocli.CommandLine.Parameters;

/** Which adapter; both spellings are understood. */
final class AdapterParameter {

  @Parameters(
      index = "0",
      paramLabel = "ADAPTER",
      description = "The adapter: tenant/domain, or tenant.domain.")
  private String adapter;

  AdapterId id() {
    return adapter.contains("/") ? AdapterId.parse(adapter) : AdapterId.parseDotted(adapter);
  }
}
