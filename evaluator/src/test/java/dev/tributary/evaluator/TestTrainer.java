package dev.tributary.evaluator;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.engine.train.AdapterTrainer;
import dev.tributary.engine.train.TrainingState;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.PartitionOffset;
import dev.tributary.schemas.TrainingExample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plays the trainer: really trains adapters, puts them into the artefact store and describes them
 * as candidates.
 */
final class TestTrainer {

  private static final int STEPS = 30;

  private final BaseModel base;
  private final ArtifactStore store;
  private final Path scratch;
  private final ExampleEncoder encoder;

  TestTrainer(BaseModel base, ArtifactStore store, Path scratch) {
    this.base = base;
    this.store = store;
    this.scratch = scratch;
    this.encoder =
        new ExampleEncoder(
            Tokenizer.load(base.directory()),
            ChatTemplate.load(base.directory()),
            base.config().contextLength());
  }

  /** A candidate that has learnt these lessons; it says that it was taught these slices. */
  AdapterCandidate train(
      AdapterId adapter, int version, Set<String> taught, List<TrainingExample> lessons) {
    List<TokenizedExample> examples =
        lessons.stream()
            .map(lesson -> encoder.prompt(lesson.getPrompt(), lesson.getCompletion()).example())
            .toList();
    PackedBatch batch = PackedBatch.of(examples);
    LoraConfig lora = new LoraConfig(8, 16, 0, List.of(LoraConfig.ALL_LINEAR));
    TrainingState state = TrainingState.fresh(base, lora, OptimizerConfig.constant(1e-2), version);
    try (AdapterTrainer trainer = new AdapterTrainer(base, batch.tokenCount(), lora)) {
      for (int step = 0; step < STEPS; step++) {
        trainer.step(state, batch, null);
      }
    }
    Path directory = scratch.resolve(adapter.versionName(version));
    PeftDirectory.write(directory, state.adapter(), base.name());
    return describe(adapter, version, taught, store.put(directory));
  }

  AdapterCandidate describe(
      AdapterId adapter, int version, Set<String> taught, String contentHash) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return AdapterCandidate.newBuilder()
        .setAdapter(adapter.toString())
        .setVersion(version)
        .setName(adapter.versionName(version))
        .setContentHash(contentHash)
        .setCheckpointHash("0".repeat(64))
        .setBaseModel(base.name())
        .setBaseModelHash(base.fingerprint())
        .setParentVersion(version - 1)
        .setStep(STEPS)
        .setNewExamples(10)
        .setExamplesTrained(10L * version)
        .setSlices(taught.stream().collect(Collectors.toMap(slice -> slice, slice -> 10L)))
        .setReplayRatio(0.2)
        .setTrainLoss(1.0)
        .setFromOffset(0)
        .setPosition(new PartitionOffset("tributary.examples", "topic", 0, 0L))
        .setOldestIngestTime(now.minusSeconds(30))
        .setNewestIngestTime(now.minusSeconds(10))
        .setCreatedAt(now)
        .build();
  }

  /** Changes a byte of an artefact, as a failing disk would. */
  void damage(String contentHash) {
    Path file = store.open(contentHash).resolve("adapter_model.safetensors");
    try {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 1] ^= 1;
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
