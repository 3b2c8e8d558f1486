package dev.tributary.app.bench;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.tune.ModelTask;
import dev.tributary.app.tune.TuneData;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.generate.BatchGenerator;
import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.GenerationRequest;
import dev.tributary.engine.model.BaseModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary bench-generate}: one of the processes {@code deploy/bench/run cpu} measures. */
@Command(
    name = "bench-generate",
    hidden = true,
    description = "Time greedy generation, one round for every line of the standard input.")
public final class GenerationCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private BenchModel model;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Prompts as JSON lines, {\"input_ids\",\"labels\"}.")
  private Path data;

  @Option(names = "--batch", defaultValue = "1", description = "Prompts that go on together.")
  private int batch;

  @Option(names = "--new-tokens", defaultValue = "64", description = "For each prompt.")
  private int newTokens;

  @Option(
      names = "--seconds",
      defaultValue = "0",
      description = "A round generates again until so much time is over.")
  private double seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "0",
      description = "Seconds of generation that are not measured, before the first round.")
  private double warmUp;

  public GenerationCommand(Console console) {
    this.console = console;
  }

  /** What the process says of itself once it is warm. */
  record Ready(String kernels, String description) {}

  /**
   * One round.
   *
   * @param tokens made, of all prompts together, each time
   * @param ids the tokens themselves, for each prompt, the last time
   */
  record Round(double seconds, long tokens, List<List<Integer>> ids, long peakResidentBytes) {}

  @Override
  public Integer call() throws IOException {
    ModelTask task = model.task();
    BaseModel base = task.load(model.loadKernels());
    List<TokenizedExample> examples =
        TuneData.read(task, data, base.config().contextLength() - newTokens).examples();
    List<int[]> prompts = examples.stream().limit(batch).map(TokenizedExample::inputIds).toList();
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    try (BatchGenerator generator = new BatchGenerator(base, longest + newTokens, prompts.size())) {
      measure(generator, prompts, warmUp);
      new Rounds(System.in, console)
          .serve(
              new Ready(base.kernels().name(), base.kernels().description()),
              () -> measure(generator, prompts, seconds));
    }
    return ExitCode.DONE;
  }

  private Round measure(BatchGenerator generator, List<int[]> prompts, double least) {
    GenerationOptions options = GenerationOptions.greedy(newTokens, Set.of());
    List<GenerationRequest> requests =
        prompts.stream().map(prompt -> new GenerationRequest(null, prompt, options)).toList();
    List<List<Integer>> ids;
    long tokens = 0;
    double passed;
    long began = System.nanoTime();
    do {
      ids = generator.generate(requests).stream().map(Generation::tokens).toList();
      tokens += ids.stream().mapToLong(List::size).sum();
      passed = (System.nanoTime() - began) / 1e9;
    } while (passed < least);
    return new Round(passed, tokens, ids, PeakMemory.bytes());
  }
}
