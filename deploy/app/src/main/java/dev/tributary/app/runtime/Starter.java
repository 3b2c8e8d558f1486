package dev.tributary.app.runtime;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.evaluator.EvaluatorService;
import dev.tributary.evaluator.serve.ServeService;
import dev.tributary.ingest.IngestService;
import dev.tributary.platform.lifecycle.Service;
import dev.tributary.trainer.TrainerService;
import java.time.Clock;

/** One of the four services, and how it starts from the configuration. */
public enum Starter {
  INGEST(false) {
    @Override
    public Service start(TributaryConfig config, BaseModel base, Clock clock) {
      return IngestService.start(config.ingestConfig(), config.kafka(), clock);
    }
  },
  TRAINER(true) {
    @Override
    public Service start(TributaryConfig config, BaseModel base, Clock clock) {
      return TrainerService.start(config.trainerConfig(), config.kafka(), base, clock);
    }
  },
  EVALUATOR(true) {
    @Override
    public Service start(TributaryConfig config, BaseModel base, Clock clock) {
      return EvaluatorService.start(config.evaluatorConfig(), config.kafka(), base, clock);
    }
  },
  SERVE(true) {
    @Override
    public Service start(TributaryConfig config, BaseModel base, Clock clock) {
      return ServeService.start(config.serveConfig(), config.kafka(), base, clock);
    }
  };

  private final boolean needsModel;

  Starter(boolean needsModel) {
    this.needsModel = needsModel;
  }

  /** Whether it computes, so that {@code base} must not be null. */
  public boolean needsModel() {
    return needsModel;
  }

  /**
   * Starts it; whoever calls closes it.
   *
   * @param base the resident base model, shared with other services; may be null where it is not
   *     needed
   */
  public abstract Service start(TributaryConfig config, BaseModel base, Clock clock);
}
