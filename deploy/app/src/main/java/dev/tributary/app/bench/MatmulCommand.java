package dev.tributary.app.bench;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.Weight;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code tributary bench-matmul}: one of the processes {@code deploy/bench/run cpu} measures; its
 * rates are the roof of the roofline.
 */
@Command(
    name = "bench-matmul",
    hidden = true,
    description = "Time matrix products, one round for every line of the standard input.")
public final class MatmulCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private BenchKernels choice;

  @Option(
      names = "--shapes",
      split = ",",
      required = true,
      description = "Rows x inputs x outputs, such as 512x768x3072.")
  private List<String> shapes = List.of();

  @Option(names = "--seconds", defaultValue = "0.3", description = "For each shape.")
  private double seconds;

  public MatmulCommand(Console console) {
    this.console = console;
  }

  /** One product: a layer's input, weight and output. */
  private record Product(Tensor x, Weight weight, Tensor y) {

    static Product of(Kernels kernels, TensorArena arena, String shape) {
      int[] sizes = sizes(shape);
      Tensor x = arena.tensor(sizes[0], sizes[1]);
      Tensor weight = arena.tensor(sizes[2], sizes[1]);
      fill(x);
      fill(weight);
      return new Product(
          x, kernels.freeze(DenseWeight.outIn(weight)), arena.tensor(sizes[0], sizes[2]));
    }

    double operations() {
      return 2.0 * x.rows() * x.columns() * y.columns();
    }
  }

  /** What the process says of itself once it is warm. */
  private record Ready(String kernels, String description) {}

  /**
   * One round.
   *
   * @param gflops billions of operations a second for each shape, in order
   */
  record Round(List<Double> gflops) {}

  @Override
  public Integer call() throws IOException {
    Kernels kernels = choice.load();
    try (TensorArena arena = TensorArena.scoped()) {
      List<Product> products =
          shapes.stream().map(shape -> Product.of(kernels, arena, shape)).toList();
      measure(kernels, products);
      new Rounds(System.in, console)
          .serve(
              new Ready(kernels.name(), kernels.description()), () -> measure(kernels, products));
    }
    return ExitCode.DONE;
  }

  private Round measure(Kernels kernels, List<Product> products) {
    List<Double> gflops = new ArrayList<>();
    for (Product product : products) {
      long times = 0;
      double passed;
      long began = System.nanoTime();
      do {
        kernels.linear(1, product.x, product.weight, null, false, product.y);
        times++;
        passed = (System.nanoTime() - began) / 1e9;
      } while (passed < seconds);
      gflops.add(times * product.operations() / passed / 1e9);
    }
    return new Round(gflops);
  }

  private static int[] sizes(String shape) {
    if (!shape.matches("[1-9][0-9]{0,6}x[1-9][0-9]{0,6}x[1-9][0-9]{0,6}")) {
      throw ConfigException.of("--shapes", shape, "write rows x inputs x outputs, as 512x768x768");
    }
    return Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
  }

  private static void fill(Tensor tensor) {
    Random random = new Random(tensor.size());
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextFloat() - 0.5f);
    }
  }
}
