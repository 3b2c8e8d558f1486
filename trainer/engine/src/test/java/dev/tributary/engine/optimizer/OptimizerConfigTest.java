package dev.tributary.engine.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizerConfigTest {

  @ParameterizedTest
  // Worked out from transformers.optimization's formulas.
  @CsvSource({
    "CONSTANT, 0, 0",
    "CONSTANT, 2, 0.5",
    "CONSTANT, 4, 1",
    "CONSTANT, 99, 1",
    "LINEAR, 2, 0.5",
    "LINEAR, 4, 1",
    "LINEAR, 14, 0.5",
    "LINEAR, 24, 0",
    "LINEAR, 30, 0",
    "COSINE, 2, 0.5",
    "COSINE, 4, 1",
    "COSINE, 14, 0.5",
    "COSINE, 9, 0.8535533906",
    "COSINE, 24, 0"
  })
  void warmsUpOverFourStepsAndEndsAtTwentyFour(Schedule schedule, long step, double expected) {
    OptimizerConfig config = new OptimizerConfig(1, 0, 0.9, 0.999, 1e-8, 1, schedule, 4, 24);

    assertEquals(expected, config.learningRate(step), 1e-9);
  }

  @Test
  void schedulesHaveTheNamesUsersKnow() {
    assertEquals(Schedule.CONSTANT, Schedule.parse("constant_with_warmup"));
    assertEquals(Schedule.LINEAR, Schedule.parse("linear"));
    assertEquals(Schedule.COSINE, Schedule.parse("COSINE"));
    assertTrue(
        assertThrows(ConfigException.class, () -> Schedule.parse("polynomial"))
            .getMessage()
            .contains("lr_scheduler_type"));
  }

  @ParameterizedTest
  @CsvSource({
    "learning_rate, 0, 0, 0.9, 0.999, 1e-8, 1, 0, 0",
    "learning_rate, NaN, 0, 0.9, 0.999, 1e-8, 1, 0, 0",
    "weight_decay, 1, -1, 0.9, 0.999, 1e-8, 1, 0, 0",
    "adam_beta1, 1, 0, 1, 0.999, 1e-8, 1, 0, 0",
    "adam_beta2, 1, 0, 0.9, -0.1, 1e-8, 1, 0, 0",
    "adam_epsilon, 1, 0, 0.9, 0.999, 0, 1, 0, 0",
    "max_grad_norm, 1, 0, 0.9, 0.999, 1e-8, -1, 0, 0",
    "warmup_steps, 1, 0, 0.9, 0.999, 1e-8, 1, -1, 0",
    "max_steps, 1, 0, 0.9, 0.999, 1e-8, 1, 0, -1"
  })
  void namesTheFieldThatIsOutOfRange(
      String field,
      double rate,
      double decay,
      double beta1,
      double beta2,
      double epsilon,
      double norm,
      long warmup,
      long steps) {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                new OptimizerConfig(
                    rate, decay, beta1, beta2, epsilon, norm, Schedule.CONSTANT, warmup, steps));
    assertTrue(error.getMessage().startsWith(field + ":"), error.getMessage());
  }

  @Test
  void aScheduleThatEndsNeedsAnEnd() {
    assertThrows(
        ConfigException.class,
        () -> new OptimizerConfig(1, 0, 0.9, 0.999, 1e-8, 1, Schedule.LINEAR, 5, 5));
  }
}
