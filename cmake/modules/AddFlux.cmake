# AddFlux.cmake - what Flux's own targets have in common.

# add_flux_library(NAME sources... [DEPENDS generated...] [LINK_LIBS libraries...] [MLIR_LIBS libraries...])
# A static library of the compiler. MLIR's own libraries come from the shared libMLIR, never from archives beside it.
function(add_flux_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK_LIBS;MLIR_LIBS" ${ARGN})
  add_mlir_library(${name} STATIC DISABLE_INSTALL ${ARG_UNPARSED_ARGUMENTS}
    DEPENDS ${ARG_DEPENDS}
    LINK_LIBS PUBLIC ${ARG_LINK_LIBS})
  mlir_target_link_libraries(${name} PUBLIC MLIRIR ${ARG_MLIR_LIBS})
  flux_precompile_headers(${name})
endfunction()

# add_flux_tool(NAME sources... LINK_LIBS libraries... [INSTALL])
function(add_flux_tool name)
  cmake_parse_arguments(ARG "INSTALL" "" "LINK_LIBS" ${ARGN})
  add_llvm_executable(${name} DISABLE_LLVM_LINK_LLVM_DYLIB ${ARG_UNPARSED_ARGUMENTS})
  llvm_update_compile_flags(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS})
  mlir_target_link_libraries(${name} PRIVATE MLIRIR)
  if(ARG_INSTALL)
    # LLVM's own rule would look for libMLIR beside the installed tool.
    set_target_properties(${name} PROPERTIES INSTALL_RPATH "${LLVM_LIBRARY_DIR}")
    install(TARGETS ${name} RUNTIME DESTINATION bin)
    if(FLUX_COMPILER_SANITIZER STREQUAL "address")
      target_sources(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tools/asan-options.cpp")
    endif()
  endif()
endfunction()

# Parses MLIR's largest common headers once for the libraries that all include them.
# The first caller makes the precompiled header, the others reuse it.
function(flux_precompile_headers name)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    return()
  endif()
  set(target ${name})
  if(TARGET obj.${name})
    set(target obj.${name})
  endif()
  target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  get_property(owner GLOBAL PROPERTY FLUX_PCH_OWNER)
  if(owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  else()
    target_precompile_headers(${target} PRIVATE
      <mlir/IR/BuiltinOps.h> <mlir/IR/OpImplementation.h> <mlir/IR/SymbolTable.h> <mlir/Pass/Pass.h>)
    set_property(GLOBAL PROPERTY FLUX_PCH_OWNER ${target})
  endif()
endfunction()
