package dev.tributary.app.doctor;

import dev.tributary.app.doctor.CudaDriver.CudaException;
import java.util.ArrayList;
import java.util.List;

/** GPUs, and what they are used for. */
public final class GpuCheck implements Check {

  @Override
  public List<Finding> run() {
    try (CudaDriver driver = new CudaDriver()) {
      List<Gpu> gpus = driver.gpus();
      List<Finding> findings = new ArrayList<>();
      gpus.forEach(gpu -> findings.add(Finding.note("gpu", gpu.describe() + "; " + use(gpu))));
      return findings.isEmpty() ? none("the driver sees no device") : findings;
    } catch (CudaException e) {
      return e.meansNoDevice()
          ? none("the driver sees no device")
          : List.of(
              Finding.note(
                  "gpu", "the driver does not work: " + e.getMessage() + "; computing on the CPU"));
    } catch (IllegalArgumentException e) {
      return none("no libcuda.so.1");
    }
  }

  private static List<Finding> none(String why) {
    return List.of(Finding.ok("gpu", "none (" + why + "); computing on the CPU"));
  }

  private static String use(Gpu gpu) {
    return gpu.suitsNd4jCuda()
        ? "not used: this build has the CPU kernels only"
        : "not used: this build has the CPU kernels only, and ND4J's CUDA backend stays off,"
            + " because it holds no code for compute capability 9.0 and newer";
  }
}
