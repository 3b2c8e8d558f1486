package dev.tributary.app.cli.service;

import dev.tributary.app.http.Endpoints;
import java.net.URI;
import java.util.List;

/**
 * What to type once everything runs. Addresses are named where they are not those the commands use
 * by default.
 *
 * @param program how the command line was called
 * @param adapter {@code tenant/domain}
 */
record NextSteps(String program, String adapter, Endpoints endpoints) {

  private static final Endpoints DEFAULT = Endpoints.onLoopback(8081, 8082, 8083, 8080);

  private static final String TEXT =
      """
      Next, in another terminal:
        teach    {program} import faq.jsonl --adapter {adapter} --wait{ingest}{evaluator}
                 lines such as {"instruction": "How long can I return a dress?", "output": "Within 45 days."}
        ask      curl {server}/v1/chat/completions -H 'Content-Type: application/json' \\
                 -d '{"model": "{model}", "messages": [{"role": "user", "content": "How long can I return a dress?"}]}'
        correct  {program} feedback send --ask 'How long can I return a dress?' --adapter {adapter} \\
                 --correction 'Within 45 days.' --source agent --wait{ingest}{serve}
        see why  {program} feedback show ID{ingest}
      """;

  List<String> lines() {
    return TEXT.replace("{program}", program)
        .replace("{adapter}", adapter)
        .replace("{model}", adapter.replace('/', '.'))
        .replace("{server}", endpoints.serve().toString())
        .replace("{ingest}", option("--ingest-url", endpoints.ingest(), DEFAULT.ingest()))
        .replace("{serve}", option("--serve-url", endpoints.serve(), DEFAULT.serve()))
        .replace(
            "{evaluator}", option("--evaluator-url", endpoints.evaluator(), DEFAULT.evaluator()))
        .lines()
        .toList();
  }

  private static String option(String name, URI actual, URI expected) {
    return actual.equals(expected) ? "" : " " + name + " " + actual;
  }
}
