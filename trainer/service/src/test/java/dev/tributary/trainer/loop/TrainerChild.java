package dev.tributary.trainer.loop;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.recall.OwnAnswers;
import dev.tributary.engine.recall.OwnAnswers.Beginning;
import dev.tributary.engine.testing.SmallModel;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.lifecycle.StateDirectory;
import dev.tributary.platform.metrics.ServiceMetrics;
import dev.tributary.schemas.topics.TopicSettings;
import dev.tributary.trainer.config.TrainerConfig;
import dev.tributary.trainer.config.TrainingConfig;
import dev.tributary.trainer.learn.EngineLearners;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A trainer in a JVM of its own, to be killed. It ends by itself when its parent does. */
final class TrainerChild {

  /** Few, so that a child that is killed early has been at work. */
  private static final int OWN_ANSWERS = 4;

  private TrainerChild() {}

  /**
   * Starts a child.
   *
   * @param model directory of a base model, or null for learners that only count
   * @param step how long a step of the latter takes
   */
  static Process start(
      String bootstrapServers,
      Path home,
      String group,
      int partitions,
      Path model,
      String yaml,
      Duration step)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-D") || argument.startsWith("--"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            TrainerChild.class.getName(),
            bootstrapServers,
            home.toString(),
            group,
            String.valueOf(partitions),
            model == null ? "-" : model.toString(),
            yaml,
            step.toString()));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolveSibling("out").toFile()))
        .redirectError(ProcessBuilder.Redirect.appendTo(home.resolveSibling("err").toFile()))
        .start();
  }

  public static void main(String[] args) throws IOException {
    Path home = Path.of(args[1]);
    TrainingConfig training =
        StrictYaml.parse("group_id: " + args[2] + "\n" + args[5], "test", TrainingConfig.class);
    TrainerConfig config =
        new TrainerConfig(
            home.resolve("state"),
            home.resolve("artifacts"),
            new TopicSettings(Integer.valueOf(args[3]), 1),
            null,
            training);
    StateDirectory.lock(config.stateDir());
    KafkaSettings kafka = KafkaSettings.of(args[0]);
    Health health = new Health();
    ServiceMetrics metrics = new ServiceMetrics();
    if (args[4].equals("-")) {
      Trainer.start(
          config,
          kafka,
          new CountingLearners(Duration.parse(args[6])),
          CountingLearners::encode,
          training.batchLimits(SmallModel.CONFIG),
          training.maxLength(100),
          Clock.systemUTC(),
          health,
          metrics);
    } else {
      BaseModel base = BaseModel.load(Path.of(args[4]), new ReferenceKernels());
      ModelConfig model = base.config();
      int maxLength = training.maxLength(model.contextLength());
      Trainer.start(
          config,
          kafka,
          new EngineLearners(
              base,
              training.lora(model),
              training.optimizer(model),
              training.maxTokensPerBatch(),
              () ->
                  OwnAnswers.ask(
                      base, 3 * OWN_ANSWERS, OWN_ANSWERS, Beginning.VARIED, training.seed())),
          new EngineEncoding(
              new ExampleEncoder(
                  Tokenizer.load(base.directory()),
                  ChatTemplate.load(base.directory()),
                  maxLength)),
          training.batchLimits(model),
          maxLength,
          Clock.systemUTC(),
          health,
          metrics);
    }
    while (System.in.read() >= 0) {
      // Nothing is ever written; the end of the stream is the end of the parent.
    }
    Runtime.getRuntime().halt(0);
  }
}
