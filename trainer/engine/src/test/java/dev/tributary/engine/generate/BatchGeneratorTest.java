package dev.tributary.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.generate.Generation.FinishReason;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.model.RandomWeights;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.testing.Families;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts in a batch against the same texts alone, on kernels whose rows do not touch each other. */
class BatchGeneratorTest {

  private static final int PIECE = 7;
  private static final long MEMORY = 1 << 20;

  @ParameterizedTest
  @EnumSource(value = ModelFamily.class, names = "BERT", mode = Mode.EXCLUDE)
  void aTextIsTheSameInABatchAsAlone(ModelFamily family) {
    BaseModel model = model(family);
    SplittableRandom random = new SplittableRandom(family.ordinal());
    List<GenerationRequest> requests = requests(model, random, 9);

    List<Generation> alone = alone(model, requests);
    for (int maxTexts : new int[] {1, 2, 4, 9, 20}) {
      assertEquals(alone, together(model, maxTexts, requests), maxTexts + " at once");
    }
    assertTrue(alone.stream().distinct().count() > 5, alone::toString);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void textsMayJoinAndLeaveAtAnyStep(long seed) {
    BaseModel model = model(ModelFamily.QWEN2);
    SplittableRandom random = new SplittableRandom(seed);
    List<GenerationRequest> requests = requests(model, random, 12);
    List<Heard> heard = new ArrayList<>();

    try (BatchGenerator batch = new BatchGenerator(model, 99, 4, PIECE, MEMORY)) {
      while (heard.size() < requests.size() || batch.size() > 0) {
        while (heard.size() < requests.size() && random.nextInt(3) == 0) {
          Heard listener = new Heard(Integer.MAX_VALUE);
          batch.add(requests.get(heard.size()), listener);
          heard.add(listener);
        }
        batch.step();
      }
    }

    assertEquals(alone(model, requests), heard.stream().map(h -> h.whole).toList());
    heard.forEach(h -> assertEquals(h.whole.tokens(), h.tokens));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void aLongPromptInPiecesIsTheSamePrompt(int piece) {
    BaseModel model = model(ModelFamily.LLAMA);
    int[] prompt = IntStream.range(0, 13).map(i -> 3 * i + 1).toArray();
    GenerationRequest request =
        new GenerationRequest(null, prompt, GenerationOptions.greedy(6, Set.of()));

    try (BatchGenerator whole = new BatchGenerator(model, 99, 1, 99, MEMORY);
        BatchGenerator pieces = new BatchGenerator(model, 99, 1, piece, MEMORY)) {
      assertEquals(whole.generate(List.of(request)), pieces.generate(List.of(request)));
    }
  }

  @Test
  void whatOneListenerDoesLeavesTheOthersAlone() {
    // given
    BaseModel model = model(ModelFamily.GPT2);
    GenerationRequest request =
        new GenerationRequest(null, new int[] {5, 9}, GenerationOptions.greedy(6, Set.of()));
    Generation whole = alone(model, List.of(request)).getFirst();
    IllegalStateException broken = new IllegalStateException("no more room");
    Heard first = new Heard(Integer.MAX_VALUE);
    Heard cancels = new Heard(2);
    Heard throwing =
        new Heard(Integer.MAX_VALUE) {
          @Override
          public boolean accept(int token) {
            throw broken;
          }
        };
    Heard last = new Heard(Integer.MAX_VALUE);

    // when
    try (BatchGenerator batch = new BatchGenerator(model, 99, 4, PIECE, MEMORY)) {
      Stream.of(first, cancels, throwing, last).forEach(heard -> batch.add(request, heard));
      while (batch.size() > 0) {
        batch.step();
      }
    }

    // then
    assertEquals(whole, first.whole);
    assertEquals(whole, last.whole);
    assertEquals(
        new Generation(whole.tokens().subList(0, 2), FinishReason.CANCELLED), cancels.whole);
    assertSame(broken, throwing.failure);
  }

  @Test
  void weightsThatAreNotFiniteFailTheirTextOnly() {
    BaseModel model = model(ModelFamily.GPT2);
    LoraAdapter broken = adapter(model, 2, 1);
    broken.tensors().firstEntry().getValue().set(0, Float.NaN);
    GenerationOptions options = GenerationOptions.greedy(3, Set.of());
    GenerationRequest sound = new GenerationRequest(null, new int[] {5, 9}, options);
    Heard good = new Heard(Integer.MAX_VALUE);
    Heard bad = new Heard(Integer.MAX_VALUE);

    try (BatchGenerator batch = new BatchGenerator(model, 99, 2, PIECE, MEMORY)) {
      batch.add(new GenerationRequest(broken, new int[] {5, 9}, options), bad);
      batch.add(sound, good);
      while (batch.size() > 0) {
        batch.step();
      }
    }

    assertEquals(BrokenLogitsException.class, bad.failure.getClass());
    assertEquals(alone(model, List.of(sound)).getFirst(), good.whole);
  }

  @Test
  void aPromptThatCannotBeTakenIsRefusedBeforeAnythingIsMade() {
    BaseModel model = model(ModelFamily.GPT2);
    GenerationOptions options = GenerationOptions.greedy(3, Set.of());
    try (BatchGenerator batch = new BatchGenerator(model, 99, 2)) {
      List<GenerationRequest> requests =
          List.of(
              new GenerationRequest(null, new int[] {1}, options),
              new GenerationRequest(null, new int[0], options));

      assertThrows(BadRecordException.class, () -> batch.generate(requests));
      assertEquals(0, batch.size());
    }
  }

  @Test
  void givenUpTextsLeaveRoomForOthers() {
    BaseModel model = model(ModelFamily.GPT2);
    GenerationRequest request =
        new GenerationRequest(null, new int[] {5, 9}, GenerationOptions.greedy(6, Set.of()));
    try (BatchGenerator batch = new BatchGenerator(model, 99, 2)) {
      for (int i = 0; i < 3; i++) {
        batch.add(request, new Heard(Integer.MAX_VALUE));
      }
      batch.step();
      batch.clear();

      assertEquals(0, batch.size());
      assertEquals(alone(model, List.of(request)), batch.generate(List.of(request)));
    }
  }

  @Test
  void textsThatMightNotFitBesideTheOthersWait() {
    // given room for the keys and values of two texts of the whole context
    BaseModel model = model(ModelFamily.GPT2);
    ModelConfig config = model.config();
    long bytesPerToken = 2L * 4 * config.attention().keyValueWidth() * config.layers();
    long memory = 2 * config.contextLength() * bytesPerToken;
    List<GenerationRequest> requests =
        requests(model, new SplittableRandom(1), 7).stream()
            .map(
                request ->
                    new GenerationRequest(
                        null, request.prompt(), GenerationOptions.greedy(99, Set.of())))
            .toList();
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Heard> heard = new ArrayList<>();

    // when
    try (BatchGenerator batch = new BatchGenerator(model, 99, 5, PIECE, memory)) {
      for (GenerationRequest request : requests) {
        Heard counting =
            new Heard(Integer.MAX_VALUE) {
              private boolean begun;

              @Override
              public boolean accept(int token) {
                if (!begun) {
                  begun = true;
                  most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                }
                return super.accept(token);
              }

              @Override
              public void ended(Generation generation) {
                underWay.decrementAndGet();
                super.ended(generation);
              }
            };
        heard.add(counting);
        batch.add(request, counting);
      }
      while (batch.size() > 0) {
        batch.step();
      }
    }

    // then
    assertEquals(2, most.get());
    assertEquals(alone(model, requests), heard.stream().map(h -> h.whole).toList());
  }

  @Test
  void aModelThatPredictsNoTokensIsRefused() {
    BaseModel model = model(ModelFamily.BERT);

    ConfigException refusal =
        assertThrows(ConfigException.class, () -> new BatchGenerator(model, 10, 1));

    assertTrue(refusal.getMessage().contains("bert"), refusal.getMessage());
  }

  private static List<Generation> alone(BaseModel model, List<GenerationRequest> requests) {
    return requests.stream()
        .map(request -> together(model, 1, List.of(request)).getFirst())
        .toList();
  }

  private static List<Generation> together(
      BaseModel model, int maxTexts, List<GenerationRequest> requests) {
    try (BatchGenerator batch = new BatchGenerator(model, 99, maxTexts, PIECE, MEMORY)) {
      return batch.generate(requests);
    }
  }

  /** Prompts and limits of all lengths, greedy and drawn, with stop tokens and adapters or not. */
  private static List<GenerationRequest> requests(
      BaseModel model, SplittableRandom random, int count) {
    List<LoraAdapter> adapters = new ArrayList<>();
    adapters.add(null);
    adapters.add(adapter(model, 2, 1));
    adapters.add(adapter(model, 5, 2));
    List<GenerationRequest> requests = new ArrayList<>();
    int vocabulary = model.config().vocabularySize();
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(1, model.config().contextLength());
      requests.add(
          new GenerationRequest(
              adapters.get(random.nextInt(3)),
              random.ints(length, 0, vocabulary).toArray(),
              new GenerationOptions(
                  random.nextInt(1, 25),
                  random.nextInt(3) == 0 ? 0 : 1,
                  random.nextBoolean() ? 1 : 0.8,
                  random.nextBoolean() ? Set.of() : Set.of(random.nextInt(vocabulary)),
                  random.nextLong())));
    }
    return requests;
  }

  /** With weights so large that every earlier token matters to the next. */
  private static BaseModel model(ModelFamily family) {
    ModelConfig config = Families.config(family);
    RandomWeights small = new RandomWeights(config, 3);
    return BaseModel.create(
        "tiny",
        config,
        (name, target) -> {
          small.read(name, target);
          for (long i = 0; target.rows() > 1 && i < target.size(); i++) {
            target.set(i, 20 * target.get(i));
          }
        },
        new ReferenceKernels());
  }

  private static LoraAdapter adapter(BaseModel model, int r, long seed) {
    LoraConfig all = new LoraConfig(r, 2 * r, 0.5, List.of(LoraConfig.ALL_LINEAR));
    LoraAdapter adapter = LoraAdapter.fresh(model.config(), all, seed);
    SplittableRandom random = new SplittableRandom(seed);
    adapter
        .tensors()
        .forEach(
            (name, tensor) -> {
              for (long i = 0; i < tensor.size(); i++) {
                tensor.set(i, (float) random.nextDouble(-0.5, 0.5));
              }
            });
    return adapter;
  }

  /** Keeps what it hears, and has enough after some tokens. */
  private static class Heard implements GenerationListener {

    private final int enough;
    private final List<Integer> tokens = new ArrayList<>();
    private Generation whole;
    private RuntimeException failure;

    Heard(int enough) {
      this.enough = enough;
    }

    @Override
    public boolean accept(int token) {
      tokens.add(token);
      return tokens.size() < enough;
    }

    @Override
    public void ended(Generation generation) {
      assertEquals(null, whole);
      whole = generation;
    }

    @Override
    public void failed(RuntimeException cause) {
      failure = cause;
    }
  }
}
