package dev.tributary.evaluator.score;

import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.Generator;
import dev.tributary.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Generates greedy answers to some records of a slice and compares them with the wanted ones. Which
 * records is decided by a hash of their ids and the seed: the same ones for every model, and mostly
 * the same ones as the slice grows, so that what is remembered stays useful. One thread.
 */
final class AnswerScorer {

  private final Generator generator;
  private final Tokenizer tokenizer;
  private final RecordEncoder encoder;
  private final ScoringConfig config;
  private final ScoreCache<AnswerQuality> cache;
  private final long seed;

  AnswerScorer(
      Generator generator,
      Tokenizer tokenizer,
      RecordEncoder encoder,
      ScoringConfig config,
      ScoreCache<AnswerQuality> cache,
      long seed) {
    this.generator = generator;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.config = config;
    this.cache = cache;
    this.seed = seed;
  }

  AnswerQuality quality(ScoredModel model, List<EncodedRecord> records) {
    return AnswerQuality.average(
        records.stream()
            .sorted(Comparator.comparingLong(this::lot))
            .limit(config.generatedRecordsPerSlice())
            .map(record -> quality(model, record))
            .toList());
  }

  private long lot(EncodedRecord record) {
    return new SplittableRandom(seed ^ record.id().hashCode()).nextLong();
  }

  private AnswerQuality quality(ScoredModel model, EncodedRecord record) {
    return cache
        .find(model.id(), record.id())
        .orElseGet(
            () -> {
              Interruption.check();
              AnswerQuality quality = judge(answer(model, record), record);
              cache.put(model.id(), record.id(), quality);
              return quality;
            });
  }

  private static AnswerQuality judge(String answer, EncodedRecord record) {
    String wanted = record.record().example().getCompletion();
    return new AnswerQuality(
        1, AnswerText.exactMatch(wanted, answer) ? 1 : 0, AnswerText.tokenF1(wanted, answer));
  }

  private String answer(ScoredModel model, EncodedRecord record) {
    int[] prompt = encoder.prompt(record.record());
    if (prompt.length == 0) {
      return ""; // Without a first token there is nothing to continue.
    }
    // As in training, a prompt that leaves too little room for the answer is cut at its left.
    int context = encoder.contextLength();
    int wantedRoom = Math.min(record.tokens().supervisedCount(), context - 1);
    int room = Math.max(context - prompt.length, wantedRoom);
    int kept = Math.min(prompt.length, context - room);
    Set<Integer> stops = tokenizer.eosId().stream().collect(Collectors.toSet());
    Generation generation =
        generator.generate(
            model.adapterOrNull(),
            Arrays.copyOfRange(prompt, prompt.length - kept, prompt.length),
            GenerationOptions.greedy(Math.min(room, config.maxGeneratedTokens()), stops),
            token -> true);
    return tokenizer.decode(generation.tokenArray());
  }
}
