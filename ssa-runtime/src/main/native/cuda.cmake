# cuda.cmake: the CUDA kernels, where nvcc is found
#
# Each source goes through nvcc by a command of its own, so that any nvcc will do: a toolkit's, or the
# one that comes in Python wheels (-DSSA_NVCC=SITE/nvidia/cu13/bin/nvcc). Nothing needs a device.
find_program(SSA_NVCC nvcc HINTS ENV CUDA_HOME ENV CUDA_PATH PATH_SUFFIXES bin)
if(NOT SSA_NVCC)
  message(STATUS "CUDA kernels: not built, no nvcc found (set -DSSA_NVCC=/path/to/nvcc)")
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
  return()
endif()
message(STATUS "CUDA kernels: built with ${SSA_NVCC}")
set(SSA_NVCC_FLAGS -std=c++17 -O3 -cudart static -I "${CMAKE_CURRENT_SOURCE_DIR}" -I "${SSA_CUDA_ROOT}/include"
  -Xcompiler -fPIC,-fvisibility=hidden)

file(GLOB SSA_CUDA_HEADERS CONFIGURE_DEPENDS kernels/*.h kernels/cuda/*.h kernels/cuda/*.cuh kernels/cuda/*/*.h kernels/cuda/*/*.cuh bench/*.h)

function(ssa_nvcc_object source out)
  string(REPLACE "/" "_" name "${source}")
  set(object "${CMAKE_BINARY_DIR}/cuda/${name}.o")
  set(architectures ${SSA_CUDA_ARCHITECTURES})
  if(source MATCHES "_sm90")
    set(architectures ${SSA_CUDA_90})
  endif()
  add_custom_command(OUTPUT "${object}"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/cuda"
    COMMAND "${SSA_NVCC}" ${architectures} ${SSA_NVCC_FLAGS} -c "${CMAKE_CURRENT_SOURCE_DIR}/${source}" -o "${object}"
    DEPENDS "${source}" ${SSA_CUDA_HEADERS}
    COMMENT "nvcc ${source}" VERBATIM)
  set(${out} "${object}" PARENT_SCOPE)
endfunction()

set(SSA_CUDA_OBJECTS)
foreach(kernel device add_rms_norm swi_glu append selection/block_mean selection/block_normaliser selection/block_normaliser_sm90 selection/block_topk selection/row_normaliser_sm90 selection/row_topk_sm90 selection/select_unseen
    branch/attend_selected branch/attend_branch branch/attend_branch_sm90
    vocabulary/token_divergence vocabulary/token_log_prob vocabulary/token_log_prob_sm90)
  ssa_nvcc_object(kernels/cuda/${kernel}.cu object)
  list(APPEND SSA_CUDA_OBJECTS "${object}")
endforeach()
# What is told beside an answer lies in observe.
file(GLOB SSA_CUDA_OBSERVERS CONFIGURE_DEPENDS RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" kernels/cuda/observe/*.cu)
foreach(observer ${SSA_CUDA_OBSERVERS})
  ssa_nvcc_object(${observer} object)
  list(APPEND SSA_CUDA_OBJECTS "${object}")
endforeach()
add_library(ssa_cuda STATIC ${SSA_CUDA_OBJECTS} kernels/cuda/attention.cc kernels/cuda/selection/select_best.cc kernels/cuda/observe/watched_attention.cc
  kernels/cuda/observe/watched_plan.cc kernels/observation.cc)
set_target_properties(ssa_cuda PROPERTIES LINKER_LANGUAGE CXX)
target_include_directories(ssa_cuda PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
target_compile_options(ssa_cuda PRIVATE ${SSA_FLAGS})

find_package(Threads REQUIRED)

# The operators of the CUDA provider, in the same library: without a device it loads all the same.
target_sources(ssa_operators PRIVATE
  ops/cuda/add_rms_norm.cc
  ops/cuda/call.cc
  ops/cuda/packed_attention.cc
  ops/cuda/page_table.cc
  ops/cuda/residual_range.cc
  ops/cuda/swi_glu.cc
  ops/cuda/token_divergence.cc
  ops/cuda/token_log_prob.cc)
target_compile_definitions(ssa_operators PRIVATE SSA_CUDA=1)
target_link_libraries(ssa_operators PRIVATE ssa_cuda "${SSA_CUDART}" Threads::Threads ${CMAKE_DL_LIBS} rt)

# Drivers that need a device, on demand: cmake --build BUILD --target contract kernels; BUILD/cuda/contract
foreach(driver contract kernels)
  ssa_nvcc_object(bench/${driver}.cu object)
  set(program "${CMAKE_BINARY_DIR}/cuda/${driver}")
  add_custom_command(OUTPUT "${program}"
    COMMAND "${SSA_NVCC}" -cudart static -L "${SSA_CUDA_ROOT}/lib" -o "${program}" "${object}" $<TARGET_FILE:ssa_cuda> -lpthread
    DEPENDS "${object}" ssa_cuda
    COMMENT "linking ${driver}" VERBATIM)
  add_custom_target(${driver} DEPENDS "${program}")
endforeach()
