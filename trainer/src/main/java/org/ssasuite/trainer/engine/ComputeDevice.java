package org.ssasuite.trainer.engine;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch_cuda;
import org.ssasuite.core.BadInputException;

/** Where a training step runs. */
public enum ComputeDevice {
  CPU(DeviceType.CPU) {
    @Override
    void require(int index) {}
  },
  CUDA(DeviceType.CUDA) {
    @Override
    void require(int index) {
      if (!torch.hasCUDA()) {
        throw new BadInputException(
            "--device cuda",
            "libtorch sees no CUDA device: it takes an NVIDIA driver, CUDA 13's libraries and"
                + " libtorch's build for CUDA ('mvn package -Dlibtorch.natives=linux-x86_64-gpu')");
      }
      if (index >= torch_cuda.device_count()) {
        throw new BadInputException(
            "--device cuda",
            "there are " + torch_cuda.device_count() + " GPUs, none of number " + index);
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
   * @param index which one of the host's devices
   * @throws BadInputException if it cannot, with what is missing
   */
  abstract void require(int index);
}
