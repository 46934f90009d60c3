# Turns what is installed into what Debian expects in a package. Run by CPack.
set(root "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr")

# Debian wants no absolute paths there; its LLVM is beside the tools, and what FluxClang needs is found without. flux-check is linked
# by OCaml's compiler: it needs no LLVM, has no path to it, and is not stripped by CPack, which does that to targets of CMake alone.
file(GLOB programs "${root}/bin/*")
foreach(program IN LISTS programs)
  file(READ "${program}" magic LIMIT 4 HEX)
  if(NOT magic STREQUAL "7f454c46")
    continue()
  endif()
  execute_process(COMMAND strip "${program}" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND readelf --dynamic "${program}" OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
  if(dynamic MATCHES "R(UN)?PATH")
    file(RPATH_SET FILE "${program}" NEW_RPATH "$ORIGIN/../lib/llvm-${CPACK_FLUX_LLVM_VERSION}/lib")
  endif()
endforeach()
file(GLOB libraries "${root}/lib/flux/*.so")
foreach(library IN LISTS libraries)
  file(RPATH_REMOVE FILE "${library}")
endforeach()

# pkg-config looks there for other architectures, too.
set(pkgconfig "${root}/lib/${CPACK_FLUX_MULTIARCH}/pkgconfig")
file(MAKE_DIRECTORY "${root}/lib/${CPACK_FLUX_MULTIARCH}")
file(RENAME "${root}/lib/pkgconfig" "${pkgconfig}")
file(GLOB modules "${pkgconfig}/*.pc")
foreach(module IN LISTS modules)
  file(READ "${module}" text)
  string(REPLACE "prefix=\${pcfiledir}/../.." "prefix=/usr" text "${text}")
  file(WRITE "${module}" "${text}")
endforeach()

file(GLOB texts "${root}/share/man/man1/*.1" "${root}/share/doc/flux/changelog")
foreach(text IN LISTS texts)
  execute_process(COMMAND gzip -9n "${text}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(GLOB archives "${root}/lib/*.a")
foreach(archive IN LISTS archives)
  execute_process(COMMAND strip --strip-debug --remove-section=.comment --remove-section=.note "${archive}"
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
