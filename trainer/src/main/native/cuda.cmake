# cuda.cmake: the kernels for CUDA, where nvcc is found
#
# Each source goes through nvcc by a command of its own, so that any nvcc will do: a toolkit's, or the
# one that comes in Python wheels (-DSSA_NVCC=SITE/nvidia/cu13/bin/nvcc). Nothing needs a device.
find_program(SSA_NVCC nvcc HINTS ENV CUDA_HOME ENV CUDA_PATH PATH_SUFFIXES bin)
if(NOT SSA_NVCC)
  message(STATUS "CUDA kernels: not built, no nvcc found (set -DSSA_NVCC=/path/to/nvcc)")
  target_sources(ssa_trainer PRIVATE cuda_absent.cc)
  return()
endif()

# 8.0 is the baseline, whose code runs up to 8.9; 9.0 gets its own; the driver compiles for later ones.
set(SSA_CUDA_90 "-gencode=arch=compute_90a,code=sm_90a")
set(SSA_CUDA_ARCHITECTURES "-gencode=arch=compute_80,code=[sm_80,compute_80]" ${SSA_CUDA_90}
  CACHE STRING "what nvcc compiles for; files that end in _sm90 are compiled for 9.0 alone")
get_filename_component(SSA_CUDA_ROOT "${SSA_NVCC}" REALPATH)
get_filename_component(SSA_CUDA_ROOT "${SSA_CUDA_ROOT}" DIRECTORY)
get_filename_component(SSA_CUDA_ROOT "${SSA_CUDA_ROOT}" DIRECTORY)
find_library(SSA_CUDART cudart_static HINTS "${SSA_CUDA_ROOT}" PATH_SUFFIXES lib64 lib
  targets/x86_64-linux/lib targets/sbsa-linux/lib)
if(NOT SSA_CUDART)
  message(STATUS "CUDA kernels: not built, ${SSA_CUDA_ROOT} has no cudart_static")
  target_sources(ssa_trainer PRIVATE cuda_absent.cc)
  return()
endif()
message(STATUS "CUDA kernels: built with ${SSA_NVCC}")
set(SSA_NVCC_FLAGS -std=c++17 -O3 -cudart static -I "${CMAKE_SOURCE_DIR}" -I "${SSA_KERNEL_ROOT}"
  -I "${SSA_CUDA_ROOT}/include" -Xcompiler -fPIC,-fvisibility=hidden)

file(GLOB SSA_CUDA_HEADERS CONFIGURE_DEPENDS "${SSA_KERNEL_ROOT}/kernels/*.h"
  "${SSA_KERNEL_ROOT}/kernels/cuda/*.h" "${SSA_KERNEL_ROOT}/kernels/cuda/*.cuh"
  "${SSA_KERNEL_ROOT}/kernels/cuda/*/*.h" "${SSA_KERNEL_ROOT}/kernels/cuda/*/*.cuh"
  "${SSA_KERNEL_ROOT}/bench/*.h" bench/*.h layer/*.h layer/*.cuh)

function(ssa_nvcc_object source out)
  get_filename_component(name "${source}" NAME)
  set(object "${CMAKE_BINARY_DIR}/cuda/${name}.o")
  set(architectures ${SSA_CUDA_ARCHITECTURES})
  if(source MATCHES "_sm90")
    set(architectures ${SSA_CUDA_90})
  endif()
  add_custom_command(OUTPUT "${object}"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/cuda"
    COMMAND "${SSA_NVCC}" ${architectures} ${SSA_NVCC_FLAGS} -c "${source}" -o "${object}"
    DEPENDS "${source}" ${SSA_CUDA_HEADERS}
    COMMENT "nvcc ${name}" VERBATIM)
  set(${out} "${object}" PARENT_SCOPE)
endfunction()

set(SSA_CUDA_OBJECTS)
foreach(kernel append selection/block_mean selection/block_normaliser selection/block_normaliser_sm90 selection/block_topk
    selection/row_normaliser_sm90 selection/row_topk_sm90 branch/attend_selected branch/attend_branch branch/attend_branch_sm90 packed/attend_gathered packed/packed_forward
    packed/packed_backward packed/packed_means selection/block_readers packed/query_gradient packed/query_gradient_gathered packed/query_gradient_sm90
    packed/key_gradient packed/key_gradient_gathered packed/key_gradient_sm90)
  ssa_nvcc_object("${SSA_KERNEL_ROOT}/kernels/cuda/${kernel}.cu" object)
  list(APPEND SSA_CUDA_OBJECTS "${object}")
endforeach()
foreach(kernel rms_norm heads gating swi_glu_gradient token_loss adam_w)
  ssa_nvcc_object("${CMAKE_SOURCE_DIR}/layer/${kernel}.cu" object)
  list(APPEND SSA_CUDA_OBJECTS "${object}")
endforeach()
add_library(ssa_trainer_cuda STATIC ${SSA_CUDA_OBJECTS} "${SSA_KERNEL_ROOT}/kernels/cuda/attention.cc")
set_target_properties(ssa_trainer_cuda PROPERTIES LINKER_LANGUAGE CXX)
target_include_directories(ssa_trainer_cuda PRIVATE "${SSA_KERNEL_ROOT}")
target_compile_options(ssa_trainer_cuda PRIVATE ${SSA_FLAGS})

target_sources(ssa_trainer PRIVATE cuda_calls.cc cuda_stream.cc layer_calls.cc)
target_include_directories(ssa_trainer PRIVATE "${SSA_CUDA_ROOT}/include")
target_link_libraries(ssa_trainer PRIVATE ssa_trainer_cuda "${SSA_CUDART}"
  Threads::Threads ${CMAKE_DL_LIBS} rt)

# The contract driver needs a device: cmake --build BUILD --target gradients; BUILD/cuda/gradients
ssa_nvcc_object("${CMAKE_SOURCE_DIR}/bench/gradients.cu" object)
set(program "${CMAKE_BINARY_DIR}/cuda/gradients")
add_custom_command(OUTPUT "${program}"
  COMMAND "${SSA_NVCC}" -cudart static -L "${SSA_CUDA_ROOT}/lib" -o "${program}" "${object}" $<TARGET_FILE:ssa_trainer_cuda> -lpthread
  DEPENDS "${object}" ssa_trainer_cuda
  COMMENT "linking gradients" VERBATIM)
add_custom_target(gradients DEPENDS "${program}")
