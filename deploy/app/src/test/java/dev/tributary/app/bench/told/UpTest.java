package dev.tributary.app.bench.told;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.app.runtime.TributaryConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UpTest {

  @Test
  void measuresWhatANewUserHas() {
    // given
    TributaryConfig defaults = TributaryConfig.defaults();

    // when
    TributaryConfig measured = Up.settings(defaults.baseModel(), Path.of("/tmp/it's here"));

    // then
    assertEquals(Path.of("/tmp/it's here"), measured.stateDir());
    assertEquals(defaults.baseModel().toAbsolutePath(), measured.baseModel());
    assertEquals(defaults.topics(), measured.topics());
    assertEquals(defaults.ingest().topology(), measured.ingest().topology());
    assertEquals(defaults.evaluator().gate(), measured.evaluator().gate());
    assertEquals(defaults.evaluator().scoring(), measured.evaluator().scoring());
    assertEquals(defaults.trainer().learningRate(), measured.trainer().learningRate());
    assertEquals(defaults.trainer().candidate(), measured.trainer().candidate());
    assertEquals(defaults.serve().batchSize(), measured.serve().batchSize());
  }
}
