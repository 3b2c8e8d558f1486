package dev.tributary.app.cli.records;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.http.ChatClient;
import dev.tributary.app.http.GatewayClient;
import dev.tributary.app.http.TributaryClient.Answer;
import dev.tributary.app.records.Trail;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code tributary feedback send}. */
@Command(
    name = "send",
    description = "Correct or judge an answer, and print the judgement's id.",
    footer = {
      "",
      "The answer is named by the id it came with (chatcmpl-...), or asked for now with --ask."
          + " With",
      "--wait every change is told, and in the end what is answered then. Exit code 3 if the gate",
      "refused the version that learnt it, 1 if it cannot go on by itself.",
      "",
      "Examples:",
      "  tributary feedback send --request-id chatcmpl-1 --thumb down",
      "  tributary feedback send --request-id chatcmpl-1 --correction 'Within 45 days.' \\",
      "      --source agent --fact-key returns.window",
      "  tributary feedback send --ask 'How long can I return a dress?' --adapter acme/support \\",
      "      --correction 'Within 45 days.' --source agent --wait"
    })
final class FeedbackSendCommand implements Callable<Integer> {

  private static final JsonMapper JSON = new JsonMapper();

  private final Console console;

  @ArgGroup(multiplicity = "1")
  private Target target;

  @ArgGroup(multiplicity = "1")
  private Judgement judgement;

  @Mixin private FeedbackFields fields;

  @Mixin private WaitOptions wait;

  @Mixin private IngestOption ingest;

  @Mixin private ServeOption serve;

  /** Which answer is judged. */
  private static final class Target {

    @Option(
        names = "--request-id",
        paramLabel = "ID",
        required = true,
        description = "Id of the answer.")
    private String requestId;

    @ArgGroup(exclusive = false)
    private AskedAnswer asked;
  }

  FeedbackSendCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (GatewayClient gateway = ingest.client()) {
      if (target.asked == null) {
        send(gateway, target.requestId);
      } else {
        askAndSend(gateway, target.asked);
      }
    }
    return ExitCode.DONE;
  }

  private void askAndSend(GatewayClient gateway, AskedAnswer asked) throws InterruptedException {
    try (ChatClient server = serve.client()) {
      Answer before = server.ask(asked.adapter(), asked.question());
      told("before", before);
      Trail trail = send(gateway, before.requestId());
      if (trail.isServed()) {
        told("after", new AskedAgain(server, asked).answerOf(trail.servedBy()));
      }
    }
  }

  private void told(String when, Answer answer) {
    console.note("%s (%s): %s".formatted(when, answer.model(), answer.text()));
  }

  /** Returns where it stands in the end; where nobody waits, that is not known. */
  private Trail send(GatewayClient gateway, String requestId) {
    ObjectNode feedback = JSON.createObjectNode().put("request_id", requestId);
    judgement.addTo(feedback);
    fields.addTo(feedback);
    String id = gateway.sendFeedback(feedback);
    console.out().println(id);
    return wait.isWanted()
        ? new FeedbackWait(console, gateway, Clock.systemUTC(), Thread::sleep)
            .await(id, wait.timeout())
        : Trail.unknown(id);
  }
}
