package dev.tributary.ingest.topology;

import dev.tributary.ingest.topology.Outcome.Accepted;
import dev.tributary.ingest.topology.Outcome.Rejected;
import dev.tributary.schemas.TrainingExample;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Makes the training example of a record, under its adapter's key. The mapper counts what gives
 * none.
 */
final class MapToExample<K, T>
    extends ContextualProcessor<K, Accepted<T>, String, Outcome<TrainingExample>> {

  private final Function<T, Optional<TrainingExample>> mapper;

  MapToExample(Function<T, Optional<TrainingExample>> mapper) {
    this.mapper = mapper;
  }

  @Override
  public void process(Record<K, Accepted<T>> record) {
    Accepted<T> input = record.value();
    switch (Stage.MAP.attempt(input.source(), () -> mapper.apply(input.value()))) {
      case Accepted<Optional<TrainingExample>>(var example, var source) ->
          example.ifPresent(e -> forward(record, e.getAdapter(), new Accepted<>(e, source)));
      case Rejected<Optional<TrainingExample>>(DeadLetter deadLetter) ->
          forward(record, null, new Rejected<>(deadLetter));
    }
  }

  private void forward(
      Record<K, Accepted<T>> record, String adapter, Outcome<TrainingExample> outcome) {
    context().forward(new Record<>(adapter, outcome, record.timestamp(), record.headers()));
  }
}
