package dev.tributary.app.bench.told;

import dev.tributary.app.tune.ModelTask;
import dev.tributary.app.tune.TuneRecipe;
import dev.tributary.app.tune.TuneRun;
import dev.tributary.app.tune.TuneSettings;
import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.generate.BatchGenerator;
import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.GenerationRequest;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.platform.store.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a person could reach with {@code tributary tune} on the same base and the same records, all
 * of them at once and with the best of some settings: the mark to measure the stream by. For one
 * thread.
 */
final class JointTraining {

  private static final int BATCH = 16;
  private static final int MOST_ASKED = 400;
  private static final int MOST_ANSWER_TOKENS = 128;
  private static final int AT_ONCE = 16;

  /** Records from which on only a few settings are tried. */
  private static final int MANY = 1_000;

  /** Enough for the loss to reach its floor: with 12 times through 30 facts it had not. */
  private static final int EPOCHS = 30;

  private static final int EPOCHS_OF_MANY = 12;
  private static final int FEWEST_STEPS = 300;

  private final Path base;
  private final Kernels kernels;
  private final BaseModel model;
  private final Tokenizer tokenizer;
  private final ExampleEncoder encoder;

  JointTraining(Path base, Kernels kernels) {
    this.base = base;
    this.kernels = kernels;
    this.model = BaseModel.load(base, kernels);
    this.tokenizer = Tokenizer.load(base);
    this.encoder =
        new ExampleEncoder(tokenizer, ChatTemplate.load(base), model.config().contextLength());
  }

  /**
   * One setting.
   *
   * @param untold of the wordings never told: what the best setting is chosen by
   */
  record Result(
      long seed,
      int facts,
      int r,
      double learningRate,
      int steps,
      double seconds,
      Share retold,
      Share untold,
      Share kept) {}

  /** Tries them all, the best by wordings never told first. */
  List<Result> sweep(long seed, Faq faq, List<Line> known) throws IOException {
    boolean many = faq.told().size() > MANY;
    int[] ranks = many ? new int[] {16} : new int[] {8, 16, 32};
    double[] rates = many ? new double[] {1e-3, 2e-3, 4e-3} : new double[] {5e-4, 1e-3, 2e-3, 4e-3};
    List<Result> results = new ArrayList<>();
    for (int rank : ranks) {
      for (double rate : rates) {
        results.add(train(seed, faq, known, rank, rate));
      }
    }
    results.sort(Comparator.comparingDouble((Result result) -> result.untold().value()).reversed());
    return results;
  }

  private Result train(long seed, Faq faq, List<Line> known, int rank, double rate)
      throws IOException {
    List<TokenizedExample> examples =
        faq.told().stream()
            .map(line -> encoder.chat(prompt(line.question()), line.answer()).example())
            .toList();
    TuneSettings settings = TuneSettings.of(recipe(rank, rate, examples.size()), model.config());
    long began = System.nanoTime();
    Path directory = Files.createTempDirectory("tributary-joint");
    try (TuneRun run =
        new TuneRun(ModelTask.toScore(base, Optional.empty()), kernels, settings, examples)) {
      run.run(step -> {});
      double seconds = Waiting.secondsSince(began);
      run.save(directory);
      LoraAdapter adapter = PeftDirectory.read(directory, model);
      return new Result(
          seed,
          faq.facts().size(),
          rank,
          rate,
          run.steps(),
          seconds,
          share(adapter, faq.retold()),
          share(adapter, faq.untold()),
          share(adapter, known));
    } finally {
      FileTrees.delete(directory);
    }
  }

  private TuneRecipe recipe(int rank, double rate, int records) {
    int epochs = records > MANY ? EPOCHS_OF_MANY : EPOCHS;
    int steps = Math.max(FEWEST_STEPS, epochs * Math.ceilDiv(records, BATCH));
    return new TuneRecipe(
        null,
        null,
        null,
        null,
        "lora",
        rank,
        2.0 * rank,
        0.0,
        List.of(LoraConfig.ALL_LINEAR),
        false,
        rate,
        "cosine",
        steps / 20,
        0.0,
        1.0,
        BATCH,
        null,
        steps,
        null,
        1L,
        null);
  }

  private Share share(LoraAdapter adapter, List<Line> lines) {
    List<Line> asked = lines.subList(0, Math.min(MOST_ASKED, lines.size()));
    Set<Integer> ends = tokenizer.eosId().stream().collect(Collectors.toUnmodifiableSet());
    List<GenerationRequest> requests =
        asked.stream()
            .map(
                line ->
                    new GenerationRequest(
                        adapter,
                        encoder.chatPrompt(prompt(line.question())),
                        GenerationOptions.greedy(MOST_ANSWER_TOKENS, ends)))
            .toList();
    try (BatchGenerator generator =
        new BatchGenerator(model, model.config().contextLength(), AT_ONCE)) {
      List<Generation> made = generator.generate(requests);
      int right =
          (int)
              IntStream.range(0, asked.size())
                  .filter(
                      i ->
                          tokenizer
                              .decode(made.get(i).tokenArray())
                              .strip()
                              .equals(asked.get(i).answer()))
                  .count();
      return new Share(right, asked.size());
    }
  }

  private static List<ChatMessage> prompt(String question) {
    return List.of(ChatMessage.user(question));
  }
}
