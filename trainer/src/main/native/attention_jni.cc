// attention_jni.cc: the functions of NativeCalls.java
//
// A call gives the text of what went wrong, or the empty string. A problem comes as words (Word), its
// sequence starts as ints, tensors as addresses:
//   forward   q, k, v, out, log_sum_exp, selected
//   backward  q, k, v, out, log_sum_exp, selected, d_out, dq, dk, dv
// and on CUDA the workspace behind them.
#include <jni.h>

#include <string>
#include <vector>

#include "cpu_threads.h"
#include "cuda_calls.h"
#include "kernels/packed.h"

namespace {

// The order of Problem.words().
enum Word {
  kElement,
  kTokens,
  kQueryHeads,
  kKvHeads,
  kHeadDim,
  kKind,
  kBlockSize,
  kBlockCount,
  kReleased,
  kWindow,
  kWords
};

enum Tensor { kQ, kK, kV, kOut, kLogSumExp, kSelected, kDOut, kDq, kDk, kDv };

// A call's arrays, copied from the JVM.
struct Arguments {
  std::vector<jlong> words;
  std::vector<int32_t> starts;
  std::vector<jlong> tensors;

  Arguments(JNIEnv* env, jlongArray problem, jintArray sequence_starts, jlongArray addresses)
      : words(kWords), starts(env->GetArrayLength(sequence_starts)) {
    env->GetLongArrayRegion(problem, 0, kWords, words.data());
    env->GetIntArrayRegion(sequence_starts, 0, static_cast<jsize>(starts.size()), starts.data());
    if (addresses != nullptr) {
      tensors.resize(env->GetArrayLength(addresses));
      env->GetLongArrayRegion(addresses, 0, static_cast<jsize>(tensors.size()), tensors.data());
    }
  }

  ssa::PackedProblem problem() const {
    return {words[kTokens],
            words[kQueryHeads],
            words[kKvHeads],
            words[kHeadDim],
            static_cast<int64_t>(starts.size()) - 1,
            starts.data(),
            {static_cast<ssa::BranchKind>(words[kKind]), words[kBlockSize], words[kBlockCount],
             words[kReleased] != 0, words[kWindow]}};
  }

  template <typename T>
  T* tensor(size_t i) const {
    return reinterpret_cast<T*>(tensors[i]);
  }

  ssa::CudaCall cudaCall(jint device) const {
    return {device, words[kElement] == 1, problem(), tensors.data()};
  }
};

std::string textOf(JNIEnv* env, jstring text) {
  const char* chars = env->GetStringUTFChars(text, nullptr);
  std::string copy = chars == nullptr ? "" : chars;
  if (chars != nullptr) {
    env->ReleaseStringUTFChars(text, chars);
  }
  return copy;
}

jstring outcomeText(JNIEnv* env, ssa::Outcome outcome) {
  return env->NewStringUTF(outcome == ssa::Outcome::kDone ? "" : "out of memory");
}

}  // namespace

#define SSA_CALL(type, name) \
  extern "C" JNIEXPORT type JNICALL Java_org_ssasuite_trainer_attention_NativeCalls_##name

SSA_CALL(jboolean, hasIsa)(JNIEnv* env, jclass, jstring isa) {
  return ssa::selectPackedKernels(textOf(env, isa).c_str()) != nullptr;
}

SSA_CALL(jstring, cpuForward)
(JNIEnv* env, jclass, jstring isa, jint threads, jlongArray problem, jintArray starts,
 jlongArray tensors) {
  Arguments a(env, problem, starts, tensors);
  ssa::CpuThreads pool(threads);
  ssa::PackedForward f = {a.problem(),           a.tensor<float>(kQ),          a.tensor<float>(kK),
                          a.tensor<float>(kV),   a.tensor<float>(kOut),
                          a.tensor<float>(kLogSumExp), a.tensor<int32_t>(kSelected)};
  return outcomeText(env, ssa::selectPackedKernels(textOf(env, isa).c_str())->forward(f, pool.parallel()));
}

SSA_CALL(jstring, cpuBackward)
(JNIEnv* env, jclass, jstring isa, jint threads, jlongArray problem, jintArray starts,
 jlongArray tensors) {
  Arguments a(env, problem, starts, tensors);
  ssa::CpuThreads pool(threads);
  ssa::PackedBackward b = {a.problem(),
                           a.tensor<float>(kQ),
                           a.tensor<float>(kK),
                           a.tensor<float>(kV),
                           a.tensor<float>(kOut),
                           a.tensor<float>(kLogSumExp),
                           a.tensor<int32_t>(kSelected),
                           a.tensor<float>(kDOut),
                           a.tensor<float>(kDq),
                           a.tensor<float>(kDk),
                           a.tensor<float>(kDv)};
  return outcomeText(env, ssa::selectPackedKernels(textOf(env, isa).c_str())->backward(b, pool.parallel()));
}

SSA_CALL(jstring, cudaAbsence)(JNIEnv* env, jclass) {
  return env->NewStringUTF(ssa::cudaAbsence());
}

SSA_CALL(jlong, cudaWorkspaceBytes)
(JNIEnv* env, jclass, jboolean backward, jlongArray problem, jintArray starts) {
  Arguments a(env, problem, starts, nullptr);
  return static_cast<jlong>(ssa::cudaWorkspaceBytes(a.cudaCall(0), backward));
}

SSA_CALL(jstring, cudaForward)
(JNIEnv* env, jclass, jint device, jlongArray problem, jintArray starts, jlongArray tensors) {
  Arguments a(env, problem, starts, tensors);
  return env->NewStringUTF(ssa::cudaForward(a.cudaCall(device)).c_str());
}

SSA_CALL(jstring, cudaBackward)
(JNIEnv* env, jclass, jint device, jlongArray problem, jintArray starts, jlongArray tensors) {
  Arguments a(env, problem, starts, tensors);
  return env->NewStringUTF(ssa::cudaBackward(a.cudaCall(device)).c_str());
}
