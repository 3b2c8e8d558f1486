package dev.tributary.evaluator.serve.api;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.format.huggingface.GenerationDefaults;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.evaluator.serve.generate.Scheduler;
import dev.tributary.evaluator.serve.metrics.ServeMetrics;
import dev.tributary.evaluator.serve.model.ModelCatalogue;
import dev.tributary.platform.http.Handler;
import dev.tributary.platform.http.Route;
import java.time.Duration;
import java.util.List;

/** The part of OpenAI's interface that this server speaks. */
public final class OpenAiRoutes {

  private final ModelCatalogue catalogue;
  private final Scheduler scheduler;
  private final AnswerHeads heads;
  private final AnswerLog log;
  private final ServeMetrics metrics;
  private final Duration answerLimit;

  public OpenAiRoutes(
      ModelCatalogue catalogue,
      Scheduler scheduler,
      AnswerHeads heads,
      AnswerLog log,
      ServeMetrics metrics,
      Duration answerLimit) {
    this.catalogue = catalogue;
    this.scheduler = scheduler;
    this.heads = heads;
    this.log = log;
    this.metrics = metrics;
    this.answerLimit = answerLimit;
  }

  /**
   * @param tokenizer of the base model
   * @param encoder writes conversations as the base model knows them; its context length bounds
   *     prompts
   * @param defaults how answers are drawn that nobody asks to be drawn otherwise
   */
  public List<Route> routes(
      Tokenizer tokenizer, ExampleEncoder encoder, GenerationDefaults defaults) {
    int context = encoder.contextLength();
    ModelsHandler models = new ModelsHandler(catalogue, context);
    return List.of(
        Route.post("/v1/chat/completions", generation(Dialect.chat(encoder), defaults, context)),
        Route.post("/v1/completions", generation(Dialect.completion(tokenizer), defaults, context)),
        Route.get("/v1/models", models::list),
        Route.get("/v1/models/{id}", models::one));
  }

  private Handler generation(Dialect dialect, GenerationDefaults defaults, int context) {
    Admission admission = new Admission(dialect, catalogue, scheduler, heads, defaults, context);
    return new GenerationHandler(dialect, admission, log, metrics, answerLimit);
  }
}
