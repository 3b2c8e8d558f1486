package dev.tributary.evaluator;

import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.evaluator.gate.GatePolicy;
import dev.tributary.evaluator.publish.DirectoryPublisher;
import dev.tributary.evaluator.score.ScoringConfig;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.topics.TopicSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * An evaluator in a process of its own, so that it can be killed. It ends when its standard input
 * does.
 */
public final class EvaluatorProcess {

  /** It is there to die, on adapters of a tiny model that forgets answers from one to the next. */
  private static final double FORGETFUL = 0.9;

  private EvaluatorProcess() {}

  /**
   * Arguments: bootstrap servers, model directory, working directory, step and version at which to
   * die.
   */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[2]);
    EvaluatorConfig config = config(directory, FORGETFUL);
    BaseModel base = BaseModel.load(Path.of(args[1]), new ReferenceKernels());
    try (EvaluatorService service =
        EvaluatorService.start(
            config,
            KafkaSettings.of(args[0]),
            base,
            Clock.systemUTC(),
            new DyingPublisher(
                new DirectoryPublisher(config.publishedDir()),
                DyingPublisher.Step.valueOf(args[3]),
                Integer.parseInt(args[4])))) {
      System.out.println("evaluating on port " + service.port());
      while (System.in.read() >= 0) {
        // Until the test ends.
      }
    }
  }

  static EvaluatorConfig config(Path directory) {
    return config(directory, null);
  }

  private static EvaluatorConfig config(Path directory, Double maxAnswersLost) {
    return new EvaluatorConfig(
        HttpConfig.onPort(0),
        new TopicSettings(2, 1),
        null,
        directory.resolve("state"),
        directory.resolve("artifacts"),
        directory.resolve("published"),
        new GatePolicy(
            null, 0.3, null, null, maxAnswersLost, 4, 4, null, null, 2, null, null, null),
        null,
        new ScoringConfig(null, null, 2, null, 0, 16, null));
  }

  /** Starts such a process with this one's class path and flags. */
  static Process start(
      String bootstrap, Path model, Path directory, DyingPublisher.Step step, int version)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-agentlib") && !flag.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1", // it lives for seconds
            "-cp",
            System.getProperty("java.class.path"),
            EvaluatorProcess.class.getName(),
            bootstrap,
            model.toString(),
            directory.toString(),
            step.name(),
            String.valueOf(version)));
    return new ProcessBuilder(command)
        .redirectError(directory.resolve("process.log").toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
