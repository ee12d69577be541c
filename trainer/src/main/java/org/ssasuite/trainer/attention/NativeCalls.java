package org.ssasuite.trainer.attention;

/**
 * The functions of the native library, in {@code trainer/src/main/native/attention_jni.cc}. A call
 * gives what went wrong, or the empty string. Problems are those of {@link Problem#words}, tensors
 * addresses in the order that the native side states.
 */
final class NativeCalls {
  private NativeCalls() {}

  static native boolean hasIsa(String isa);

  /** Why there are no kernels for CUDA in the library, or the empty string if there are. */
  static native String cudaAbsence();

  static native String cpuForward(
      String isa, int threads, long[] problem, int[] starts, long[] tensors);

  static native String cpuBackward(
      String isa, int threads, long[] problem, int[] starts, long[] tensors);

  /** Bytes that a call on the device needs beside its inputs and outputs. */
  static native long cudaWorkspaceBytes(boolean backward, long[] problem, int[] starts);

  static native String cudaForward(int device, long[] problem, int[] starts, long[] tensors);

  static native String cudaBackward(int device, long[] problem, int[] starts, long[] tensors);
}
