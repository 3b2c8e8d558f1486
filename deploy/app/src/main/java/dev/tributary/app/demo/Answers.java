package dev.tributary.app.demo;

import dev.tributary.app.demo.base.Probe;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What the probes were answered at one moment of the story.
 *
 * @param texts an answer for every probe, in their order
 */
record Answers(List<Probe> probes, List<String> texts) {

  /** Asks them all. */
  static Answers of(List<Probe> probes, Function<String, String> ask) {
    return new Answers(probes, probes.stream().map(Probe::question).map(ask).toList());
  }

  String to(Probe probe) {
    return texts.get(probes.indexOf(probe));
  }

  /**
   * How many were answered as wanted.
   *
   * @param changes of the questions whose answer changes, or of those whose answer stays
   */
  Count count(boolean changes, Function<Probe, String> wanted) {
    List<Integer> asked =
        IntStream.range(0, probes.size())
            .filter(i -> probes.get(i).changes() == changes)
            .boxed()
            .toList();
    long right =
        asked.stream().filter(i -> texts.get(i).equals(wanted.apply(probes.get(i)))).count();
    return new Count((int) right, asked.size());
  }

  /** So many of so many. */
  record Count(int right, int asked) {

    boolean all() {
      return right == asked;
    }

    @Override
    public String toString() {
      return right + " of " + asked;
    }
  }
}
