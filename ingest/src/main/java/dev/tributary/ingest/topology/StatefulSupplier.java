package dev.tributary.ingest.topology;

import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/** A processor together with the stores it uses. */
record StatefulSupplier<KIn, VIn, KOut, VOut>(
    Supplier<Processor<KIn, VIn, KOut, VOut>> processors, Set<StoreBuilder<?>> stores)
    implements ProcessorSupplier<KIn, VIn, KOut, VOut> {

  static <KIn, VIn, KOut, VOut> StatefulSupplier<KIn, VIn, KOut, VOut> of(
      Supplier<Processor<KIn, VIn, KOut, VOut>> processors, Set<StoreBuilder<?>> stores) {
    return new StatefulSupplier<>(processors, stores);
  }

  @Override
  public Processor<KIn, VIn, KOut, VOut> get() {
    return processors.get();
  }
}
