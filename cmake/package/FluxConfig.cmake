# FluxConfig.cmake - find_package(Flux): servers as part of another project. docs/Builds.md says how.
#
#   Flux::fluxc, Flux::flux-translate    the tools
#   Flux::MODEL                          the runtime of a model, for who links the pieces himself
#   flux_add_server()                    a server
cmake_minimum_required(VERSION 3.21)

# bin, lib and include stand beside each other, wherever that is.
get_filename_component(FLUX_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

foreach(tool fluxc flux-translate)
  if(NOT TARGET Flux::${tool})
    add_executable(Flux::${tool} IMPORTED GLOBAL)
    set_target_properties(Flux::${tool} PROPERTIES IMPORTED_LOCATION "${FLUX_PREFIX}/bin/${tool}")
  endif()
endforeach()

set(FLUX_MODELS @FLUX_MODELS@)
foreach(model IN LISTS FLUX_MODELS)
  if(NOT TARGET Flux::${model})
    add_library(Flux::${model} STATIC IMPORTED GLOBAL)
    set_target_properties(Flux::${model} PROPERTIES
      IMPORTED_LOCATION "${FLUX_PREFIX}/lib/libflux-${model}.a"
      INTERFACE_INCLUDE_DIRECTORIES "${FLUX_PREFIX}/include"
      INTERFACE_LINK_LIBRARIES pthread
      INTERFACE_LINK_OPTIONS -rdynamic) # Backtraces name functions by the dynamic symbol table.
  endif()
endforeach()

# The absolute paths of files that are named as add_executable() takes them.
function(_flux_absolute result)
  set(files)
  foreach(file IN LISTS ARGN)
    get_filename_component(file "${file}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    list(APPEND files "${file}")
  endforeach()
  set(${result} "${files}" PARENT_SCOPE)
endfunction()

# flux_add_server(NAME SERVER FILE.flux NODES source... [MODEL model] [OPTIONS option...] [INCLUDE_DIRECTORIES directory...]
#                 [LIBRARIES library...])
#
# Builds the server NAME with fluxc, again where a node, a header, the program or Flux itself has changed. NAME is an
# executable to add_test() and $<TARGET_FILE:NAME>. OPTIONS are fluxc's; a library is a target, a file, or a name as curl. The nodes
# are in compile_commands.json, with the header that they include, where CMAKE_EXPORT_COMPILE_COMMANDS is set.
function(flux_add_server name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "SERVER;MODEL" "NODES;OPTIONS;INCLUDE_DIRECTORIES;LIBRARIES")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "flux_add_server(${name}): unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT ARG_SERVER OR NOT ARG_NODES)
    message(FATAL_ERROR "flux_add_server(${name}): needs SERVER with a .flux file and NODES with sources")
  endif()
  if(ARG_MODEL AND NOT ARG_MODEL IN_LIST FLUX_MODELS)
    message(FATAL_ERROR "flux_add_server(${name}): unknown model '${ARG_MODEL}'; the models are ${FLUX_MODELS}")
  endif()
  _flux_absolute(program ${ARG_SERVER})
  _flux_absolute(nodes ${ARG_NODES})
  _flux_absolute(directories ${ARG_INCLUDE_DIRECTORIES})
  list(TRANSFORM directories PREPEND -I OUTPUT_VARIABLE includes)
  set(model ${ARG_MODEL})
  if(NOT model)
    list(GET FLUX_MODELS 0 model)
  endif()

  set(libraries)
  set(made)
  foreach(library IN LISTS ARG_LIBRARIES)
    if(TARGET ${library})
      list(APPEND libraries "$<TARGET_FILE:${library}>")
      list(APPEND made ${library})
    elseif(library MATCHES "^-" OR IS_ABSOLUTE "${library}")
      list(APPEND libraries "${library}")
    else()
      list(APPEND libraries "-l${library}")
    endif()
  endforeach()

  get_filename_component(stem "${program}" NAME_WE)
  set(directory "${CMAKE_CURRENT_BINARY_DIR}")
  if(CMAKE_RUNTIME_OUTPUT_DIRECTORY)
    set(directory "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  endif()
  set(output "${directory}/${name}")
  set(work "${CMAKE_CURRENT_BINARY_DIR}/${name}.flux")
  file(MAKE_DIRECTORY "${directory}" "${work}")

  # For editors; the build has its own.
  add_custom_command(OUTPUT "${work}/${stem}.flux.h"
    COMMAND Flux::flux-translate --flux-to-header ${includes} "${program}" -o "${work}/${stem}.flux.h"
    DEPENDS "${program}" Flux::flux-translate
    COMMENT "Writing ${stem}.flux.h"
    VERBATIM)
  # What stands for the server in the build is another file: CMake takes the path of an imported executable for that target.
  set(stamp "${work}/${name}.built")
  add_custom_command(OUTPUT "${stamp}" BYPRODUCTS "${output}"
    COMMAND Flux::fluxc "${program}" ${nodes} --model=${model} ${includes}
      "$<$<CONFIG:Debug>:-O0;-g>" "$<$<CONFIG:RelWithDebInfo>:-O2;-g>" ${ARG_OPTIONS} ${libraries}
      -MD -MF "${work}/${name}.d" -MT "${stamp}" -o "${output}"
    COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
    DEPENDS "${program}" ${nodes} ${made} Flux::fluxc "${FLUX_PREFIX}/lib/libflux-${model}.a"
    DEPFILE "${work}/${name}.d"
    COMMENT "Building the Flux server ${name}"
    COMMAND_EXPAND_LISTS
    VERBATIM)
  add_custom_target(${name}-server ALL DEPENDS "${stamp}" "${work}/${stem}.flux.h")
  add_executable(${name} IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION "${output}")
  add_dependencies(${name} ${name}-server)

  # Never built, so that fluxc compiles the nodes once. CMake has commands for the languages that the project has enabled.
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT "CXX" IN_LIST languages)
    list(FILTER nodes INCLUDE REGEX "\\.c$")
  endif()
  if(NOT "C" IN_LIST languages)
    list(FILTER nodes EXCLUDE REGEX "\\.c$")
  endif()
  if(NOT nodes)
    return()
  endif()
  add_library(${name}-nodes OBJECT EXCLUDE_FROM_ALL ${nodes})
  get_filename_component(beside "${program}" DIRECTORY)
  target_include_directories(${name}-nodes PRIVATE "${work}" "${beside}" ${directories} "${FLUX_PREFIX}/include")
  foreach(flag IN LISTS ARG_OPTIONS)
    if(flag MATCHES "^-std=")
      string(FIND "${flag}" "++" cxx)
      set(language C)
      if(NOT cxx EQUAL -1)
        set(language CXX)
      endif()
      target_compile_options(${name}-nodes PRIVATE "$<$<COMPILE_LANGUAGE:${language}>:${flag}>")
    elseif(flag MATCHES "^-[DUIfmWOg]" AND NOT flag MATCHES "^-Wl,")
      target_compile_options(${name}-nodes PRIVATE "${flag}")
    endif()
  endforeach()
endfunction()
