package dev.tributary.evaluator.serve.api;

import dev.tributary.evaluator.serve.metrics.RecordOutcome;
import dev.tributary.evaluator.serve.metrics.ServeMetrics;
import dev.tributary.evaluator.serve.record.FullBufferPolicy;
import dev.tributary.evaluator.serve.record.InteractionRecorder;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.Interaction;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Turns answers into {@link Interaction}s. Every choice is one of its own: the first has the
 * completion's id, the others have {@code <id>-1} and so on. An answer of the base model that
 * belongs to no adapter is counted, not recorded.
 */
public final class AnswerLog {

  private final InteractionRecorder recorder;
  private final FullBufferPolicy policy;
  private final ServeMetrics metrics;
  private final Clock clock;

  public AnswerLog(
      InteractionRecorder recorder, FullBufferPolicy policy, ServeMetrics metrics, Clock clock) {
    this.recorder = recorder;
    this.policy = policy;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Asks before an answer is made.
   *
   * @throws RetriableException if it could not be recorded and is not to be given then
   */
  void requireRoom() {
    if (policy == FullBufferPolicy.REFUSE && !recorder.hasRoom()) {
      throw new RetriableException(
          "answers cannot be recorded right now: the broker does not take them");
    }
  }

  void record(Admitted admitted, List<Choice> choices) {
    if (admitted.adapter().isEmpty()) {
      choices.forEach(choice -> metrics.interaction(RecordOutcome.UNATTRIBUTED));
      return;
    }
    choices.forEach(
        choice -> recorder.record(interaction(admitted, admitted.adapter().get(), choice)));
  }

  private Interaction interaction(Admitted admitted, AdapterId adapter, Choice choice) {
    Attribution attribution = admitted.request().attribution();
    Prompt prompt = admitted.request().promptOf(choice.index());
    String id = admitted.head().id();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return Interaction.newBuilder()
        .setRequestId(choice.index() == 0 ? id : id + "-" + choice.index())
        .setAliases(choice.index() == 0 ? attribution.requestId().stream().toList() : List.of())
        .setAdapter(adapter.toString())
        .setModel(admitted.head().model())
        .setMessages(
            prompt.messages().stream()
                .map(turn -> new ChatMessage(turn.role(), turn.content(), null))
                .toList())
        .setPrompt(prompt.text().orElse(null))
        .setCompletion(choice.text())
        .setFinishReason(choice.reason().wireName())
        .setSlice(attribution.slice().orElse(null))
        .setSessionId(attribution.session().orElse(null))
        .setSubjectId(attribution.subject().orElse(null))
        .setPromptTokens(prompt.tokens().length)
        .setCompletionTokens(choice.tokens())
        .setEventTime(now)
        .setIngestTime(now)
        .setMetadata(attribution.metadata())
        .build();
  }
}
