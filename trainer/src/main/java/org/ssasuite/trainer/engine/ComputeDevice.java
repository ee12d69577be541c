package org.ssasuite.trainer.engine;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
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
      if (!torch.hasCUDA()) {
        throw new BadInputException(
            "--device cuda",
            "libtorch sees no CUDA device: it takes an NVIDIA driver, CUDA 13's libraries and"
                + " libtorch's build for CUDA ('mvn package -Dlibtorch.natives=linux-x86_64-gpu')");
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
