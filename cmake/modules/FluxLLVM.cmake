# FluxLLVM.cmake - finds Debian's LLVM, MLIR and Clang 22 and sets up what building against them needs.
# A macro-free include: it sets directory properties of the top directory, so include it there only once.

find_package(MLIR 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22)

set(LLVM_RUNTIME_OUTPUT_INTDIR "${PROJECT_BINARY_DIR}/bin")
set(LLVM_LIBRARY_OUTPUT_INTDIR "${PROJECT_BINARY_DIR}/lib")
set(MLIR_BINARY_DIR "${PROJECT_BINARY_DIR}")
set(MLIR_LINK_MLIR_DYLIB ON)

# An installed LLVM exports MLIR's table generator but not its own.
set(LLVM_TABLEGEN_EXE "${LLVM_TOOLS_BINARY_DIR}/llvm-tblgen")

# LLVMConfig names llvm-lit, Debian ships lit.
set(LLVM_EXTERNAL_LIT "${LLVM_TOOLS_BINARY_DIR}/lit" CACHE FILEPATH "")

if(FLUX_COMPILER_SANITIZER STREQUAL "address")
  # Out of tree, LLVM_USE_SANITIZER=Undefined alone adds nothing.
  set(LLVM_UBSAN_FLAGS "-fsanitize=undefined -fno-sanitize-recover=all")
  set(LLVM_USE_SANITIZER "Address;Undefined")
elseif(FLUX_COMPILER_SANITIZER)
  message(FATAL_ERROR "FLUX_COMPILER_SANITIZER is '${FLUX_COMPILER_SANITIZER}'; expected address or nothing")
endif()

list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
include(TableGen)
include(AddLLVM)
include(AddMLIR)
include(HandleLLVMOptions)
include(AddFlux)

separate_arguments(definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
if(FLUX_BUILD_FUZZERS)
  # libFuzzer sees which ways through the compiler its inputs take.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
# Debian's MLIR is built without assertions; class layouts differ otherwise.
add_definitions(${definitions} -DNDEBUG)
include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
include_directories("${PROJECT_SOURCE_DIR}/include" "${PROJECT_BINARY_DIR}/include"
                    "${PROJECT_SOURCE_DIR}/runtime/include")
