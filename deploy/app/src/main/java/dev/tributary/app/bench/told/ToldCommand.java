package dev.tributary.app.bench.told;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.cli.output.ReportJson;
import dev.tributary.app.demo.base.KnownQuestions;
import dev.tributary.app.demo.base.StoryRecord;
import dev.tributary.app.runtime.DemoModel;
import dev.tributary.app.runtime.Processor;
import dev.tributary.engine.kernels.choice.KernelChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/bench/run told}: is what is told answered, in time, and nothing else changed? */
@Command(
    name = "bench-told",
    hidden = true,
    description = "Tell small FAQs and corrections to an 'up' with default settings, and ask.")
public final class ToldCommand implements Callable<Integer> {

  private static final int KNOWN_PER_FACT = 4;
  private static final int MOST_KNOWN = 100;
  private static final long KNOWN_SEED = 13;
  private static final int CORRECTIONS = 3;
  private static final int FACTS_BEFORE = 30;
  private static final Duration STRANGER_WAIT = Duration.ofSeconds(60);

  private final Console console;
  private final List<FaqScene.Result> faqs = new ArrayList<>();
  private final List<FaqScene.Result> before = new ArrayList<>();
  private final List<CorrectionScene.Result> corrections = new ArrayList<>();
  private final List<TenScene.Result> tens = new ArrayList<>();
  private final List<StrangerScene.Result> strangers = new ArrayList<>();
  private final List<FloodScene.Result> floods = new ArrayList<>();
  private final List<JointTraining.Result> joint = new ArrayList<>();

  @Option(
      names = "--results",
      paramLabel = "DIR",
      required = true,
      description = "Where the tables go.")
  private Path results;

  @Option(names = "--base", paramLabel = "DIR", description = "Base model; default: the demo's.")
  private Path base;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often each scene is played; default ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "SCENE",
      description = "Some of ${COMPLETION-CANDIDATES}; default: all.")
  private Set<Scene> only = EnumSet.allOf(Scene.class);

  @Option(
      names = "--once",
      split = ",",
      paramLabel = "SCENE",
      description = "Of these, those to be played with the first seed only; default: none.")
  private Set<Scene> once = EnumSet.noneOf(Scene.class);

  @Option(
      names = "--ten-seconds",
      paramLabel = "S",
      defaultValue = "600",
      description = "Within which the ten corrections come; default ${DEFAULT-VALUE}.")
  private int tenSeconds;

  @Option(
      names = "--joint",
      paramLabel = "N",
      defaultValue = "0",
      description = "Train on the FAQs of so many seeds with 'tune' too; default none.")
  private int jointSeeds;

  public ToldCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Path directory = base == null ? DemoModel.directory() : base.toAbsolutePath().normalize();
    Optional<List<Line>> known = Stage.onEmpty(directory, desk -> known(desk, KNOWN_PER_FACT));
    if (known.isEmpty()) {
      return ExitCode.FAILED;
    }
    console.note("%s answers %d questions rightly".formatted(directory, known.get().size()));
    Stage stage = new Stage(directory, known.get(), before::add);
    for (long seed = 1; seed <= seeds; seed++) {
      for (Scene scene : only) {
        if (seed > 1 && once.contains(scene)) {
          continue;
        }
        console.note("seed %d: %s".formatted(seed, scene));
        if (!play(scene, seed, stage)) {
          return ExitCode.FAILED;
        }
        write(directory, known.get().size());
      }
    }
    if (jointSeeds > 0) {
      trainJointly(directory, known.get());
      write(directory, known.get().size());
    }
    console.out().print(ToldPage.of(report(directory, known.get().size())));
    return ExitCode.DONE;
  }

  /** False if the process was told to stop meanwhile. */
  private boolean play(Scene scene, long seed, Stage stage) {
    return switch (scene) {
      case FAQ3 -> kept(faqs, stage.faq(3, seed));
      case FAQ30 -> kept(faqs, stage.faq(30, seed));
      case FAQ200 -> kept(faqs, stage.faq(200, seed));
      case CORRECTION -> {
        Optional<List<CorrectionScene.Result>> result =
            stage.correction(FACTS_BEFORE, CORRECTIONS, seed);
        result.ifPresent(corrections::addAll);
        yield result.isPresent();
      }
      case TEN -> kept(tens, stage.ten(Duration.ofSeconds(tenSeconds), seed));
      case STRANGER -> kept(strangers, stage.stranger(STRANGER_WAIT, seed));
      case FLOOD -> kept(floods, stage.flood(seed));
    };
  }

  private static <T> boolean kept(List<T> all, Optional<T> result) {
    result.ifPresent(all::add);
    return result.isPresent();
  }

  /** What the base answers rightly by itself, asked as a customer would. */
  static List<Line> known(Desk desk, int perFact) {
    List<StoryRecord> asked = KnownQuestions.of(perFact, KNOWN_SEED);
    List<String> answers = desk.askBase(asked.stream().map(StoryRecord::question).toList());
    return IntStream.range(0, asked.size())
        .filter(i -> answers.get(i).equals(asked.get(i).answer()))
        .mapToObj(i -> new Line(asked.get(i).question(), asked.get(i).answer()))
        .limit(MOST_KNOWN)
        .toList();
  }

  private void trainJointly(Path directory, List<Line> known) throws IOException {
    JointTraining training = new JointTraining(directory, KernelChoice.detect().kernels());
    for (int facts : faqs.stream().map(FaqScene.Result::facts).distinct().sorted().toList()) {
      for (long seed = 1; seed <= Math.min(seeds, jointSeeds); seed++) {
        console.note("seed %d: joint training on %d facts".formatted(seed, facts));
        joint.addAll(training.sweep(seed, Faq.of(facts, seed), known));
        write(directory, known.size());
      }
    }
  }

  private ToldReport report(Path directory, int known) {
    Processor processor = Processor.detect();
    return new ToldReport(
        LocalDate.now(Clock.systemUTC()).toString(),
        processor.model(),
        processor.instructionSets(),
        directory.getFileName().toString(),
        known,
        faqs,
        before,
        corrections,
        tens,
        strangers,
        floods,
        joint);
  }

  /** After every scene: a long run that ends early has not run in vain. */
  private void write(Path directory, int known) throws IOException {
    ToldReport report = report(directory, known);
    String kind = report.instructionSets().reversed().stream().findFirst().orElse("unknown");
    String name = "told-" + (base == null ? "" : report.base() + "-") + kind;
    Files.createDirectories(results);
    Files.writeString(results.resolve(name + ".json"), ReportJson.of(report) + "\n");
    Files.writeString(results.resolve(name + ".md"), ToldPage.of(report));
  }
}
