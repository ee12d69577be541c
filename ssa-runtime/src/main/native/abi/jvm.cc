// jvm.cc: what a Java virtual machine that loads this library gets done
//
// ONNX Runtime 1.29 for Linux writes a device's id and a queue of events into the user's cache
// folder, and opens a connection for them, unless ORT_DISABLE_TELEMETRY is set in the process's
// environment when it starts. Java cannot change its environment; a library that it loads before
// ONNX Runtime can. Only System.load calls JNI_OnLoad: a Python process that registers the operators
// keeps its environment. No JNI header is needed for two pointers that are not looked at.
#include <cstdlib>

extern "C" __attribute__((visibility("default"))) int JNI_OnLoad(void* vm, void* reserved) {
  (void)vm;
  (void)reserved;
  setenv("ORT_DISABLE_TELEMETRY", "1", 1);
  return 0x00010008;  // JNI_VERSION_1_8
}
