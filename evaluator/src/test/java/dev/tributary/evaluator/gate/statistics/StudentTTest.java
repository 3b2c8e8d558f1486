package dev.tributary.evaluator.gate.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Golden values: SciPy 1.17.1, {@code scipy.special.betainc}, {@code scipy.stats.t.cdf} and {@code
 * .ppf}.
 */
class StudentTTest {

  @ParameterizedTest
  @CsvSource({
    "0.5,0.5,0.3,0.36901011956554536",
    "2,3,0.4,0.5248",
    "10,0.5,0.9,0.15164090963470994",
    "0.5,50,0.01,0.6826956021258024",
    "30,30,0.5,0.5",
    "2,3,0,0",
    "2,3,1,1"
  })
  void incompleteBetaMatchesSciPy(double a, double b, double x, double expected) {
    assertEquals(expected, IncompleteBeta.regularized(a, b, x), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({
    "0,3,0.5",
    "1.5,7,0.911350756505015",
    "-2.25,12,0.02199859478707021",
    "40,2,0.9996877926639076",
    "-0.001,5,0.4996203933860988",
    "3.1,250,0.9989216298983093"
  })
  void cumulativeMatchesSciPy(double t, double degreesOfFreedom, double expected) {
    assertEquals(expected, StudentT.cumulative(t, degreesOfFreedom), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({
    "0.95,1,6.313751514675037",
    "0.95,2,2.9199855803537242",
    "0.95,7,1.8945786050900062",
    "0.975,19,2.0930240544083087",
    "0.95,100,1.6602343260853392",
    "0.99,3.5,4.060711359300081",
    "0.05,7,-1.8945786050900066",
    "0.5,4,0",
    "0.995,1000,2.580754698065951",
    "0.9,0.5,10.27032441023451"
  })
  void quantileMatchesSciPy(double p, double degreesOfFreedom, double expected) {
    assertEquals(expected, StudentT.quantile(p, degreesOfFreedom), 1e-9);
  }

  @ParameterizedTest
  @CsvSource({"0,5", "1,5", "NaN,5", "0.9,0", "0.9,-1"})
  void quantileRefusesWhatHasNone(double p, double degreesOfFreedom) {
    assertThrows(IllegalArgumentException.class, () -> StudentT.quantile(p, degreesOfFreedom));
  }
}
