// layer_jni.cc: the functions of LayerKernels.java
//
// A call gives the text of what went wrong, or the empty string; what sizes and tensors a step takes is
// said there.
#include <jni.h>

#include <vector>

#include "layer_calls.h"

namespace {

// A call's arrays, copied from the JVM.
struct Arguments {
  std::vector<int64_t> sizes;
  std::vector<int64_t> tensors;

  Arguments(JNIEnv* env, jlongArray from_sizes, jlongArray addresses)
      : sizes(copied(env, from_sizes)), tensors(copied(env, addresses)) {}

  static std::vector<int64_t> copied(JNIEnv* env, jlongArray array) {
    std::vector<jlong> values(array == nullptr ? 0 : env->GetArrayLength(array));
    if (!values.empty()) {
      env->GetLongArrayRegion(array, 0, static_cast<jsize>(values.size()), values.data());
    }
    return {values.begin(), values.end()};
  }
};

}  // namespace

#define SSA_CALL(type, name) \
  extern "C" JNIEXPORT type JNICALL Java_org_ssasuite_trainer_attention_LayerKernels_##name

SSA_CALL(jstring, run)
(JNIEnv* env, jclass, jint device, jint step, jlongArray sizes, jdoubleArray reals,
 jlongArray tensors) {
  Arguments a(env, sizes, tensors);
  std::vector<double> numbers(env->GetArrayLength(reals));
  env->GetDoubleArrayRegion(reals, 0, static_cast<jsize>(numbers.size()), numbers.data());
  std::string wrong = ssa::layerStep(
      {device, static_cast<ssa::LayerStep>(step), a.sizes.data(), numbers.data(), a.tensors.data()});
  return wrong.empty() ? nullptr : env->NewStringUTF(wrong.c_str());
}

SSA_CALL(jlong, partElements)(JNIEnv* env, jclass, jint step, jlongArray sizes) {
  Arguments a(env, sizes, nullptr);
  return ssa::layerParts({0, static_cast<ssa::LayerStep>(step), a.sizes.data(), nullptr, nullptr});
}

SSA_CALL(jlong, freeBytes)(JNIEnv*, jclass, jint device) { return ssa::freeBytes(device); }
