package dev.tributary.evaluator.serve.api;

import dev.tributary.engine.format.huggingface.GenerationDefaults;
import dev.tributary.evaluator.serve.generate.AnswerTask;
import dev.tributary.evaluator.serve.generate.PendingAnswer;
import dev.tributary.evaluator.serve.generate.Scheduler;
import dev.tributary.evaluator.serve.metrics.RequestTiming;
import dev.tributary.evaluator.serve.model.ModelCatalogue;
import dev.tributary.evaluator.serve.model.ServedModel;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.http.Request;
import java.util.List;
import java.util.Optional;

/**
 * Everything between a request and its place in the waiting line: read, find the model, check,
 * submit.
 */
final class Admission {

  private final Dialect dialect;
  private final ModelCatalogue catalogue;
  private final Scheduler scheduler;
  private final AnswerHeads heads;
  private final GenerationDefaults defaults;
  private final int contextLength;

  Admission(
      Dialect dialect,
      ModelCatalogue catalogue,
      Scheduler scheduler,
      AnswerHeads heads,
      GenerationDefaults defaults,
      int contextLength) {
    this.dialect = dialect;
    this.catalogue = catalogue;
    this.scheduler = scheduler;
    this.heads = heads;
    this.defaults = defaults;
    this.contextLength = contextLength;
  }

  /**
   * Lets a request in. From here on it is bound to the version that is active now.
   *
   * @throws dev.tributary.platform.http.HttpException 400, 404 or 429, as OpenAI's clients know
   *     them
   */
  Admitted admit(Request http, RequestTiming timing) {
    GenerationRequest request = GenerationRequest.read(http, dialect.prompts());
    ServedModel model =
        catalogue
            .resolve(request.model())
            .orElseThrow(() -> OpenAiErrors.modelNotFound(request.model()));
    String line = model.adapter().map(AdapterId::dotted).orElse(model.name());
    timing.model(line);
    Optional<AdapterId> adapter = adapter(model, request.attribution());
    request.prompts().forEach(this::requireRoom);
    PendingAnswer answer =
        scheduler
            .submit(task(line, model, request))
            .orElseThrow(() -> OpenAiErrors.queueFull(scheduler.waiting(), scheduler.retryAfter()));
    return new Admitted(
        request, adapter, heads.next(dialect.format().idPrefix(), model.name()), answer);
  }

  /** The adapter a model belongs to; for the base model, the one the caller names. */
  private static Optional<AdapterId> adapter(ServedModel model, Attribution attribution) {
    if (model.adapter().isEmpty()) {
      return attribution.adapter();
    }
    attribution
        .adapter()
        .filter(named -> !model.adapter().get().equals(named))
        .ifPresent(
            named -> {
              throw OpenAiErrors.invalid(
                  "/metadata/adapter",
                  "the adapter %s is named, but the model is of %s"
                      .formatted(named, model.adapter().get()));
            });
    return model.adapter();
  }

  private void requireRoom(Prompt prompt) {
    if (prompt.tokens().length >= contextLength) {
      throw OpenAiErrors.contextLength(
          "/" + dialect.prompts().parameter(), contextLength, prompt.tokens().length);
    }
  }

  private AnswerTask task(String line, ServedModel model, GenerationRequest request) {
    List<int[]> prompts = request.prompts().stream().map(Prompt::tokens).toList();
    Sampling sampling = request.sampling();
    return new AnswerTask(
        line,
        model.weights(),
        prompts,
        sampling.choices(),
        sampling.maxTokens().orElse(dialect.defaultMaxTokens()),
        sampling.temperature().orElse(defaults.temperature()),
        sampling.topP().orElse(defaults.topP()),
        sampling.stops(),
        sampling.seed().orElseGet(heads::seed));
  }
}
