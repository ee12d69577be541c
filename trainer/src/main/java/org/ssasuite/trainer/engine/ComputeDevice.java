package org.ssasuite.trainer.engine;

import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch_cuda;
import org.ssasuite.core.BadInputException;

/** Where a training step runs. */
public enum ComputeDevice {
  CPU(DeviceType.CPU) {
    @Override
    void require() {}
  },
  CUDA(DeviceType.CUDA) {
    @Override
    void require() {
      try {
        Loader.load(torch_cuda.class);
      } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
        throw new BadInputException(
            "--device cuda",
            "this libtorch is built without CUDA: put org.bytedeco:pytorch and org.bytedeco:cuda,"
                + " classifier linux-x86_64-gpu, before it on the class path",
            e);
      }
      if (!torch.hasCUDA()) {
        throw new BadInputException("--device cuda", "there is no CUDA device");
      }
    }
  };

  private final DeviceType type;

  ComputeDevice(DeviceType type) {
    this.type = type;
  }

  /** As the command line writes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  DeviceType type() {
    return type;
  }

  /**
   * Makes sure that libtorch can compute here.
   *
   * @throws BadInputException if it cannot, with what is missing
   */
  abstract void require();
}
